"""Connected components, holes, small objects."""

import numpy as np

from skimage import measure

from book import image


def ranked(rng, shape, density, labels, kept):
    """Random labels whose components differ in size where it counts: numpy orders equals as the processor likes.

    `kept` has how many components the cases keep, by connectivity, beside the largest one alone.
    """
    while True:
        values = (rng.random(size=shape) < density) * rng.integers(1, labels, size=shape)
        masks = [values == label for label in range(1, labels)] + [values > 0, (values == 1) | (values == labels - 1)]
        reaches = range(1, len(shape) + 1)
        if all(is_ranked(mask, reach, {1, *kept.get(reach, ())}) for mask in masks for reach in reaches):
            return values[None]


def is_ranked(mask, connectivity, kept):
    sizes = np.sort(np.bincount(measure.label(mask, connectivity=connectivity).ravel())[1:])[::-1]
    return all(number >= len(sizes) or sizes[number - 1] != sizes[number] for number in kept)


def add(book):
    rng = np.random.default_rng(46)
    book.input("parts", ranked(rng, (9, 8, 7), 0.3, 4, {1: [2], 3: [2]}))
    book.input("parts2d", ranked(rng, (14, 13), 0.45, 3, {1: [3]}))
    book.input("binary", (rng.random(size=(1, 8, 8, 7)) < 0.22).astype(int))
    book.input("channels", (rng.random(size=(3, 7, 7, 6)) < 0.2).astype(int))
    book.input("channels2d", (rng.random(size=(3, 11, 12)) < 0.35).astype(int))
    ties = np.zeros((1, 9, 7, 3), int)
    ties[0, 0:2, 0:2, 0:2] = ties[0, 4:6, 3:5, 1:3] = ties[0, 7:9, 0:2, 0:2] = 1
    ties[0, 0:2, 5:7, 0:2] = ties[0, 7:9, 5:7, 0:2] = 2
    ties[0, 4, 0, 0], ties[0, 2, 2, 2] = 2, 1
    book.input("ties", ties)
    book.input("none", np.zeros((1, 5, 5, 4), int))
    shells = np.zeros((1, 9, 9, 9), int)
    shells[0, 1:8, 1:8, 1:8], shells[0, 2:7, 2:7, 2:7] = 1, 0
    shells[0, 3:6, 3:6, 3:6], shells[0, 4, 4, 4] = 2, 0
    shells[0, 8, 8, 8] = 3
    book.input("shells", shells)
    leaky = shells.copy()
    leaky[0, 1, 1, 1] = 0
    leaky[0, 3, 3, 3] = 0
    book.input("leaky", leaky)
    rings = np.zeros((1, 13, 12), int)
    rings[0, 1:6, 1:6], rings[0, 2:5, 2:5] = 1, 0
    rings[0, 7:12, 1:6], rings[0, 8:11, 2:5], rings[0, 7, 1] = 2, 0, 0
    rings[0, 2:10, 7:12], rings[0, 3:9, 8:11] = 2, 0
    rings[0, 5, 9] = 1
    rings[0, 0, 8:11], rings[0, 1, 8:11] = 3, 3
    book.input("rings", rings)
    book.input("rings3", np.concatenate([rings == 1, rings == 2, rings == 3]).astype(int))
    components(book)
    holes(book)
    objects(book)


