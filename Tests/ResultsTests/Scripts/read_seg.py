#!/usr/bin/env python3
"""Reads a SEG with highdicom and compares it with a label map and with its source images; prints JSON.

usage: read_seg.py SEG LABELS.u16 X Y Z SOURCE...   (the label of (x, y, z) is at (x * Y + y) * Z + z; sources by slice)
"""
import json
import sys

import highdicom as hd
import numpy as np
import pydicom

path, labels, x, y, z, *sources = sys.argv[1:]
x, y, z = int(x), int(y), int(z)
labels = np.fromfile(labels, "<u2").reshape(x, y, z)
seg = hd.seg.segread(path)
images = [pydicom.dcmread(s, stop_before_pixels=True) for s in sources]
uids = [i.SOPInstanceUID for i in images]

by_source = seg.get_pixels_by_source_instance(
    uids, combine_segments=True, assert_missing_frames_are_empty=True, skip_overlap_checks=False)
expected = labels.transpose(2, 1, 0)
different = int((by_source != expected).sum())

# The same by geometry: each foreground voxel's place in space, from highdicom's affine and from the source's position.
volume = seg.get_volume(combine_segments=True)
indices = np.argwhere(volume.array != 0)
places = indices @ volume.affine[:3, :3].T + volume.affine[:3, 3]
direction = np.array(images[0].ImageOrientationPatient, float)
spacing = np.array(images[0].PixelSpacing, float)
k, j, i = np.nonzero(expected)
positions = np.array([np.array(m.ImagePositionPatient, float) for m in images])
wanted = positions[k] + np.outer(i, direction[:3] * spacing[1]) + np.outer(j, direction[3:] * spacing[0])
order = lambda p, v: np.lexsort(np.round(np.c_[v, p], 3).T)
values, found = expected[k, j, i], volume.array[tuple(indices.T)]
same_count = len(places) == len(wanted)
off = float(np.abs(places[order(places, found)] - wanted[order(wanted, values)]).max()) if same_count else -1.0

equipment = [
    [i.PurposeOfReferenceCodeSequence[0].CodeValue if "PurposeOfReferenceCodeSequence" in i else "",
     i.get("Manufacturer", ""), i.get("ManufacturerModelName", ""), i.get("SoftwareVersions", ""), i.get("DeviceUID", "")]
    for i in seg.get("ContributingEquipmentSequence", [])]
compared = ["PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyID", "StudyDate",
            "AccessionNumber", "ReferringPhysicianName", "StudyDescription", "SpecificCharacterSet",
            "FrameOfReferenceUID"]
raw = lambda d, k: bytes(v) if isinstance(v := d.get_item(k).value, bytes) else str(v).encode()
seg_raw = pydicom.dcmread(path, stop_before_pixels=True)
changed = [k for k in compared if k in images[0] and raw(seg_raw, k) != raw(pydicom.dcmread(sources[0]), k)]
print(json.dumps({
    "different": different, "off": off, "frames": int(seg.NumberOfFrames), "changed": changed,
    "name": str(seg.PatientName), "sourceName": str(images[0].PatientName),
    "segments": [d.segment_label for d in seg.SegmentSequence and
                 [seg.get_segment_description(n) for n in seg.segment_numbers]],
    "tracking": [list(t) for t in seg.get_tracking_ids()], "equipment": equipment,
    "schemes": [i.CodingSchemeDesignator for i in seg.get("CodingSchemeIdentificationSequence", [])],
}))
