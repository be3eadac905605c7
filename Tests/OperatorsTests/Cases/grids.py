"""Orientation, Spacing, Resize, flips and turns."""

import numpy as np

from book import image

HALVES = ("ties_half", "ties_three_quarters", "ties_one", "ties_three")


def rotation(a, b, c):
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return rz @ ry @ rx


def affine(linear, translation=(11.5, -7.25, 40.125)):
    matrix = np.eye(4)
    matrix[:3, :3] = np.round(linear, 6)
    matrix[:3, 3] = translation
    return matrix


def add(book):
    rng = np.random.default_rng(42)
    for name, shape in {"block": (1, 9, 8, 6), "wide": (1, 11, 7, 5), "plane": (1, 12, 9), "rgbplane": (3, 9, 8),
                        "flat": (1, 9, 8, 1), "line": (1, 1, 1, 12)}.items():
        book.input(name, rng.integers(-900, 900, size=shape))
    book.matrix("sheared", affine(rotation(0.2, 0.1, -0.05) @ np.array([[0.8, 0.1, 0], [0, 0.9, 0.2], [0, 0, 3.0]])))
    book.matrix("oblique", affine(rotation(-0.3, 0.15, 0.4) @ np.diag([0.8, 0.9, 2.5])))
    book.matrix("tilted", affine(rotation(0.02, -0.01, 0.03) @ np.diag([-0.9, -0.9, 4.0])))
    book.matrix("permuted", affine(rotation(0.1, -0.2, 0.15)[:, [2, 0, 1]] @ np.diag([0.8, -0.9, 2.5])))
    book.matrix("sagittal", affine(np.array([[0, 0, 2.0], [-0.7, 0, 0], [0, 0.7, 0]])))
    book.matrix("lps", affine(np.diag([-0.75, -0.75, 3.0])))
    book.matrix("turned2d", affine(rotation(0, 0, 0.35) @ np.diag([0.8, 1.3, 1.0])))
    for name, size in zip(HALVES, (0.5, 0.75, 1.0, 3.0)):
        book.matrix(name, affine(np.diag([size] * 3), (-20.5, 13.0, 7.75)))
        book.matrix(f"{name}_flipped", affine(np.diag([-size, -size, size]), (20.5, 13.0, -7.75)))
    orientation(book)
    spacing(book)
    resize(book)
    flips(book)


def orientation(book):
    for number, matrix in enumerate(("plain", "oblique", "permuted", "sagittal", "lps", "tilted", "sheared")):
        for codes in ("RAS", "LPS", "PIR", "ASL")[number % 2 :: 2] + ("RAS",) * (number % 2):
            book.one("Orientation", f"{matrix}_{codes}", image("block" if number % 3 else "v2", affine=matrix),
                     inverse=number % 3 != 0, axcodes=codes)
    book.one("Orientation", "list", image("block", affine="sagittal"), form="dictionary", axcodes=["S", "L", "A"])
    book.one("Orientation", "closest", image("block", affine="permuted"), as_closest_canonical=True, inverse=True)
    book.one("Orientation", "closest_same", image("block", affine="plain"), as_closest_canonical=True, inverse=True)
    book.one("Orientation", "labels", image("block", affine="lps"), axcodes="RAS", form="dictionary",
             labels=[["L", "R"], ["P", "A"], ["I", "S"]])
    for matrix in ("plain", "lps", "turned2d", "unit"):
        for codes in ("RA", "LP", "PL"):
            book.one("Orientation", f"2d_{matrix}_{codes}", image("rgbplane", affine=matrix), axcodes=codes,
                     inverse=True if codes != "RA" else None)
    book.one("Orientation", "2d_upright", image("plane", affine="sagittal"), axcodes="RA", error="apply")
    book.one("Orientation", "2d_of_three", image("plane", affine="lps"), axcodes="RAS")
    book.one("Orientation", "too_few", image("block", affine="lps"), axcodes="RA", error="apply")
    book.one("Orientation", "unknown", image("block", affine="lps"), axcodes="RAX", error="apply")
    book.one("Orientation", "int16", image("block", "int16", affine="lps"), axcodes="RAS", inverse=True)


