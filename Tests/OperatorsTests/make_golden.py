#!/usr/bin/env python3
"""Makes Golden/vectors.npz: what MONAI 1.6.1 (torch 2.13, CPU) gives for cases that lie beside the usual road.

Run with a Python that has both: `make_golden.py`. Each case NAME has NAME.x and NAME.A (the image and its affine),
NAME.y and NAME.B (after the transform) and, where it can be undone, NAME.z and NAME.C (the inverse of y). The tests
hold the same arguments in GoldenVectorTests.swift. Inputs are seeded; images are integers, so the file stays small.
"""

import os

import numpy as np
import torch
from monai.data import MetaTensor
from monai.transforms import (
    Activationsd, AsDiscreted, Compose, Invertd, Orientationd, ScaleIntensityRanged, ScaleIntensityd, Spacingd,
)

rng = np.random.default_rng(20)
arrays = {}


def rotation(a, b, c):
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return rz @ ry @ rx


def affine(linear, translation=(11.5, -7.25, 40.125)):
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = translation
    return matrix


def case(name, shape, matrix, transform, nearest=None, channels=1):
    """Applies a transform; with `nearest` its inverse is applied to the negated result."""
    x = rng.integers(-900, 900, size=(channels, *shape)).astype(np.int16)
    arrays[f"{name}.x"], arrays[f"{name}.A"] = x, matrix
    data = transform({"image": MetaTensor(torch.tensor(x.astype(np.float32)), affine=torch.tensor(matrix))})
    arrays[f"{name}.y"], arrays[f"{name}.B"] = data["image"].numpy(), data["image"].affine.numpy()
    if nearest is None:
        return
    data["pred"] = MetaTensor(-data["image"].as_tensor(), meta=data["image"].meta)
    back = Invertd("pred", transform, "image", nearest_interp=nearest)(data)["pred"]
    arrays[f"{name}.z"], arrays[f"{name}.C"] = back.numpy(), back.affine.numpy()


def spacing(**arguments):
    return Compose([Spacingd("image", **arguments)])


sheared = affine(rotation(0.2, 0.1, -0.05) @ np.array([[0.8, 0.1, 0], [0, 0.9, 0.2], [0, 0, 3.0]]))
oblique = affine(rotation(-0.3, 0.15, 0.4) @ np.diag([0.8, 0.9, 2.5]))
plain = affine(np.diag([0.75, 1.25, 3.0]))

case("sheared", (12, 11, 6), sheared, spacing(pixdim=(1.5, 1.5, 2.0)), nearest=False)
case("oblique", (12, 11, 7), oblique, spacing(pixdim=(1.5, 1.1, 2.0)), nearest=False)
case("oblique_nearest", (12, 11, 7), oblique, spacing(pixdim=(1.5, 1.1, 2.0), mode="nearest"), nearest=True)
for millimetres in (0.5, 0.75, 1.0, 3.0):
    case(
        f"ties_{millimetres}", (14, 13, 9), affine(np.diag([millimetres] * 3)),
        spacing(pixdim=(1.5, 1.5, 1.5), mode="nearest"), nearest=True,
    )
case("ties_flipped", (15, 12, 8), affine(np.diag([-0.75, -3.0, 1.0])),
     Compose([Orientationd("image", "RAS"), Spacingd("image", (1.5, 1.5, 1.5), mode="nearest")]), nearest=True)
case("slice", (13, 12, 1), plain, spacing(pixdim=(1.0, 1.0, 1.0)), nearest=False)
case("row", (1, 1, 12), plain, spacing(pixdim=(1.0, 2.0, 1.0)), nearest=True)
for padding in ("zeros", "reflection"):
    case(f"{padding}", (9, 8, 7), sheared, spacing(pixdim=(1.2, 0.7, 2.2), padding_mode=padding), nearest=False)
    case(f"{padding}_aligned", (9, 8, 7), oblique,
         spacing(pixdim=(1.2, 0.7, 2.2), padding_mode=padding, align_corners=True), nearest=False)
