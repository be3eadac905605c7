"""A CT series as pydicom reads it, and as an array on its grid; independent of Portico."""
from pathlib import Path

import numpy as np
import pydicom


class Series:
    """The images of one series below a folder, sorted by position along their normal."""

    def __init__(self, folder, modality="CT"):
        found = [pydicom.dcmread(path) for path in sorted(Path(folder).rglob("*.dcm"))]
        images = [d for d in found if d.Modality == modality and "PixelData" in d]
        series = {d.SeriesInstanceUID for d in images}
        if len(series) > 1:  # a localizer beside the volume: the series with the most images is meant
            counts = {uid: sum(d.SeriesInstanceUID == uid for d in images) for uid in series}
            images = [d for d in images if d.SeriesInstanceUID == max(counts, key=counts.get)]
        row, column = np.array(images[0].ImageOrientationPatient, float).reshape(2, 3)
        self.normal = np.cross(row, column)
        self.images = sorted(images, key=lambda d: np.dot(np.array(d.ImagePositionPatient, float), self.normal))
        self.instances = [d.SOPInstanceUID for d in self.images]

    def affine(self):
        """Voxel (column, row, slice) to RAS mm, 4 x 4, float64."""
        first, last = self.images[0], self.images[-1]
        row, column = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
        start, end = (np.array(d.ImagePositionPatient, float) for d in (first, last))
        affine = np.eye(4)
        affine[:3, 0] = row * float(first.PixelSpacing[1])
        affine[:3, 1] = column * float(first.PixelSpacing[0])
        affine[:3, 2] = (end - start) / (len(self.images) - 1)
        affine[:3, 3] = start
        return np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine

    def hounsfield(self):
        """The values as float32, [column, row, slice]."""
        slices = [d.pixel_array.T.astype(np.float64) * float(d.RescaleSlope) + float(d.RescaleIntercept)
                  for d in self.images]
        return np.stack(slices, axis=-1).astype(np.float32)

    def positions(self):
        """LPS mm of every pixel of every image: [slice, row, column, 3]."""
        result = []
        for d in self.images:
            row, column = np.array(d.ImageOrientationPatient, float).reshape(2, 3)
            r, c = np.meshgrid(np.arange(d.Rows), np.arange(d.Columns), indexing="ij")
            result.append(np.array(d.ImagePositionPatient, float) + c[..., None] * row * float(d.PixelSpacing[1])
                          + r[..., None] * column * float(d.PixelSpacing[0]))
        return np.stack(result)


def sample(volume, affine, positions):
    """The values of `volume` at LPS positions, all of which must be centres of its voxels."""
    ras = positions * [-1.0, -1.0, 1.0]
    inverse = np.linalg.inv(affine)
    index = ras @ inverse[:3, :3].T + inverse[:3, 3]
    nearest = np.rint(index)
    distance = np.abs(index - nearest).max()
    assert distance < 1e-2, f"the label map does not lie on the grid of the series: off by {distance} voxels"
    nearest = nearest.astype(int)
    assert (nearest >= 0).all() and (nearest < volume.shape[:3]).all(), "the label map is smaller than the series"
    return volume[nearest[..., 0], nearest[..., 1], nearest[..., 2]]
