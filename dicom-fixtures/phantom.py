#!/usr/bin/env python3
"""Makes abdominal CT phantoms: ellipsoid organs in a body of fat, muscle and bone, on a table. Not for clinical use.

Coordinates. Everything here is in the DICOM patient system (LPS), in millimetres: +x to the patient's left,
+y to the back, +z to the head. NIfTI files get the same grid in RAS (x and y negated), so the liver (patient's
right) lies at positive x there. Arrays are indexed [column, row, slice] unless a function says otherwise.

One seed fixes the patient; the options change only how the scanner samples that patient (spacing, matrix, tilt,
slice order), so the truth is always computed at the centres of the very voxels that are written.
Labels: 0 background, 1 liver, 2 spleen, 3 left kidney, 4 right kidney.
"""
import argparse
import gzip
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

import phantom_dicom

LABELS = {0: "background", 1: "liver", 2: "spleen", 3: "left kidney", 4: "right kidney"}
LIVER, SPLEEN, LEFT_KIDNEY, RIGHT_KIDNEY = 1, 2, 3, 4
FAT_HU, LUNG_HU, AIR_HU, GAS_HU = -100.0, -850.0, -1000.0, -900.0


@dataclass(frozen=True)
class Ellipsoid:
    """A solid: `centre` and `semi` (semi-axes) in mm, `turn` its rotation. `rim` mm of fat is cut around it."""

    centre: np.ndarray
    semi: np.ndarray
    turn: Rotation
    hu: float
    label: int = 0
    rim: float = 0.0

    def contains(self, points, grow=0.0):
        """True where a point lies inside the solid enlarged by `grow` mm; `points` is (3, ...) in mm."""
        local = self.turn.inv().as_matrix().astype(np.float32)
        matrix = local / (self.semi + grow).astype(np.float32)[:, None]
        offset = matrix @ self.centre.astype(np.float32)
        radius = np.zeros(points.shape[1:], np.float32)
        for row, shift in zip(matrix, offset):
            radius += (row[0] * points[0] + row[1] * points[1] + row[2] * points[2] - shift) ** 2
        return radius < 1


@dataclass(frozen=True)
class Anatomy:
    """One patient. `body` holds the body's half width and half depth in mm, `wall` the fat and muscle thickness."""

    body: np.ndarray
    wall: np.ndarray
    dome: float
    rib_phase: float
    muscle_hu: float
    solids: tuple
    pose: Rotation
    shift: np.ndarray
    noise_hu: float