case("aligned", (9, 8, 7), plain, spacing(pixdim=(1.2, 0.7, 2.2), align_corners=True), nearest=False)
case("aligned_nearest", (9, 8, 7), plain, spacing(pixdim=(1.2, 0.7, 1.5), align_corners=True, mode="nearest"))
case("extent", (9, 8, 7), plain, spacing(pixdim=(1.2, 0.7, 2.2), scale_extent=True, align_corners=True))
case("diagonal", (9, 8, 7), oblique, spacing(pixdim=(1.2, 0.9, 2.2), diagonal=True), nearest=False)
case("one_pixdim", (9, 8, 7), plain, spacing(pixdim=1.0))
case("two_pixdims", (9, 8, 7), plain, spacing(pixdim=[1.0, 2.0]))
case("kept_axis", (9, 8, 7), plain, spacing(pixdim=[1.0, -1.0, 3.0005]))
case("bounds", (9, 8, 7), plain, spacing(pixdim=[1.0, 1.0, 1.0], min_pixdim=[0.7, 1.0, 1.0], max_pixdim=[1, 2, 2]))
case("unchanged", (9, 8, 7), plain, spacing(pixdim=[0.7505, 1.2495, 3.0]), nearest=False)
case("channels", (7, 6, 5), plain, spacing(pixdim=(1.0, 1.0, 2.0)), nearest=False, channels=3)
case("half_shape", (8, 10, 12), affine(np.diag([0.75, 0.75, 0.75])), spacing(pixdim=(1.5, 1.5, 1.5)), nearest=False)

permuted = affine(rotation(0.1, -0.2, 0.15)[:, [2, 0, 1]] @ np.diag([0.8, -0.9, 2.5]))
for codes in ("RAS", "LPS", "PIR", "SLA"):
    case(f"orient_{codes}", (5, 6, 7), permuted, Compose([Orientationd("image", codes)]), nearest=True)
case("closest", (5, 6, 7), permuted, Compose([Orientationd("image", as_closest_canonical=True)]), nearest=True)

image = {"image": MetaTensor(torch.tensor(rng.integers(-900, 900, size=(2, 6, 5, 4)).astype(np.float32)))}
arrays["intensity.x"] = image["image"].numpy().astype(np.int16)
for name, transform in {
    "range": ScaleIntensityRanged("image", -963.8247715525971, 1053.678477684517, 0, 1, True),
    "range_open": ScaleIntensityRanged("image", -175, 250),
    "range_below": ScaleIntensityRanged("image", -175, 250, b_min=0.1, clip=True),
    "range_point": ScaleIntensityRanged("image", 40, 40, 1.5, 2, True),
    "stretch": ScaleIntensityd("image"),
    "stretch_channels": ScaleIntensityd("image", minv=-1, maxv=1, channel_wise=True),
    "factor": ScaleIntensityd("image", minv=None, maxv=None, factor=0.3),
}.items():
    arrays[f"{name}.y"] = transform(dict(image))["image"].numpy()

logits = torch.tensor((rng.normal(size=(5, 6, 5, 4)) * 4).astype(np.float32))
logits[0, 0, 0, 0] = 200.0
logits[1, 0, 0, 1] = -200.0
logits[2, 0, 0, 2] = logits[3, 0, 0, 2] = 50.0
arrays["logits.x"] = logits.numpy()
for name, transform in {
    "softmax": Activationsd("pred", softmax=True),
    "sigmoid": Activationsd("pred", sigmoid=True),
    "argmax": AsDiscreted("pred", argmax=True),
    "argmax_onehot": AsDiscreted("pred", argmax=True, to_onehot=5),
    "threshold": AsDiscreted("pred", threshold=0.5),
    "rounding": AsDiscreted("pred", rounding="torchrounding"),
}.items():
    arrays[f"{name}.y"] = transform({"pred": MetaTensor(logits.clone())})["pred"].numpy()

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Golden")
os.makedirs(folder, exist_ok=True)
np.savez_compressed(os.path.join(folder, "vectors.npz"), **arrays)
print(len(arrays), "arrays,", os.path.getsize(os.path.join(folder, "vectors.npz")), "bytes")
