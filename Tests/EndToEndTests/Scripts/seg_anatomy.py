#!/usr/bin/env python3
"""Compares a SEG of the phantom study with the truth; prints Dice and centroids (LPS mm) by label name as JSON.

usage: seg_anatomy.py SEG SERIES_FOLDER BUNDLE TRUTH.nii.gz
"""
import json
import sys

import nibabel
import numpy as np

import segmentation
from series import Series, sample

path, folder, bundle, truth_path = sys.argv[1:]
series, seg, names = Series(folder), segmentation.read(path), segmentation.label_names(bundle)
labels = segmentation.labels_over(seg, series, names)
positions = series.positions()
image = nibabel.load(truth_path)
truth = sample(np.asarray(image.dataobj), image.affine, positions)
result = {}
for value, name in names.items():
    if value == 0:
        continue
    found, real = labels == value, truth == value
    result[name] = {
        "dice": float(2 * (found & real).sum() / max(1, found.sum() + real.sum())),
        "centroid": positions[found].mean(axis=0).tolist() if found.any() else None,
    }
print(json.dumps(result))