@dataclass(frozen=True)
class Grid:
    """Where the scanner samples: `axes` has the unit vectors of growing column, row and slice index as its columns."""

    origin: np.ndarray
    axes: np.ndarray
    spacing: np.ndarray
    shape: tuple

    def affine(self):
        """4 x 4 matrix from voxel index (column, row, slice) to LPS mm."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.axes * self.spacing
        matrix[:3, 3] = self.origin
        return matrix

    def points(self):
        """LPS mm of every voxel centre, shape (3, columns, rows, slices), float32."""
        i, j, k = (np.arange(n, dtype=np.float32) for n in self.shape)
        m = self.affine().astype(np.float32)
        return np.stack([m[a, 0] * i[:, None, None] + m[a, 1] * j[:, None] + m[a, 2] * k + m[a, 3] for a in range(3)])


def _solid(rng, centre, semi, hu, label=0, rim=0.0, turn=(0, 0, 0), jitter=7.0):
    """An ellipsoid with its place (`jitter` mm), size (12 %), tilt (`turn` and 8 degrees) and HU varied at random."""
    centre = np.asarray(centre, float) + rng.uniform(-jitter, jitter, 3)
    semi = np.asarray(semi, float) * rng.uniform(0.88, 1.12, 3)
    angles = np.asarray(turn, float) + rng.uniform(-8, 8, 3)
    return Ellipsoid(centre, semi, Rotation.from_euler("xyz", angles, degrees=True), hu + rng.normal(0, 5), label, rim)


def _bowel(rng, scale):
    """Loops in the front lower belly, with the HU of organs; some hold a gas pocket at their front."""
    loops = []
    for _ in range(rng.integers(7, 12)):
        centre = np.array([rng.uniform(-95, 95), rng.uniform(-70, 5), rng.uniform(-100, -15)]) * scale
        semi = rng.uniform(12, 28, 3)
        loops.append(_solid(rng, centre, semi, rng.uniform(35, 65), rim=2.5))
        if rng.random() < 0.4:
            loops.append(_solid(rng, centre - [0, 0.5 * semi[1], 0], semi * 0.5, GAS_HU, jitter=1))
    return loops


def _organs(rng, scale):
    """The labelled organs and their neighbours, back to front in painting order: later solids cover earlier ones."""
    at = lambda *mm: np.array(mm, float) * scale
    stomach = at(50, -42, 40)
    yield from _bowel(rng, scale)
    yield _solid(rng, stomach, at(42, 36, 38), rng.uniform(30, 60), rim=3)
    yield _solid(rng, stomach - [0, 20, 0], at(22, 10, 20), GAS_HU, jitter=3)
    yield _solid(rng, at(-20, -12, -5), at(38, 12, 14), 50, rim=3, turn=(0, 0, 20))  # pancreas and duodenum
    lobe_hu = 58 + rng.normal(0, 5)
    right, left = at(-82, -12, 32), at(-22, -52, 45)
    yield _solid(rng, right, at(62, 78, 74), lobe_hu, LIVER, rim=3)
    yield _solid(rng, left, at(58, 32, 40), lobe_hu, LIVER, rim=0)
    yield _solid(rng, at(-52, -58, -2), at(15, 17, 24), 12, rim=0)  # gall bladder
    yield _solid(rng, at(98, 34, 42), at(26, 42, 52), 55, SPLEEN, rim=5, turn=(0, 0, 20))
    yield _solid(rng, at(33, 50, -70), at(17, 18, 75), 55, rim=2, jitter=3)  # psoas muscles
    yield _solid(rng, at(-33, 50, -70), at(17, 18, 75), 55, rim=2, jitter=3)
    yield _solid(rng, at(66, 48, -14), at(29, 27, 54), 54, LEFT_KIDNEY, rim=6, turn=(0, 10, 0))
    yield _solid(rng, at(-66, 48, -28), at(29, 27, 54), 54, RIGHT_KIDNEY, rim=6, turn=(0, -10, 0))
    yield _solid(rng, at(12, 26, 0), at(11, 11, 400), 48, rim=2, jitter=3)  # aorta
    yield _solid(rng, at(-16, 26, 0), at(12, 9, 400), 48, rim=1, jitter=3)  # vena cava


def random_anatomy(seed):
    """The patient of this seed: every measure drawn at random around a plausible adult."""
    rng = np.random.default_rng([seed, 0])
    scale = rng.uniform(0.92, 1.08, 3)
    body = np.array([162.0, 115.0]) * scale[:2] * rng.uniform(1.0, 1.08)
    pose = Rotation.from_euler("xyz", rng.uniform(-5, 5, 3), degrees=True)
    return Anatomy(body=body, wall=np.array([rng.uniform(10, 24), rng.uniform(10, 16)]), dome=rng.uniform(78, 96),
                   rib_phase=rng.uniform(0, 28), muscle_hu=rng.uniform(50, 62), solids=tuple(_organs(rng, scale)),
                   pose=pose, shift=rng.uniform(-10, 10, 3), noise_hu=rng.uniform(8, 15))


def _bones(anatomy, x, y, z, hu, label):
    """Paints vertebrae (every 34 mm, discs between them), canal and spinous process over what is there."""
    back = 0.50 * anatomy.body[1]
    vertebra = np.where(np.abs((z + anatomy.rib_phase) % 34 - 17) < 13, 190.0, 85.0).astype(np.float32)
    bone = (x / 24) ** 2 + ((y - back) / 19) ** 2 < 1
    process = (np.abs(x) < 7) & (y > back + 20) & (y < back + 48)
    hu[bone] = vertebra[bone]
    hu[process] = 230
    hu[(x / 10) ** 2 + ((y - back - 22) / 9) ** 2 < 1] = 25
    label[bone | process] = 0


def _trunk(anatomy, x, y, z):
    """HU of the trunk without organs, and the mask of the belly's inside; the coordinates are the patient's, in mm."""
    depth = anatomy.body[1]
    radius = (np.abs(x / anatomy.body[0]) ** 2.4 + np.abs(y / depth) ** 2.4) ** (1 / 2.4)
    hu = np.full(x.shape, AIR_HU, np.float32)
    hu[radius < 1] = FAT_HU
    hu[radius < 1 - anatomy.wall[0] / depth] = anatomy.muscle_hu
    inside = 1 - anatomy.wall.sum() / depth
    slope = z - 0.45 * y + anatomy.rib_phase
    ribs = (np.abs(radius - inside - 0.04) < 0.025) & (slope % 28 < 10) & (z > -25)
    hu[ribs] = 320
    cavity = radius < inside
    hu[cavity] = FAT_HU
    hu[cavity & (z > anatomy.dome - 55 * radius**2)] = LUNG_HU
    for side in (-1, 1):  # back muscles
        hu[((x - side * 34) / 30) ** 2 + ((y - 0.50 * depth - 28) / 20) ** 2 < 1] = anatomy.muscle_hu
    return hu, radius < inside - 0.03


def paint(anatomy, points):
    """HU (float32) and label (uint8) of the patient and the table at `points`, shape (3, ...) in LPS mm."""
    turn = anatomy.pose.inv().as_matrix().astype(np.float32)
    flat = points.reshape(3, -1) - anatomy.shift.astype(np.float32)[:, None]
    patient = (turn @ flat).reshape(points.shape)
    hu, inside = _trunk(anatomy, *patient)
    label = np.zeros(hu.shape, np.uint8)
    for solid in anatomy.solids:
        if solid.rim:
            rim = solid.contains(patient, solid.rim) & inside & (hu > -500)
            hu[rim], label[rim] = FAT_HU, 0
        mask = solid.contains(patient) & inside
        hu[mask], label[mask] = solid.hu, solid.label
    _bones(anatomy, *patient, hu, label)
    x, y = points[0], points[1]
    gap = y - anatomy.body[1] - 22 + 0.0006 * x**2  # the table is curved, its middle lowest; it does not tilt
    table = (np.abs(x) < 210) & (gap > 0) & (gap < 24) & (hu < -900)
    hu[table] = np.where((gap[table] < 3) | (gap[table] > 21), 60, -880)
    return hu, label


def random_grid(anatomy, seed, oblique=None, anisotropic=False, reverse=False, feet_first=False, matrix=None):
    """The sampling grid of this seed.

    oblique: tilt in degrees about a random axis, or None. anisotropic: row and column spacing differ by a quarter or
    so. reverse: slice index grows towards the feet. feet_first: turned by 180 degrees about the front-back axis.
    matrix: (columns, rows, slices) or None for one that follows from a random spacing (in plane 1.4 to 2.9 mm, slices
    2 to 5 mm apart).
    """
    rng = np.random.default_rng([seed, 1])
    tilt_axis, spacing = rng.normal(size=3), np.array([0, 0, rng.uniform(2.0, 5.0)])
    spacing[:2] = rng.uniform(1.4, 2.4)
    stretch = rng.uniform(1.18, 1.3)
    if anisotropic:
        spacing[rng.integers(2)] *= stretch
    margin = 1.06 if oblique is None else 1.12
    extent = np.array([2 * anatomy.body[0] * margin + 24, 2 * anatomy.body[1] * margin + 70, rng.uniform(160, 184)])
    if matrix:
        shape = tuple(matrix)
        spacing = np.round(extent / shape, 3)
    else:
        spacing = np.round(spacing, 3)
        shape = tuple(int(n) for n in np.ceil(extent / spacing))
    axes = np.eye(3)
    if oblique is not None:
        axes = Rotation.from_rotvec(np.deg2rad(oblique) * tilt_axis / np.linalg.norm(tilt_axis)).as_matrix()
    if feet_first:
        axes = axes @ np.diag([-1.0, 1.0, -1.0])
    if reverse:
        axes = axes @ np.diag([1.0, 1.0, -1.0])
    centre = anatomy.shift + [0, 8, 0]
    origin = centre - (axes * spacing) @ ((np.array(shape) - 1) / 2)
    return Grid(np.round(origin, 4), axes, spacing, shape)


def localizer_grids(grid, size=64, pixel=6.0):
    """One coronal, one sagittal and one axial slice of `size` x `size` pixels through the centre of `grid`."""
    centre = (grid.affine() @ np.append((np.array(grid.shape) - 1) / 2, 1))[:3]
    columns_rows = {"coronal": ([1, 0, 0], [0, 0, -1]), "sagittal": ([0, 1, 0], [0, 0, -1]), "axial": ([1, 0, 0], [0, 1, 0])}
    for column, row in columns_rows.values():
        axes = np.array([column, row, np.cross(column, row)], float).T
        origin = np.round(centre - axes[:, :2] @ np.full(2, pixel * (size - 1) / 2), 4)
        yield Grid(origin, axes, np.array([pixel, pixel, 10.0]), (size, size, 1))


def scan(anatomy, grid, seed):
    """What the scanner sees: HU as int16 in -1024 ... 3071 and the label map as uint8, both [column, row, slice]."""
    hu, label = paint(anatomy, grid.points())
    rng = np.random.default_rng([seed, 2, *grid.shape])
    noise = gaussian_filter(rng.standard_normal(hu.shape, dtype=np.float32), (0.6, 0.6, 0))
    hu = gaussian_filter(hu, (0.5, 0.5, 0)) + noise * (anatomy.noise_hu / noise.std())
    return np.clip(np.rint(hu), -1024, 3071).astype(np.int16), label


def save_nifti(array, grid, path):
    """Writes [column, row, slice] voxels as NIfTI with the grid's affine in RAS; .gz without a time stamp."""
    image = nib.Nifti1Image(array, np.diag([-1.0, -1.0, 1.0, 1.0]) @ grid.affine())
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = b"Portico phantom, not for clinical use"
    data = image.to_bytes()
    Path(path).write_bytes(gzip.compress(data, 6, mtime=0) if str(path).endswith(".gz") else data)


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int, help="fixes the patient, the spacing and the noise")
    parser.add_argument("--oblique", type=float, metavar="DEG", help="tilt the grid by DEG degrees about a random axis")
    parser.add_argument("--anisotropic", action="store_true", help="row and column spacing differ")
    parser.add_argument("--reverse", action="store_true", help="slice order from head to feet")
    parser.add_argument("--feet-first", action="store_true", help="feet-first scan: grid turned about the front-back axis")
    parser.add_argument("--matrix", type=int, nargs=3, metavar=("COLUMNS", "ROWS", "SLICES"))
    parser.add_argument("--dicom", metavar="FOLDER", help="write the CT series as FOLDER/ct/*.dcm")
    parser.add_argument("--localizer", action="store_true", help="with --dicom: also a second series, FOLDER/localizer/*.dcm")
    parser.add_argument("--nifti", metavar="FILE", help="write the image as .nii or .nii.gz")
    parser.add_argument("--truth", metavar="FILE", help="write the label map as .nii or .nii.gz")
    return parser.parse_args()


def main():
    """Writes what the command line asks for and says what it was."""
    args = arguments()
    anatomy = random_anatomy(args.seed)
    grid = random_grid(anatomy, args.seed, args.oblique, args.anisotropic, args.reverse, args.feet_first, args.matrix)
    hu, label = scan(anatomy, grid, args.seed)
    if args.nifti:
        save_nifti(hu, grid, args.nifti)
    if args.truth:
        save_nifti(label, grid, args.truth)
    if args.dicom:
        study = phantom_dicom.Study(args.seed, feet_first=args.feet_first)
        phantom_dicom.write_volume(study, hu, grid, Path(args.dicom) / "ct")
        if args.localizer:
            slices = [(scan(anatomy, g, args.seed)[0], g) for g in localizer_grids(grid)]
            phantom_dicom.write_localizer(study, slices, Path(args.dicom) / "localizer")
    voxel = abs(np.prod(grid.spacing)) / 1000
    print(f"seed {args.seed}: matrix {grid.shape}, spacing {grid.spacing} mm, HU {hu.min()} ... {hu.max()}")
    for value, name in list(LABELS.items())[1:]:
        print(f"  {value} {name}: {(label == value).sum() * voxel:.0f} ml")


if __name__ == "__main__":
    main()
