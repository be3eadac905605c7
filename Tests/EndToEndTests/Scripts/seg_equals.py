#!/usr/bin/env python3
"""Compares a SEG with a label map (NIfTI), voxel by voxel over the source series, and prints what it holds as JSON.

usage: seg_equals.py SEG SERIES_FOLDER BUNDLE LABELS.nii.gz...
"""
import json
import sys

import nibabel
import numpy as np

import segmentation
from series import Series, sample

path, folder, bundle, *maps = sys.argv[1:]
series, seg = Series(folder), segmentation.read(path)
labels = segmentation.labels_over(seg, series, segmentation.label_names(bundle))
positions = series.positions()
differing = []
for name in maps:
    image = nibabel.load(name)
    values = np.asarray(image.dataobj)
    while values.ndim > 3:
        assert values.shape[-1] == 1, f"{name} has {values.shape[-1]} channels"
        values = values[..., 0]
    differing.append(int((sample(values, image.affine, positions) != labels).sum()))

source = series.images[0]
copied = ["PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyID", "StudyDate",
          "StudyTime", "AccessionNumber", "ReferringPhysicianName", "SpecificCharacterSet", "FrameOfReferenceUID"]
purposes = [i for i in seg.get("ContributingEquipmentSequence", [])
            if i.PurposeOfReferenceCodeSequence[0].CodeMeaning == "Processing Algorithm"]
print(json.dumps({
    "differing": differing,
    "voxels": int(labels.size),
    "foreground": int((labels != 0).sum()),
    "framesWithForeground": int((labels != 0).any(axis=(1, 2)).sum()),
    "frames": int(seg.NumberOfFrames),
    "rows": int(seg.Rows), "columns": int(seg.Columns),
    "changedFromSource": [k for k in copied if seg.get(k) != source.get(k)],
    "sopInstanceUID": seg.SOPInstanceUID,
    "segments": [seg.get_segment_description(n).segment_label for n in seg.segment_numbers],
    "models": [[i.Manufacturer, i.ManufacturerModelName, i.SoftwareVersions, i.DeviceUID] for i in purposes],
}))
