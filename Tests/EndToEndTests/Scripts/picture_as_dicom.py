#!/usr/bin/env python3
"""Writes the pixels of a grey or RGB picture as a DICOM object of endoscopy.

usage: picture_as_dicom.py PICTURE FILE
"""
import sys

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

pixels = np.asarray(Image.open(sys.argv[1]))
data = Dataset()
data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.1"
data.SOPInstanceUID = "1.2.826.0.1.3680043.8.498.9.3"
data.StudyInstanceUID, data.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.9.1", "1.2.826.0.1.3680043.8.498.9.2"
data.Modality, data.PatientID = "ES", "made"
data.Rows, data.Columns = pixels.shape[:2]
data.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
data.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
if pixels.ndim == 3:
    data.PlanarConfiguration = 0
data.BitsAllocated = data.BitsStored = 8
data.HighBit, data.PixelRepresentation = 7, 0
raw = pixels.astype(np.uint8).tobytes()
data.PixelData = raw + b"\0" * (len(raw) % 2)
data["PixelData"].VR = "OB"
data.file_meta = FileMetaDataset()
data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
data.save_as(sys.argv[2], enforce_file_format=True)
