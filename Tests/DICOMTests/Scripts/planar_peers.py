#!/usr/bin/env python3
"""Reads one frame of DICOM files with pydicom and with DCMTK's dcmj2pnm; writes float32, width first; prints JSON.

usage: planar_peers.py LIST.json

LIST is a list of {name, path, colour}. For each, NAME.pydicom.f32 and, for colour images, NAME.dcmtk.f32 are written
beside the list where the peer reads the file. Prints a list of {name, pydicom, dcmtk}: whether there is one.
"""
import json
import pathlib
import subprocess
import sys
import warnings

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_modality_lut, pixel_array

warnings.simplefilter("ignore")
folder = pathlib.Path(sys.argv[1]).parent


def by_pydicom(path):
    data = pydicom.dcmread(path)
    try:
        pixels = pixel_array(data, index=0)
    except Exception:
        return None
    if pixels.ndim == 2:
        pixels = apply_modality_lut(pixels, data)
    return pixels


def by_dcmtk(path, out):
    run = subprocess.run(["dcmj2pnm", "--write-raw-pnm", path, out], capture_output=True)
    return np.asarray(Image.open(out).convert("RGB")) if run.returncode == 0 else None


results = []
for case in json.load(open(sys.argv[1])):
    found = dict(name=case["name"])
    peers = dict(pydicom=lambda: by_pydicom(case["path"]))
    if case["colour"]:
        peers["dcmtk"] = lambda: by_dcmtk(case["path"], str(folder / "peer.ppm"))
    for peer, read in peers.items():
        pixels = read()
        found[peer] = pixels is not None
        if pixels is not None:
            np.ascontiguousarray(np.swapaxes(pixels, 0, 1), dtype="<f4").tofile(folder / f"{case['name']}.{peer}.f32")
    results.append(found)
print(json.dumps(results))
