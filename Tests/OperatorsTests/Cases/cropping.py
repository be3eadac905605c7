"""Pads and crops."""

import numpy as np

from book import image

TORCH_MODES = ("constant", "reflect", "replicate", "circular")
NUMPY_MODES = ("edge", "symmetric", "wrap", "minimum", "maximum", "mean", "median", "linear_ramp", "empty")


def add(book):
    rng = np.random.default_rng(43)
    for name, shape in {"small": (1, 5, 6, 4), "pair": (2, 5, 4, 6), "sheet": (1, 7, 6), "sheets": (3, 6, 5)}.items():
        book.input(name, rng.integers(-900, 900, size=shape))
    seed = rng.integers(1, 200, size=(1, 10, 9, 8)) - 50
    body = np.full_like(seed, -20)
    body[0, 3:7, 2:6, 1:6] = seed[0, 3:7, 2:6, 1:6]
    body[0, 4, 3, 2], body[0, 3, 2, 1], body[0, 6, 5, 5] = 150, 90, 33
    book.input("body", body)
    book.input("corner", np.where(np.arange(10)[None, :, None, None] + np.arange(9)[None, None, :, None]
                                  + np.arange(8)[None, None, None, :] < 5, body + 60, -20))
    two = np.stack([body[0], np.roll(body[0], (2, 3, -1), (0, 1, 2))])
    book.input("bodies", two)
    book.input("nothing", np.full((1, 6, 5, 4), -3))
    book.input("zeros2d", np.zeros((1, 6, 5), int))
    book.input("body2d", body[:, :, :, 3])
    book.input("everything", np.ones((1, 4, 5, 3), int))
    book.input("mask", (body > 40).astype(int))
    pads(book)
    crops(book)
    foreground(book)


def pads(book):
    for number, mode in enumerate(TORCH_MODES + NUMPY_MODES):
        if mode == "empty":
            continue  # unset memory
        inverse = number % 2 == 0 or None
        bar = "1e-6" if mode in ("mean", "linear_ramp") else "equal"
        book.one("SpatialPad", f"{mode}_3d", image("small", affine="oblique"), spatial_size=[8, 9, 7], mode=mode,
                 bar=bar, inverse=inverse)
        book.one("SpatialPad", f"{mode}_2d", image("sheets", affine="lps"), spatial_size=[9, 7], mode=mode, bar=bar,
                 inverse=inverse)
        book.one("DivisiblePad", mode, image("pair", affine="plain"), k=[4, 3, 8], mode=mode, bar=bar, inverse=inverse)
    for label, name, arguments in (
        ("end", "small", {"spatial_size": [8, 9, 7], "method": "end"}),
        ("end_2d", "sheets", {"spatial_size": [9, 9], "method": "end", "mode": "edge"}),
        ("value", "small", {"spatial_size": [8, 6, 7], "value": -1024}),
        ("value_end", "pair", {"spatial_size": [8, 6, 7], "value": 3.5, "method": "end"}),
        ("constant_values", "small", {"spatial_size": [8, 6, 7], "constant_values": 7}),
        ("one_number", "small", {"spatial_size": 6}), ("kept_axes", "small", {"spatial_size": [-1, 9, -1]}),
        ("smaller", "small", {"spatial_size": [3, 9, 4]}), ("nothing_to_do", "small", {"spatial_size": [5, 6, 4]}),
        ("odd", "sheet", {"spatial_size": [8, 9]}), ("one_number_2d", "sheet", {"spatial_size": 10, "mode": "reflect"}),
    ):
        book.one("SpatialPad", label, image(name, affine="plain"), inverse=True, **arguments)
    book.one("SpatialPad", "reflect_too_far", image("small"), spatial_size=[16, 6, 4], mode="reflect", error="apply")
    book.one("SpatialPad", "circular_too_far", image("small"), spatial_size=[17, 6, 4], mode="circular")
    book.one("SpatialPad", "mode_unknown", image("small"), spatial_size=[7, 6, 4], mode="mirror", error="apply")
    book.one("SpatialPad", "method_unknown", image("small"), spatial_size=[7, 6, 4], method="start", error="build")
    book.one("SpatialPad", "int16", image("small", "int16"), spatial_size=[7, 7, 7], inverse=True)
    for label, name, arguments in (
        ("one_number", "small", {"k": 4}), ("end", "small", {"k": 8, "method": "end"}),
        ("end_edge", "pair", {"k": 3, "method": "end", "mode": "edge"}), ("value", "small", {"k": 4, "value": -7.25}),
        ("2d", "sheets", {"k": 4}), ("2d_list", "sheets", {"k": [4, 1], "mode": "replicate"}),
        ("already", "small", {"k": [5, 3, 2]}), ("one", "small", {"k": 1}), ("kept_axis", "small", {"k": [4, -1, 0]}),
    ):
        book.one("DivisiblePad", label, image(name, affine="oblique"), inverse=True, **arguments)