def spacing(book):
    for name in HALVES:
        for flipped in ("", "_flipped"):
            book.one("Spacing", f"{name}{flipped}_nearest", image("block", affine=name + flipped), inverse=True,
                     pixdim=[1.5, 1.5, 1.5], mode="nearest")
            book.one("Spacing", f"{name}{flipped}_linear_back_nearest", image("block", affine=name + flipped),
                     inverse=True, pixdim=[1.5, 1.5, 1.5])
            book.one("Spacing", f"{name}{flipped}_linear", image("wide", affine=name + flipped),
                     inverse=False, pixdim=[1.5, 1.5, 1.5], mode="bilinear")
    for matrix in ("oblique", "sheared", "tilted", "permuted", "sagittal", "lps", "plain"):
        for number, pixdim in enumerate(([1.5, 1.5, 2.0], [1.0, 1.0, 1.0], [0.8, 0.8, 5.0])):
            if number == 1 and matrix in ("permuted", "sheared"):
                continue
            mode = "nearest" if number == 2 else "bilinear"
            book.one("Spacing", f"{matrix}_{'_'.join(map(str, pixdim))}", image("wide", affine=matrix),
                     inverse=number == 2, pixdim=pixdim, mode=mode)
    for padding in ("border", "zeros", "reflection"):
        for aligned in (False, True):
            for mode in ("bilinear", "nearest"):
                book.one("Spacing", f"{padding}_{'aligned_' * aligned}{mode}", image("wide", affine="plain"),
                         pixdim=[1.1, 0.7, 2.2], padding_mode=padding, align_corners=aligned, mode=mode,
                         inverse=mode == "nearest")
    near = book.matrices["plain"].copy()
    near[0, 0] = 0.7507
    book.matrix("near", near)
    for label, name, matrix, arguments in (
        ("unchanged", "block", "plain", {"pixdim": [0.75, 1.25, 3.0]}),
        ("within", "block", "near", {"pixdim": [0.75, 1.25, 3.0]}),
        ("within_one_axis", "block", "near", {"pixdim": [0.75, 1.0, 3.0005]}),
        ("one_number", "block", "plain", {"pixdim": 1.0}), ("two_numbers", "block", "plain", {"pixdim": [1.0, 2.0]}),
        ("kept_axis", "block", "plain", {"pixdim": [1.0, -1.0, 0.0]}),
        ("diagonal", "block", "oblique", {"pixdim": [1.5, 1.1, 2.0], "diagonal": True}),
        ("extent", "block", "plain", {"pixdim": [1.2, 0.7, 2.2], "scale_extent": True}),
        ("extent_aligned", "block", "plain", {"pixdim": [1.2, 0.7, 2.2], "scale_extent": True, "align_corners": True}),
        ("recomputed", "block", "plain", {"pixdim": [1.2, 0.7, 2.2], "recompute_affine": True}),
        ("bounds", "block", "plain", {"pixdim": [1.0] * 3, "min_pixdim": [0.7, 1.0, 1.0], "max_pixdim": [1, 2, 2]}),
        ("bound_above", "block", "plain", {"pixdim": [1.0] * 3, "max_pixdim": [0.8, 1.1, 2.0]}),
        ("slice", "flat", "plain", {"pixdim": [1.0, 1.0, 1.0]}), ("line", "line", "plain", {"pixdim": [1.0, 2.0, 1.0]}),
        ("channels", "v2", "plain", {"pixdim": [1.0, 1.0, 2.0]}), ("four", "v4", "oblique", {"pixdim": [1.2] * 3}),
        ("float32", "block", "plain", {"pixdim": [1.0, 1.0, 2.0], "dtype": "$np.float32"}),
        ("half_shape", "block", "ties_three_quarters", {"pixdim": [1.5] * 3}),
    ):
        book.one("Spacing", label, image(name, affine=matrix), inverse=label != "recomputed" and len(label) % 2 == 0,
                 bar="1e-6" if label == "float32" else "equal", **arguments)
    for held in ("int16", "uint8", "float64"):
        name = "bytes" if held == "uint8" else "v2"
        book.one("Spacing", f"from_{held}", image(name, held, affine="plain"), pixdim=[1.0, 1.0, 2.0], inverse=False)
    for matrix in ("plain", "turned2d", "lps", "ties_three_quarters"):
        for mode in ("bilinear", "nearest"):
            book.one("Spacing", f"2d_{matrix}_{mode}", image("plane", affine=matrix), pixdim=[1.5, 1.0], mode=mode,
                     inverse=mode == "nearest")
    book.one("Spacing", "2d_channels", image("rgbplane", affine="plain"), pixdim=[1.0, 1.0], inverse=False)
    book.one("Spacing", "2d_one_number", image("plane", affine="plain"), pixdim=1.1, padding_mode="zeros")
    two = {"image": image("block", affine="oblique"), "label": image("block", "uint8", affine="oblique")}
    two["label"]["input"] = "blockmask"
    book.input("blockmask", (book.values["block"] > 200).astype(int))
    book.add("Spacing", "two_keys", {"_target_": "Spacingd", "keys": ["image", "label"], "pixdim": [1.5, 1.5, 2.0],
                                     "mode": ["bilinear", "nearest"]}, two)
    book.add("Spacing", "missing_key", {"_target_": "Spacingd", "keys": ["image", "label"], "pixdim": [1.0, 1.0, 2.0],
                                        "allow_missing_keys": True}, {"image": image("block")})
    book.add("Spacing", "key_absent", {"_target_": "Spacingd", "keys": "label", "pixdim": [1.0, 1.0, 2.0]},
             {"image": image("block")}, error="apply")


