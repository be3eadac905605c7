"""Channels, types, axes and keys."""

import numpy as np

from book import image

BRATS = "torch.where(x[[2]] > 0, 4, torch.where(x[[0]] > 0, 1, torch.where(x[[1]] > 0, 2, 0)))"

def add(book):
    rng = np.random.default_rng(41)
    for name, shape in {
        "v1": (1, 7, 6, 5), "v2": (2, 6, 5, 4), "v3": (3, 5, 4, 6), "v4": (4, 4, 5, 3), "tall": (1, 4, 5, 9),
        "p1": (1, 9, 7), "p2": (2, 6, 8), "p3": (3, 8, 6), "p4": (4, 5, 7),
    }.items():
        book.input(name, rng.integers(-900, 900, size=shape))
    book.input("raw3", rng.integers(-900, 900, size=(5, 4, 3)))
    book.input("last3", rng.integers(-900, 900, size=(5, 4, 3, 2)))
    book.input("raw2", rng.integers(0, 256, size=(7, 5)))
    book.input("rgb", rng.integers(0, 256, size=(7, 5, 3)))
    book.input("bytes", rng.integers(0, 256, size=(1, 6, 5, 4)))
    book.input("halves", rng.integers(-31, 32, size=(2, 5, 4, 3)), scale=0.5)
    book.input("quarters", rng.integers(-31, 32, size=(1, 6, 5)), scale=0.25)
    book.input("flags", rng.integers(0, 2, size=(1, 5, 4, 3)))
    book.matrix("plain", np.array([[0.75, 0, 0, 11.5], [0, 1.25, 0, -7.25], [0, 0, 3, 40.125], [0, 0, 0, 1]]))
    book.matrix("unit", np.eye(4))
    channels(book)
    types(book)
    axes(book)
    keys(book)
    lambdas(book)


def channels(book):
    for label, name, channel in (("3d", "raw3", "no_channel"), ("3d_last", "last3", -1), ("2d", "raw2", "no_channel"),
                                 ("2d_last", "rgb", -1)):
        for form in ("dictionary", "array"):
            book.one("EnsureChannelFirst", f"{label}_{form}", image(name, channel=channel), form=form)
    for label, name, given, channel in (
        ("no_channel", "last3", "no_channel", -1), ("last", "last3", -1, -1), ("second", "last3", 1, -1),
        ("minus_two", "last3", -2, -1), ("rgb_last", "rgb", -1, -1), ("rgb_two", "rgb", 2, -1),
        ("first", "rgb", 0, -1), ("grey", "raw2", "no_channel", "no_channel"), ("given_last", "raw3", -1, "no_channel"),
    ):
        book.one("EnsureChannelFirst", f"dim_{label}", image(name, channel=channel), channel_dim=given)
    book.one("EnsureChannelFirst", "beyond", image("rgb", channel=-1), channel_dim=5, error="apply")


def types(book):
    for held in ("float32", "uint8", "int16"):
        name = "bytes" if held == "uint8" else "v1"
        book.one("EnsureType", f"kept_{held}", image(name, held))
        for wanted in ("$torch.float32", "float32", "$np.int16", "$torch.int64", "$torch.bool"):
            book.one("EnsureType", f"{held}_{wanted.strip('$')}", image(name, held), dtype=wanted)
    book.one("EnsureType", "numpy", image("v2"), data_type="numpy")
    book.one("EnsureType", "numpy_float64", image("v2"), data_type="numpy", dtype="$np.float64")
    book.one("EnsureType", "untracked", image("v2"), track_meta=False)
    book.one("EnsureType", "device", image("v2"), device="cpu")
    book.one("EnsureType", "device_object", image("p3"), device="$torch.device('cpu')")
    book.one("EnsureType", "fractions", image("halves"), dtype="$torch.int32")
    book.one("EnsureType", "kind_unknown", image("p3"), data_type="list", error="build")

    for name, held in (("v1", "float32"), ("halves", "float32"), ("bytes", "uint8"), ("v2", "int16"), ("p2", "int32"),
                       ("flags", "bool"), ("quarters", "float64")):
        book.one("CastToType", f"default_{held}_{name}", image(name, held))
        for wanted in ("$torch.float32", "$np.int32", "$torch.uint8", "$np.bool_", "$torch.float64", "int16"):
            if wanted == "$torch.uint8" and name not in ("bytes", "flags"):
                continue  # negative values: what comes out depends on the processor
            book.one("CastToType", f"{name}_{held}_{wanted.strip('$')}", image(name, held), dtype=wanted)
    book.one("CastToType", "long", image("halves"), dtype="$torch.long")
    book.one("CastToType", "half", image("p3"), dtype="$torch.float16")
    book.one("CastToType", "unknown", image("p3"), dtype="float33", error="apply")

    for held in ("float32", "int16", "uint8"):
        name = "bytes" if held == "uint8" else "v2"
        book.one("ToTensor", held, image(name, held))
        book.one("ToTensor", f"{held}_float", image(name, held), dtype="$torch.float32")
        book.one("ToTensor", f"{held}_untracked", image(name, held), track_meta=False)
        book.one("ToNumpy", held, image(name, held))
        book.one("ToNumpy", f"{held}_int32", image(name, held), dtype="$np.int32")
    book.one("ToTensor", "device", image("p3"),
             device="$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')")
    book.one("ToTensor", "inverse", image("v2"), inverse=True, form="dictionary")
    book.one("ToTensor", "inverse_linear", image("p3"), inverse=False, form="dictionary")
    book.one("ToNumpy", "halves", image("halves"), dtype="$np.float64")
    for number, name in enumerate(("v2", "p3")):
        book.one("ToDevice", f"cpu_{number}", image(name), device="cpu")
        book.one("ToDevice", f"object_{number}", image(name), device="$torch.device('cpu')")
    book.one("ToDevice", "blocking", image("v4"), device="cpu", non_blocking=False)
    for name in ("v2", "p3", "bytes"):
        book.one("FromMetaTensor", f"tensor_{name}", image(name), form="dictionary")
        book.one("FromMetaTensor", f"numpy_{name}", image(name), data_type="numpy", form="dictionary")