def crops(book):
    for size in ([7, 4, 4], [3, 9, 5], [5, 6, 4], [2, 2, 2], [9, 9, 9], [6, -1, 3]):
        label = "_".join(map(str, size)).replace("-", "m")
        book.one("ResizeWithPadOrCrop", label, image("small", affine="oblique"), spatial_size=size, inverse=True)
        book.one("ResizeWithPadOrCrop", f"{label}_edge", image("pair", affine="plain"), spatial_size=size, mode="edge")
        book.one("CenterSpatialCrop", label, image("small", affine="oblique"), roi_size=size, inverse=True)
        book.one("CenterSpatialCrop", f"{label}_pair", image("pair", affine="sheared"), roi_size=size, inverse=False)
    for label, name, arguments in (
        ("end", "small", {"spatial_size": [8, 3, 6], "method": "end"}),
        ("value", "small", {"spatial_size": [8, 3, 6], "value": -3}), ("one_number", "small", {"spatial_size": 5}),
        ("minimum", "pair", {"spatial_size": [8, 3, 7], "mode": "minimum"}),
        ("reflect", "pair", {"spatial_size": [7, 3, 7], "mode": "reflect"}),
        ("2d", "sheets", {"spatial_size": [9, 3]}), ("2d_wrap", "sheets", {"spatial_size": [8, 3], "mode": "wrap"}),
        ("2d_end", "sheet", {"spatial_size": [4, 9], "method": "end"}),
    ):
        book.one("ResizeWithPadOrCrop", label, image(name, affine="lps"), inverse=True, **arguments)
    for label, name, size in (("one_number", "small", 3), ("2d", "sheets", [3, 4]), ("2d_odd", "sheet", [4, 3]),
                              ("kept", "pair", [0, 2, -1]), ("int16", "small", [3, 3, 3])):
        held = "int16" if label == "int16" else "float32"
        book.one("CenterSpatialCrop", label, image(name, held, affine="lps"), roi_size=size, inverse=True)


def foreground(book):
    margins = (0, 1, 3, [1, 0, 2])
    for name in ("body", "corner", "bodies"):
        for smaller in (True, False):
            for margin in margins:
                label = f"{name}_{smaller}_{margin}".replace(", ", "_").strip("]").replace("[", "")
                inverse = None if margin == 0 and name == "bodies" else True
                book.one("CropForeground", label, image(name, affine="oblique"), source_key="image", margin=margin,
                         allow_smaller=smaller, inverse=inverse)
    for label, name, arguments in (
        ("default", "body", {}), ("default_2d", "body2d", {}), ("margin_2d", "body2d", {"margin": [0, 4]}),
        ("divisible", "body", {"k_divisible": 4}),
        ("divisible_smaller", "body", {"k_divisible": 4, "allow_smaller": True}),
        ("divisible_list", "corner", {"k_divisible": [3, 1, 8], "margin": 1}),
        ("divisible_2d", "body2d", {"k_divisible": [8, 4]}), ("first_channel", "bodies", {"channel_indices": 0}),
        ("second_channel", "bodies", {"channel_indices": [1]}), ("last_channel", "bodies", {"channel_indices": -1}),
        ("both_channels", "bodies", {"channel_indices": [0, 1], "margin": 1}),
        ("minimum", "corner", {"margin": 3, "mode": "minimum"}), ("edge", "corner", {"margin": 4, "mode": "edge"}),
        ("reflect", "corner", {"margin": 2, "mode": "reflect"}), ("value", "corner", {"margin": 3, "value": -5}),
        ("mean", "corner", {"margin": 3, "mode": "mean"}), ("empty_smaller", "nothing", {"allow_smaller": True}),
        ("empty", "nothing", {}), ("empty_margin", "nothing", {"margin": 2}), ("empty_2d", "zeros2d", {}),
        ("everything", "everything", {}), ("everything_margin", "everything", {"margin": 1}),
        ("everything_smaller", "everything", {"margin": 1, "allow_smaller": True}),
    ):
        bar = "1e-6" if label == "mean" else "equal"
        inverse = None if label.startswith("empty") else len(label) % 3 == 0
        book.one("CropForeground", label, image(name, affine="plain"), source_key="image", bar=bar, inverse=inverse,
                 **arguments)
    two = {"image": image("bodies", affine="plain"), "label": image("mask", "uint8", affine="plain")}
    for label, arguments in {
        "by_label": {"keys": ["image", "label"], "source_key": "label", "margin": 1},
        "by_image": {"keys": ["image", "label"], "source_key": "image", "margin": 3, "mode": ["edge", "constant"]},
        "missing_allowed": {"keys": ["image", "other"], "source_key": "label", "allow_missing_keys": True},
        "only_image": {"keys": "image", "source_key": "label", "k_divisible": 2},
    }.items():
        book.add("CropForeground", label, {"_target_": "CropForegroundd", **arguments}, two)
    book.add("CropForeground", "source_absent", {"_target_": "CropForegroundd", "keys": "image", "source_key": "no"},
             two, error="apply")
    book.add("CropForeground", "select", {"_target_": "CropForegroundd", "keys": "image", "source_key": "image",
                                          "select_fn": "$lambda x: x > 60"}, two)
