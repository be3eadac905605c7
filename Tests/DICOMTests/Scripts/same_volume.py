#!/usr/bin/env python3
"""Compares a volume with what dcm2niix makes of the same files, over the same points of space; prints JSON.

usage: same_volume.py VOLUME.f32 X Y Z AFFINE... FOLDER OUT   (16 numbers, RAS, row by row)
"""
import glob
import json
import subprocess
import sys

import nibabel
import numpy as np

path, x, y, z = sys.argv[1], *map(int, sys.argv[2:5])
affine = np.array(sys.argv[5:21], float).reshape(4, 4)
folder, out = sys.argv[21:]
volume = np.fromfile(path, "<f4").reshape(x, y, z)
run = subprocess.run(["dcm2niix", "-z", "n", "-b", "n", "-f", "volume", "-o", out, folder], capture_output=True, text=True)
found = glob.glob(out + "/*.nii")
assert run.returncode == 0 and len(found) == 1, run.stdout
image = nibabel.load(found[0])
values = np.asarray(image.dataobj, np.float32)
# Both grids hold the same points; only the order along an axis may differ.
to = np.linalg.inv(image.affine) @ affine
steps = np.rint(to[:3, :3]).astype(int)
indices = np.stack(np.meshgrid(range(x), range(y), range(z), indexing="ij"), -1)
at = indices @ steps.T + np.rint(to[:3, 3]).astype(int)
matched = values[at[..., 0], at[..., 1], at[..., 2]]
flipped = image.affine @ np.vstack([np.c_[steps, np.rint(to[:3, 3])], [0, 0, 0, 1]])
print(json.dumps({
    "largest": float(np.abs(matched - volume).max()), "scale": float(np.abs(values).max()),
    "affine": float(np.abs(flipped - affine).max()), "shape": list(values.shape)}))
