"""Intensities and activations."""

import numpy as np

from book import image

NEAR = "1e-6"


def add(book):
    rng = np.random.default_rng(44)
    book.input("many", rng.integers(-900, 900, size=(2, 6, 7, 5)))
    zeros = rng.integers(-300, 900, size=(3, 6, 5, 4))
    zeros[rng.random(size=zeros.shape) < 0.4] = 0
    zeros[2] = 0
    book.input("zeros", zeros)
    book.input("constant", np.full((1, 4, 5, 3), 7))
    book.input("constant_one", np.stack([np.full((4, 5, 3), 7), rng.integers(-9, 9, size=(4, 5, 3))]))
    book.input("photo", rng.integers(0, 256, size=(3, 9, 8)))
    book.input("grey", rng.integers(0, 256, size=(1, 9, 8)))
    book.input("skewed", (rng.random(size=(1, 8, 7, 5)) ** 4 * 3000).astype(int))
    book.input("logits", rng.integers(-640, 640, size=(4, 5, 4, 3)), scale=1 / 64)
    book.input("logits2d", rng.integers(-640, 640, size=(3, 6, 5)), scale=1 / 64)
    book.input("scores", rng.integers(-320, 320, size=(5,)), scale=1 / 64)
    extreme = rng.integers(-64, 64, size=(3, 4, 4, 3))
    extreme[0, 0, 0, 0], extreme[1, 0, 0, 1], extreme[:, 0, 0, 2] = 3200, -3200, 1600
    book.input("extreme", extreme, scale=1 / 16)
    book.input("steps", rng.integers(-7, 8, size=(1, 5, 4, 6)), scale=0.25)
    book.formula("large", (1, 101, 100, 100))
    ranges(book)
    percentiles(book)
    normalise(book)
    discrete(book)


def ranges(book):
    for number, (a, b) in enumerate(((0, 1), (-1, 1), (None, None), (0, 255), (-0.3, 0.7))):
        for wise in (False, True):
            for name in ("many", "photo", "constant_one"):
                label = f"{number}_{'channels_' * wise}{name}"
                factor = {"factor": 0.3} if a is None else {}
                book.one("ScaleIntensity", label, image(name), minv=a, maxv=b, channel_wise=wise, **factor)
    for label, name, arguments in (
        ("default", "many", {}), ("constant", "constant", {"minv": -1.0, "maxv": 1.0}),
        ("constant_default", "constant", {}),
        ("factor_ignored", "many", {"factor": 2.5}), ("only_min", "many", {"minv": 2.0, "maxv": None}),
        ("float64", "many", {"dtype": "$np.float64"}),
    ):
        book.one("ScaleIntensity", label, image(name), **arguments)
    for held in ("uint8", "int16", "bool"):
        name = {"uint8": "photo", "int16": "many", "bool": "flags"}[held]
        book.one("ScaleIntensity", f"from_{held}", image(name, held))
        book.one("ScaleIntensityRange", f"from_{held}", image(name, held), a_min=0, a_max=255, b_min=0.0, b_max=1.0,
                 clip=True, error="apply" if held == "bool" else None)
    windows = ((-57, 164, 0, 1, True), (-963.8247715525971, 1053.678477684517, 0, 1, True), (-175, 250, -1, 1, False),
               (0.0, 255.0, 0.0, 1.0, True), (-1000, 1000, 0.1, 0.9, True), (-87, 199, 0, 1, False),
               (0, 600, 0, 255, True), (0, 1, -5, 5, False))
    for number, (a, b, c, d, clip) in enumerate(windows):
        for name in ("many", "photo"):
            book.one("ScaleIntensityRange", f"window_{number}_{name}", image(name), a_min=a, a_max=b, b_min=c, b_max=d,
                     clip=clip)
    for label, arguments in {
        "open": {"a_min": -175, "a_max": 250},
        "open_clipped": {"a_min": -175, "a_max": 250, "clip": True, "error": "apply"},
        "lower": {"a_min": -175, "a_max": 250, "b_min": 0.1, "clip": True},
        "upper": {"a_min": -175, "a_max": 250, "b_max": 0.9, "clip": True},
        "point": {"a_min": 40, "a_max": 40, "b_min": 1.5, "b_max": 2, "clip": True},
        "point_open": {"a_min": 40, "a_max": 40}, "reversed": {"a_min": 250, "a_max": -175, "b_min": 0, "b_max": 1},
        "float64": {"a_min": -57, "a_max": 164, "b_min": 0, "b_max": 1, "dtype": "$np.float64"},
    }.items():
        book.one("ScaleIntensityRange", label, image("many"), **arguments)
    for name in ("many", "photo", "steps"):
        for above in (True, False):
            for threshold in (0.0, 0.25, 100, -1.5):
                cval = {True: 0.0, False: -7.5}[threshold in (0.25, 100)]
                book.one("ThresholdIntensity", f"{name}_{above}_{threshold}", image(name), threshold=threshold,
                         above=above, cval=cval)
    book.one("ThresholdIntensity", "default", image("many"), threshold=12)
    book.one("ThresholdIntensity", "int16", image("many", "int16"), threshold=12.5, cval=3)


