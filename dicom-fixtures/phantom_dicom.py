"""Writes phantom voxels as DICOM CT image series (explicit VR little endian). Not for clinical use."""
import hashlib
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

INTERCEPT = -1024
NOTICE = "not for clinical use"


def uid(*parts):
    """A UID under 2.25 that depends on `parts` alone, so the same command writes the same UIDs."""
    digest = hashlib.sha256("|".join(map(str, ("portico-phantom", *parts))).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


class Study:
    """The patient and study attributes that all series of one phantom share."""

    def __init__(self, seed, feet_first=False):
        self.seed = seed
        self.position = "FFS" if feet_first else "HFS"
        self.study_uid = uid("study", seed)
        self.frame_uid = uid("frame of reference", seed)

    def instance(self, series, number):
        """A data set with everything but the geometry and the pixels; `series` tells the study's series apart."""
        d = Dataset()
        d.SpecificCharacterSet = "ISO_IR 100"
        d.SOPClassUID = CTImageStorage
        d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = "PHANTOM^ABDOMEN", f"PHANTOM-{self.seed}", "", "O"
        d.PatientComments = f"Computed phantom, no patient; {NOTICE}"
        d.StudyInstanceUID, d.StudyID, d.AccessionNumber = self.study_uid, str(self.seed), f"PH{self.seed}"
        d.StudyDate = d.SeriesDate = d.AcquisitionDate = d.ContentDate = "20260101"
        d.StudyTime = d.SeriesTime = d.AcquisitionTime = d.ContentTime = "120000"
        d.ReferringPhysicianName, d.StudyDescription = "", f"Abdomen phantom, {NOTICE}"
        d.Modality, d.BodyPartExamined, d.PatientPosition = "CT", "ABDOMEN", self.position
        d.FrameOfReferenceUID, d.PositionReferenceIndicator = self.frame_uid, ""
        d.Manufacturer, d.ManufacturerModelName, d.SoftwareVersions = "Portico project", "phantom.py", "1"
        d.InstanceNumber = number
        d.AcquisitionNumber = 1
        d.KVP, d.ConvolutionKernel = "120", "PHANTOM"
        d.SeriesInstanceUID = uid("series", self.seed, series)
        d.SOPInstanceUID = uid("instance", self.seed, series, number)
        return d


def _add_image(d, pixels, grid, index):
    """Adds the plane geometry of slice `index` of `grid` and `pixels`, HU indexed [column, row]."""
    position = (grid.affine() @ [0, 0, index, 1])[:3]
    d.ImagePositionPatient = [f"{v:.6g}" for v in position]
    d.ImageOrientationPatient = [f"{v:.9f}" for v in grid.axes[:, :2].T.ravel()]
    d.PixelSpacing = [f"{grid.spacing[1]:.6g}", f"{grid.spacing[0]:.6g}"]
    d.SliceThickness = f"{grid.spacing[2]:.6g}"
    d.Columns, d.Rows = pixels.shape
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 0
    d.RescaleIntercept, d.RescaleSlope, d.RescaleType = str(INTERCEPT), "1", "HU"
    d.WindowCenter, d.WindowWidth = "40", "400"
    d.PixelData = np.ascontiguousarray((pixels - INTERCEPT).T.astype("<u2")).tobytes()
    d["PixelData"].VR = "OW"


def _save(d, path):
    """Writes one Part 10 file."""
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    path.parent.mkdir(parents=True, exist_ok=True)
    d.save_as(path, enforce_file_format=True)


def _series_key(kind, parts):
    """A name for the series that differs whenever the pixels or the grid do; `parts` holds (hu, grid)."""
    digest = hashlib.sha256(b"".join(np.round(grid.affine(), 4).tobytes() + hu.tobytes() for hu, grid in parts))
    return f"{kind} {digest.hexdigest()}"


def write_volume(study, hu, grid, folder):
    """One file per slice of `hu` ([column, row, slice]) in `folder`; instance numbers follow the slice index."""
    key = _series_key("ct", [(hu, grid)])
    for index in range(grid.shape[2]):
        d = study.instance(key, index + 1)
        d.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        d.SeriesNumber, d.SeriesDescription = 2, f"Abdomen phantom, {NOTICE}"
        _add_image(d, hu[:, :, index], grid, index)
        _save(d, Path(folder) / f"{index + 1:04d}.dcm")


def write_localizer(study, slices, folder):
    """A planning series of single planes in different directions; `slices` holds (hu [column, row, 1], grid)."""
    key = _series_key("localizer", slices)
    for number, (hu, grid) in enumerate(slices, start=1):
        d = study.instance(key, number)
        d.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
        d.SeriesNumber, d.SeriesDescription = 1, f"Localizer phantom, {NOTICE}"
        _add_image(d, hu[:, :, 0], grid, 0)
        d.RescaleType = "US"  # the values of a localizer are not to be read as HU
        _save(d, Path(folder) / f"{number:04d}.dcm")
