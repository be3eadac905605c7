"""Seeded images for bundles: small, anisotropic, oblique, integers, with structure at several scales."""

import nibabel
import numpy as np
from PIL import Image


def oblique(spacing, angles=(0.06, -0.04, 0.09), origin=(-71.25, 38.5, -112.75)):
    """An affine of three small turns; x and y run against RAS as those of most CT series do."""
    a, b, c = angles
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = np.diag([-1, -1, 1]) @ rz @ ry @ rx @ np.diag(spacing)
    matrix[:3, 3] = origin
    return matrix


def volume(shape, rng, low=-1000, high=1000):
    """int16 values: a body with organs in it, waves and noise."""
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij"))
    values = np.full(shape, float(low))
    body = (grid ** 2).sum(axis=0) < 0.9
    values[body] = 0.3 * high * rng.uniform(-0.2, 0.2)
    for _ in range(7):
        centre, radius = rng.uniform(-0.6, 0.6, size=(3, 1, 1, 1)), rng.uniform(0.1, 0.4)
        values[((grid - centre) ** 2).sum(axis=0) < radius**2] = rng.uniform(-0.3, 0.6) * high
    waves = sum(np.sin(rng.uniform(2, 9) * grid[axis] + rng.uniform(0, 6)) for axis in range(3))
    values[body] += (0.06 * high * waves + 0.03 * high * rng.normal(size=shape))[body]
    return np.clip(np.round(values), low, high).astype(np.int16)


def save_volume(path, values, matrix):
    """Writes a NIfTI file of int16 with its affine as sform."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = nibabel.Nifti1Image(values, matrix)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, path)


def picture(size, rng, channels):
    """uint8 values, height first: blots, waves and noise."""
    width, height = size
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    planes = []
    for _ in range(channels):
        plane = 110 + 50 * np.sin(rng.uniform(2, 7) * x + rng.uniform(0, 6)) * np.cos(rng.uniform(2, 7) * y)
        for _ in range(5):
            u, v, r = rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0.8), rng.uniform(0.05, 0.35)
            plane[(x - u) ** 2 + (y - v) ** 2 < r**2] = rng.uniform(0, 255)
        planes.append(plane + 8 * rng.normal(size=plane.shape))
    values = np.clip(np.round(np.stack(planes, axis=-1)), 0, 255).astype(np.uint8)
    return values[:, :, 0] if channels == 1 else values


def save_picture(path, values):
    """Writes a PNG file: grey or RGB."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values).save(path)


def make(profile, folder, seed=11):
    """Writes the input of a bundle; gives the item of its dataset."""
    rng = np.random.default_rng(seed)
    kind, size = profile["input"], profile["size"]
    if kind == "picture":
        path = folder / "picture.png"
        save_picture(path, picture(size, rng, profile["channels"][0]))
        return {"image": str(path), **profile.get("others", {})}
    low, high = profile.get("range", (-1000, 1000))
    matrix = oblique(profile["spacing"])
    if kind == "volume":
        path = folder / "volume.nii.gz"
        save_volume(path, volume(size, rng, low, high), matrix)
        return {"image": str(path)}
    if kind == "channels":
        paths = [folder / f"{name}.nii.gz" for name in profile["names"]]
        for path in paths:
            save_volume(path, volume(size, rng, low, high), matrix)
        return {"image": [str(path) for path in paths]}
    item = {}
    for name in profile["names"]:
        path = folder / f"{name}.nii.gz"
        save_volume(path, volume(size, rng, low, high), matrix)
        item[name] = str(path)
    for name in profile.get("labels", ()):
        path = folder / f"{name}.nii.gz"
        save_volume(path, (volume(size, rng) > 100).astype(np.int16), matrix)
        item[name] = str(path)
    return item