def percentiles(book):
    for number, (lower, upper) in enumerate(((1, 99), (5, 95), (0, 100), (0.5, 99.5), (33.3, 66.7), (50, 50))):
        for name in ("many", "skewed", "photo"):
            clip, relative, wise = number % 2 == 0, number % 3 == 1, name != "skewed"
            book.one("ScaleIntensityRangePercentiles", f"{number}_{name}", image(name), bar=NEAR, lower=lower,
                     upper=upper, b_min=0.0, b_max=1.0, clip=clip, relative=relative, channel_wise=wise)
    for label, name, arguments in (
        ("open", "many", {"b_min": None, "b_max": None}),
        ("open_clip", "many", {"b_min": None, "b_max": 1, "clip": True}),
        ("together", "many", {"b_min": -1, "b_max": 1}),
        ("relative_shifted", "skewed", {"b_min": 5, "b_max": 9, "relative": True}),
        ("relative_channels", "photo",
         {"b_min": 0, "b_max": 255, "relative": True, "channel_wise": True, "clip": True}),
        ("constant", "constant", {"b_min": 0, "b_max": 1}),
        ("zeros", "zeros", {"b_min": 0, "b_max": 1, "channel_wise": True}),
        ("float64", "many", {"b_min": 0, "b_max": 1, "dtype": "$np.float64"}),
    ):
        book.one("ScaleIntensityRangePercentiles", label, image(name), bar=NEAR, lower=2, upper=97, **arguments)
    book.one("ScaleIntensityRangePercentiles", "relative_open", image("many"), lower=2, upper=97, b_min=None, b_max=1,
             relative=True, error="apply")
    book.one("ScaleIntensityRangePercentiles", "below", image("many"), lower=-1, upper=97, b_min=0, b_max=1,
             error="build")
    for number, (lower, upper) in enumerate(((1, 99), (0.5, 99.5))):
        book.one("ScaleIntensityRangePercentiles", f"large_{number}", image("large"), bar=NEAR, lower=lower,
                 upper=upper, b_min=0.0, b_max=1.0, clip=number == 0, stride=997)
    book.one("ScaleIntensityRangePercentiles", "from_uint8", image("photo", "uint8"), bar=NEAR, lower=2, upper=97,
             b_min=0, b_max=1, error="apply")


