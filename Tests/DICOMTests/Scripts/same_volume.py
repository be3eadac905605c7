#!/usr/bin/env python3
"""Compares volumes with what dcm2niix makes of the same images, over the same points of space.

usage: same_volume.py LIST.json

LIST is a list of {name, raw, shape, affine, folder}: float32 values, their shape and RAS affine (16 numbers, row by
row), and the folder that dcm2niix is to read. Prints a list of {name, refused} or {name, largest, scale, affine,
shape}, in the same order.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

import nibabel
import numpy as np


def convert(folder, out):
    # Philips stores slopes of its own beside those of the standard; -p n takes the latter.
    command = ["dcm2niix", "-z", "n", "-b", "n", "-p", "n", "-f", "volume", "-o", out, folder]
    run = subprocess.run(command, capture_output=True, text=True)
    found = glob.glob(out + "/*.nii")
    if run.returncode != 0 or len(found) != 1:
        return None, f"dcm2niix ended with {run.returncode} and made {len(found)} files"
    return found[0], None


def compare(case, out):
    path, refused = convert(case["folder"], out)
    if refused:
        return dict(name=case["name"], refused=refused)
    affine = np.array(case["affine"], float).reshape(4, 4)
    volume = np.fromfile(case["raw"], "<f4").reshape(case["shape"])
    image = nibabel.load(path)
    values = np.asarray(image.dataobj, np.float32)
    if sorted(values.shape) != sorted(volume.shape):
        return dict(name=case["name"], refused=f"the other volume has the shape {list(values.shape)}")
    # Both grids hold the same points; only the order along an axis may differ.
    to = np.linalg.inv(image.affine) @ affine
    steps = np.rint(to[:3, :3]).astype(int)
    start = np.rint(to[:3, 3]).astype(int)
    indices = np.stack(np.meshgrid(*map(range, volume.shape), indexing="ij"), -1)
    at = indices @ steps.T + start
    if at.min() < 0 or (at.reshape(-1, 3).max(0) >= values.shape).any():
        return dict(name=case["name"], refused="the other volume lies elsewhere")
    matched = values[at[..., 0], at[..., 1], at[..., 2]]
    flipped = image.affine @ np.vstack([np.c_[steps, start], [0, 0, 0, 1]])
    return dict(
        name=case["name"], largest=float(np.abs(matched - volume).max()), scale=float(np.abs(values).max()),
        affine=float(np.abs(flipped - affine).max()), shape=list(values.shape))


results = []
for case in json.load(open(sys.argv[1])):
    with tempfile.TemporaryDirectory(dir=os.path.dirname(sys.argv[1])) as out:
        results.append(compare(case, out))
print(json.dumps(results))