def axes(book):
    book.input("empty_axis", np.arange(1, 61).reshape(1, 5, 1, 12))
    book.input("one_channel", np.arange(1, 31).reshape(1, 1, 5, 6))
    book.input("slice_last", np.arange(1, 31).reshape(1, 5, 6, 1))
    for form in ("dictionary", "array"):
        book.one("SqueezeDim", f"default_{form}", image("one_channel"), form=form)
        book.one("SqueezeDim", f"last_{form}", image("slice_last"), form=form, dim=-1)
        book.one("SqueezeDim", f"third_{form}", image("slice_last"), form=form, dim=3)
        book.one("SqueezeDim", f"middle_{form}", image("empty_axis"), form=form, dim=2)
        book.one("SqueezeDim", f"no_meta_{form}", image("slice_last"), form=form, dim=-1, update_meta=False)
        book.one("SqueezeDim", f"not_one_{form}", image("v2"), form=form, dim=1, error="apply")
    book.one("SqueezeDim", "all", image("slice_last"), form="array", dim=None)
    for name, orders in (("v2", ([0, 1, 2, 3], [0, 3, 2, 1], [2, 0, 1, 3], [3, 1, 0, 2], [0, 2, 1, 3])),
                         ("p3", ([0, 2, 1], [1, 0, 2], [2, 1, 0])), ("raw3", ([2, 0, 1],))):
        for order in orders:
            label = f"{name}_{''.join(map(str, order))}"
            channel = "no_channel" if name == "raw3" else None
            book.one("Transpose", label, image(name, channel=channel), indices=order)
            book.one("Transpose", f"{label}_back", image(name, channel=channel), inverse=True, form="dictionary",
                     indices=order)
    book.one("Transpose", "reversed", image("v3"), indices=None, form="array")
    book.one("Transpose", "short", image("v3"), indices=[0, 1], error="apply")


def keys(book):
    two = {"image": image("v2"), "label": image("v1"), "label_2": image("p3")}
    for label, arguments in {
        "one": {"keys": "image"}, "two": {"keys": ["image", "label"]}, "absent": {"keys": ["image", "nothing"]},
        "pattern": {"keys": "label_[0-9]", "use_re": True},
        "per_key": {"keys": ["image", "label_[12]"], "use_re": [False, True]},
    }.items():
        book.add("DeleteItems", label, {"_target_": "DeleteItemsd", **arguments}, two)
    book.add("DeleteItems", "nested", {"_target_": "DeleteItemsd", "keys": "pred.b"},
             {"pred": {"group": {"a": image("v2"), "b": image("p3")}}})
    book.add("DeleteItems", "separator", {"_target_": "DeleteItemsD", "keys": "pred/b", "sep": "/"},
             {"pred": {"group": {"a": image("v2"), "b": image("p3")}}})
    nested = {"pred": {"group": {"nucleus": image("v2"), "type": image("p3")}}, "image": image("v1")}
    for label, arguments in {
        "all": {}, "some": {"sub_keys": ["type"]}, "kept": {"delete_keys": False}, "prefix": {"prefix": "net"},
        "bundle": {"sub_keys": "$['nucleus', 'type']", "delete_keys": True},
    }.items():
        book.add("FlattenSubKeys", label, {"_target_": "FlattenSubKeysd", "keys": "pred", **arguments}, nested)
    book.add("FlattenSubKeys", "taken", {"_target_": "FlattenSubKeysd", "keys": "pred"},
             {"pred": {"group": {"image": image("v2")}}, "image": image("v1")}, error="apply")
    book.add("FlattenSubKeys", "no_group", {"_target_": "FlattenSubKeysd", "keys": "image"}, {"image": image("v1")},
             error="apply")


def lambdas(book):
    for label, function, name in (
        ("drop_first", "$lambda x : x[1:]", "v3"), ("scaled", "$lambda x: x * 2 - 1", "halves"),
        ("label_map", f"$lambda x: {BRATS}", "v3"), ("nan", "$lambda x: torch.nan_to_num(x, nan=255)", "p3"),
    ):
        book.one("Lambda", label, image(name), func=function)
        book.one("Lambda", f"{label}_other", image(name), func=function)