def normalise(book):
    for name in ("many", "zeros", "photo", "constant", "constant_one", "skewed"):
        for nonzero in (False, True):
            for wise in (False, True):
                label = f"{name}{'_nonzero' * nonzero}{'_channels' * wise}"
                book.one("NormalizeIntensity", label, image(name), bar=NEAR, nonzero=nonzero, channel_wise=wise)
    for label, name, arguments in (
        ("given", "many", {"subtrahend": 12.5, "divisor": 40}), ("given_mean", "many", {"subtrahend": 100.0}),
        ("given_divisor", "many", {"divisor": 3.0}),
        ("given_nonzero", "zeros", {"subtrahend": 5, "divisor": 2.0, "nonzero": True}),
        ("given_channels", "photo",
         {"subtrahend": [100.0, 110.0, 90.5], "divisor": [55.0, 60.0, 0.0], "channel_wise": True}),
        ("given_mean_channels", "photo", {"subtrahend": [100.0, 110.0, 90.5], "channel_wise": True, "nonzero": True}),
        ("divisor_zero", "many", {"subtrahend": 1.0, "divisor": 0.0}), ("float64", "many", {"dtype": "$np.float64"}),
    ):
        book.one("NormalizeIntensity", label, image(name), bar=NEAR, **arguments)
    book.one("NormalizeIntensity", "too_few", image("photo"), subtrahend=[1.0, 2.0], channel_wise=True, error="apply")
    for held in ("int16", "uint8"):
        name = "photo" if held == "uint8" else "many"
        book.one("NormalizeIntensity", f"from_{held}", image(name, held), bar=NEAR, nonzero=True, channel_wise=True)


def discrete(book):
    for name in ("logits", "logits2d", "extreme", "steps", "scores"):
        for kind in ("sigmoid", "softmax"):
            if name == "steps" and kind == "softmax":
                continue
            for form in ("dictionary", "array"):
                book.one("Activations", f"{kind}_{name}_{form}", image(name), bar=NEAR, form=form, **{kind: True})
    book.one("Activations", "neither", image("logits"))
    book.one("Activations", "softmax_one", image("steps"), softmax=True)
    book.one("Activations", "both", image("logits"), sigmoid=True, softmax=True, error="apply")
    book.one("Activations", "other", image("logits2d"), bar=NEAR, other="$torch.tanh", form="array")
    book.add("Activations", "per_key", {"_target_": "Activationsd", "keys": ["image", "pred"], "sigmoid": [True, False],
                                        "softmax": [False, True]},
             {"image": image("logits2d"), "pred": image("logits")}, bar=NEAR)
    for name in ("logits", "logits2d", "extreme"):
        channels = book.values[name].shape[0]
        for label, arguments in {
            "argmax": {"argmax": True}, "argmax_onehot": {"argmax": True, "to_onehot": channels},
            "argmax_onehot_more": {"argmax": True, "to_onehot": channels + 2}, "threshold": {"threshold": 0.5},
            "threshold_zero": {"threshold": 0.0}, "rounding": {"rounding": "torchrounding"},
            "argmax_threshold": {"argmax": True, "threshold": 1.0}, "nothing": {},
        }.items():
            book.one("AsDiscrete", f"{label}_{name}", image(name), **arguments)
    book.input("ids", np.random.default_rng(45).integers(0, 4, size=(1, 5, 4, 3)))
    book.one("AsDiscrete", "onehot", image("ids"), to_onehot=4)
    book.one("AsDiscrete", "onehot_uint8", image("ids", "uint8"), to_onehot=5)
    book.one("AsDiscrete", "onehot_too_few", image("ids"), to_onehot=2, error="apply")
    book.one("AsDiscrete", "onehot_flag", image("ids"), to_onehot=True, error="build")
    book.one("AsDiscrete", "rounding_halves", image("halves"), rounding="torchrounding")
    book.one("AsDiscrete", "rounding_unknown", image("halves"), rounding="up", error="apply")
    book.one("AsDiscrete", "threshold_quarter", image("steps"), threshold=0.25)
    book.one("AsDiscrete", "scores", image("scores"), argmax=True)
    book.one("AsDiscrete", "scores_onehot", image("scores"), argmax=True, to_onehot=5)
    book.one("AsDiscrete", "dim_last", image("logits"), argmax=True, dim=-1)
    book.one("AsDiscrete", "no_keepdim", image("logits2d"), argmax=True, keepdim=False)
    book.one("AsDiscrete", "dtype", image("logits2d"), argmax=True, dtype="$torch.int32")
    book.add("AsDiscrete", "per_key", {"_target_": "AsDiscreted", "keys": ["image", "pred"], "argmax": [True, False],
                                       "threshold": [None, 0.5]}, {"image": image("logits2d"), "pred": image("logits")})