def resize(book):
    for size in ([6, 5, 9], [11, 8, 3], [9, 4, 6], [9, 8, 6], [18, 16, 12]):
        for mode in ("area", "nearest", "nearest-exact", "trilinear"):
            label = f"{mode}_{'_'.join(map(str, size))}"
            bar = "equal" if "nearest" in mode else "1e-6"
            book.one("Resize", label, image("block"), bar=bar, spatial_size=size, mode=mode,
                     inverse=(size[0] == 6) if size[0] != 11 else None)
    for mode in ("area", "nearest", "nearest-exact", "bilinear", "bicubic"):
        for size in ([7, 12], [24, 18], [5, 4], [12, 9]):
            label = f"2d_{mode}_{'_'.join(map(str, size))}"
            bar = "equal" if "nearest" in mode else "1e-6"
            book.one("Resize", label, image("plane" if size[0] != 7 else "rgbplane"), bar=bar, spatial_size=size,
                     mode=mode, inverse=(mode == "nearest") if size[0] == 5 else None)
    for label, name, arguments in (
        ("default", "block", {"spatial_size": [5, 7, 6]}),
        ("one_number", "block", {"spatial_size": 7, "error": "apply"}),
        ("aligned", "block", {"spatial_size": [5, 7, 11], "mode": "trilinear", "align_corners": True}),
        ("aligned_to_one", "block", {"spatial_size": [1, 7, 11], "mode": "trilinear", "align_corners": True}),
        ("not_aligned", "block", {"spatial_size": [5, 7, 11], "mode": "trilinear", "align_corners": False}),
        ("kept_axes", "block", {"spatial_size": [-1, 5, -1]}),
        ("kept_axes_linear", "wide", {"spatial_size": [4, -1, 9], "mode": "trilinear"}),
        ("longest", "block", {"spatial_size": 12, "size_mode": "longest", "mode": "nearest"}),
        ("longest_down", "wide", {"spatial_size": 6, "size_mode": "longest"}),
        ("longest_list", "wide", {"spatial_size": [6, 6, 6], "size_mode": "longest", "error": "apply"}),
        ("bilinear_in_3d", "block", {"spatial_size": [5, 7, 9], "mode": "bilinear"}),
        ("smooth", "block", {"spatial_size": [5, 4, 3], "mode": "trilinear", "anti_aliasing": True}),
        ("smooth_sigma", "block", {"spatial_size": [5, 4, 3], "anti_aliasing": True, "anti_aliasing_sigma": 0.6}),
        ("smooth_up", "block", {"spatial_size": [12, 10, 9], "mode": "trilinear", "anti_aliasing": True}),
        ("2d_aligned", "plane", {"spatial_size": [7, 20], "mode": "bilinear", "align_corners": True}),
        ("2d_bicubic_aligned", "plane", {"spatial_size": [7, 20], "mode": "bicubic", "align_corners": True}),
        ("2d_longest", "plane", {"spatial_size": 17, "size_mode": "longest", "mode": "bilinear"}),
        ("2d_smooth", "plane", {"spatial_size": [7, 5], "mode": "bilinear", "anti_aliasing": True}),
        ("2d_short", "rgbplane", {"spatial_size": 5, "mode": "bilinear", "error": "apply"}),
        ("channels", "v3", {"spatial_size": [7, 7, 4], "mode": "trilinear"}),
        ("channels_area", "v4", {"spatial_size": [3, 2, 5]}), ("from_slice", "flat", {"spatial_size": [5, 5, 3]}),
        ("to_one", "block", {"spatial_size": [1, 1, 1]}),
        ("area_aligned", "block", {"spatial_size": [5, 5, 5], "align_corners": True, "error": "apply"}),
        ("mode_unknown", "block", {"spatial_size": [5, 5, 5], "mode": "cubist", "error": "apply"}),
        ("size_mode_unknown", "block", {"spatial_size": [5, 5, 5], "size_mode": "shortest", "error": "build"}),
        ("too_many", "block", {"spatial_size": [5, 5, 5, 5], "error": "apply"}),
    ):
        exact = arguments.get("mode") == "nearest"
        inverse = None if "error" in arguments or label.startswith("smooth") else len(label) % 2 == 0
        book.one("Resize", label, image(name, affine="oblique"), bar="equal" if exact else "1e-6", inverse=inverse,
                 **arguments)
    for held in ("int16", "uint8"):
        name = "bytes" if held == "uint8" else "block"
        for mode in ("nearest", "area"):
            book.one("Resize", f"from_{held}_{mode}", image(name, held), spatial_size=[5, 7, 6], mode=mode,
                     bar="equal" if mode == "nearest" else "1e-6")