def components(book):
    for name in ("parts", "parts2d", "ties"):
        for connectivity in (None, 1, 2, 3):
            if connectivity == 3 and name == "parts2d":
                continue
            for labels in (None, [1], [1, 2]):
                which = "all" if labels is None else "".join(map(str, labels))
                book.one("KeepLargestConnectedComponent", f"{name}_{connectivity}_{which}", image(name),
                         applied_labels=labels, connectivity=connectivity)
    for label, name, arguments in (
        ("together", "parts", {"independent": False}),
        ("together_some", "parts", {"independent": False, "applied_labels": [1, 3]}),
        ("together_2d", "parts2d", {"independent": False, "connectivity": 1}),
        ("together_ties", "ties", {"independent": False}),
        ("two", "parts", {"num_components": 2}), ("three_2d", "parts2d", {"num_components": 3, "connectivity": 1}),
        ("two_ties", "ties", {"num_components": 2}), ("many", "ties", {"num_components": 9}),
        ("two_together", "parts", {"num_components": 2, "independent": False, "connectivity": 1}),
        ("one_label", "parts", {"applied_labels": 2}), ("zero_label", "parts", {"applied_labels": [0, 1]}),
        ("label_absent", "parts", {"applied_labels": [7]}),
        ("nothing", "none", {}), ("nothing_listed", "none", {"applied_labels": [1]}),
        ("binary", "binary", {}), ("binary_not_onehot", "binary", {"is_onehot": False, "connectivity": 1}),
        ("binary_onehot", "binary", {"is_onehot": True, "connectivity": 1}), ("onehot", "channels", {}),
        ("onehot_said", "channels", {"is_onehot": True, "connectivity": 1}),
        ("onehot_some", "channels", {"applied_labels": [0, 2]}),
        ("onehot_together", "channels", {"independent": False}),
        ("onehot_together_some", "channels",
         {"independent": False, "applied_labels": [1, 2], "connectivity": 1}),
        ("onehot_2d", "channels2d", {"connectivity": 1}), ("onehot_2d_two", "channels2d", {"num_components": 2}),
        ("onehot_beyond", "channels", {"applied_labels": [5], "error": "apply"}),
        ("not_onehot_channels", "channels", {"is_onehot": False, "error": "apply"}),
        ("rings", "rings3", {"applied_labels": [1], "is_onehot": True}),
    ):
        book.one("KeepLargestConnectedComponent", label, image(name), **arguments)
    for held in ("uint8", "int32", "int64"):
        book.one("KeepLargestConnectedComponent", f"from_{held}", image("parts", held))


def holes(book):
    for name in ("shells", "leaky", "rings", "rings3"):
        for connectivity in (None, 1, 2, 3):
            if connectivity == 3 and name.startswith("rings"):
                continue
            for labels in (None, [1], [2, 3]):
                which = "all" if labels is None else "".join(map(str, labels))
                book.one("FillHoles", f"{name}_{connectivity}_{which}", image(name), applied_labels=labels,
                         connectivity=connectivity, error="apply" if name == "rings3" and labels == [2, 3] else None)
    book.one("FillHoles", "one_label", image("shells"), applied_labels=1)
    book.one("FillHoles", "nothing", image("none"))
    book.one("FillHoles", "parts", image("parts"), connectivity=1)
    book.one("FillHoles", "uint8", image("rings", "uint8"))


def objects(book):
    for name in ("parts", "binary", "channels", "parts2d", "channels2d"):
        for size in (2, 5, 64):
            for connectivity in (1, 2):
                independent = (size + connectivity) % 2 == 0
                book.one("RemoveSmallObjects", f"{name}_{size}_{connectivity}_{independent}", image(name),
                         min_size=size, connectivity=connectivity, independent_channels=independent)
    for label, name, arguments in (
        ("default", "binary", {}), ("full", "binary", {"min_size": 4, "connectivity": 3}),
        ("one", "parts", {"min_size": 1}), ("zero", "parts", {"min_size": 0}), ("nothing", "none", {"min_size": 3}),
        ("ties", "ties", {"min_size": 8}), ("ties_more", "ties", {"min_size": 9}),
        ("measured", "binary", {"min_size": 7, "by_measure": True}),
        ("measured_pixdim", "binary", {"min_size": 7, "by_measure": True, "pixdim": [0.5, 2.0, 1.5]}),
        ("measured_one", "parts", {"min_size": 10, "by_measure": True, "pixdim": 1.5}),
        ("measured_channels", "channels", {"min_size": 9, "by_measure": True, "independent_channels": False}),
        ("measured_2d", "parts2d", {"min_size": 3, "by_measure": True, "pixdim": [0.5, 1.5]}),
    ):
        book.one("RemoveSmallObjects", label, image(name, affine="plain"), **arguments)
    for held in ("uint8", "int32"):
        book.one("RemoveSmallObjects", f"from_{held}", image("parts", held), min_size=3)
