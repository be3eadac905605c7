#!/usr/bin/env python3
"""Compares two NIfTI images: voxels that differ, the largest difference of the affines, shapes and types, as JSON.

usage: same_image.py A B
"""
import json
import sys

import nibabel
import numpy as np

a, b = (nibabel.load(path) for path in sys.argv[1:])
x, y = np.asarray(a.dataobj), np.asarray(b.dataobj)
print(json.dumps({
    "shapes": [list(x.shape), list(y.shape)],
    "types": [str(x.dtype), str(y.dtype)],
    "differing": int((x != y).sum()) if x.shape == y.shape else -1,
    "foreground": int((y != 0).sum()),
    "affine": float(np.abs(a.affine - b.affine).max()),
}))