def flips(book):
    for number, axis in enumerate((None, 0, 1, 2, [0, 1], [1, 2], [0, 1, 2], -1, [-1, 0])):
        label = "all" if axis is None else str(axis).strip("[]").replace(", ", "_").replace("-", "m")
        book.one("Flip", f"3d_{label}", image(("v2", "block")[number % 2], affine=("plain", "oblique")[number % 2]),
                 spatial_axis=axis, inverse=True)
        if axis is None or np.max(np.abs(axis)) < 2:
            book.one("Flip", f"2d_{label}", image("rgbplane", affine="lps"), spatial_axis=axis, inverse=True)
    book.one("Flip", "beyond", image("block"), spatial_axis=3, error="apply")
    book.one("Flip", "int16", image("v2", "int16"), spatial_axis=1, inverse=True)
    for turns in (0, 1, 2, 3, 4, -1):
        for axes in ([0, 1], [1, 2], [2, 0], [0, -1]):
            book.one("Rotate90", f"3d_{turns}_{axes[0]}_{axes[1]}", image("v2", affine="oblique"), k=turns,
                     spatial_axes=axes, inverse=True)
        book.one("Rotate90", f"2d_{turns}", image("rgbplane", affine="lps"), k=turns, inverse=True)
    book.one("Rotate90", "default", image("block"), inverse=True)
    book.one("Rotate90", "three_axes", image("block"), spatial_axes=[0, 1, 2], error="build")
