"""Where the cases are written down: inputs, affines, MONAI's answers."""

import hashlib
from collections import defaultdict

import numpy as np
import torch
from monai import transforms
from monai.bundle import ConfigParser
from monai.data import MetaTensor

ENDINGS = ("d", "d", "D", "d", "Dict")


def image(name, dtype="float32", affine="plain", channel=None):
    """An image of a case: the input's name, what MONAI holds it as, its affine's name."""
    return {"input": name, "dtype": dtype, "affine": affine, "channel": channel}


class Book:
    """All cases, their inputs and results.

    `varying` says by how much of the largest magnitude MONAI's own answer to a case changes with the processor: such a
    case is held to 1e-6 in place of equality, and left out where it changes by more.
    """

    def __init__(self, varying=None):
        self.varying = varying or {}
        self.answers = {}
        self.asked = defaultdict(int)
        self.pools = {name: [] for name in ("int16", "float32", "float64")}
        self.lengths = dict.fromkeys(self.pools, 0)
        self.slices = {}
        self.values = {}
        self.inputs = {}
        self.matrices = {}
        self.affines = []
        self.cases = []
        self.surprises = []
        self.counts = defaultdict(lambda: {"cases": 0, "inverses": 0, "errors": 0})

    # Arrays

    def keep(self, array):
        """The slice of a pool that holds the values; the smallest type that holds them all exactly."""
        array = np.ascontiguousarray(array)
        wide = array.astype(np.float64)
        if np.isfinite(wide).all() and (wide == wide.astype(np.int16)).all():
            kind = "int16"
        else:
            kind = "float32" if np.array_equal(wide.astype(np.float32), wide, equal_nan=True) else "float64"
        flat = wide.astype(kind).ravel()
        digest = (kind, hashlib.sha256(flat.tobytes()).digest())
        if digest not in self.slices:
            self.slices[digest] = self.lengths[kind]
            self.pools[kind].append(flat)
            self.lengths[kind] += flat.size
        return {"pool": kind, "at": self.slices[digest], "shape": list(array.shape)}

    def input(self, name, array, scale=1):
        """Writes an input down: integers that are to be multiplied by `scale`, a power of two."""
        self.inputs[name] = self.keep(array)
        if scale != 1:
            self.inputs[name]["scale"] = scale
        self.values[name] = np.asarray(array).astype(np.float64) * scale

    def formula(self, name, shape):
        """Writes down an input that is too large to be stored."""
        self.inputs[name] = {"formula": "i * 7919 % 4001 - 2000", "shape": list(shape)}
        index = np.arange(int(np.prod(shape)), dtype=np.int64)
        self.values[name] = (index * 7919 % 4001 - 2000).astype(np.float64).reshape(shape)

    def matrix(self, name, matrix):
        """Writes an affine down under a name."""
        self.matrices[name] = np.asarray(matrix, dtype=np.float64)

    def affine(self, matrix):
        """The index of an affine."""
        rows = [[float(value) for value in row] for row in np.asarray(matrix, dtype=np.float64)]
        if rows not in self.affines:
            self.affines.append(rows)
        return self.affines.index(rows)

    # Images

    def tensor(self, spec):
        """The image as a loader would hand it over."""
        values = torch.tensor(self.values[spec["input"]]).to(getattr(torch, spec["dtype"]))
        matrix = torch.tensor(self.matrices[spec["affine"]], dtype=torch.float64)
        spatial = values.shape[1:] if spec["channel"] is None else values.shape
        meta = {"affine": matrix, "original_affine": matrix.numpy().copy(), "spatial_shape": list(spatial)}
        if spec["channel"] is not None:
            meta["original_channel_dim"] = float("nan") if spec["channel"] == "no_channel" else spec["channel"]
        return MetaTensor(values, meta=meta)

    def spelled(self, spec):
        """The image as cases.json has it."""
        if "group" in spec:
            return {"group": {key: self.spelled(one) for key, one in spec["group"].items()}}
        text = {"input": spec["input"], "dtype": spec["dtype"], "affine": self.affine(self.matrices[spec["affine"]])}
        if spec["channel"] is not None:
            text["channel"] = spec["channel"]
        return text

    def built(self, spec):
        return {k: self.built(s) for k, s in spec["group"].items()} if "group" in spec else self.tensor(spec)

    def result(self, identifier, value, stride=None):
        """What came out, as cases.json has it."""
        if isinstance(value, dict):
            return {"group": {key: self.result(identifier, one) for key, one in value.items()}}
        matrix = self.affine(value.affine.numpy()) if isinstance(value, MetaTensor) else None
        plain = value.as_tensor() if isinstance(value, MetaTensor) else torch.as_tensor(value)
        array = plain.detach().numpy()
        self.answers[identifier].append(array.astype(np.float64))
        kept = self.keep(array.ravel()[::stride] if stride else array)
        kept["shape"] = list(array.shape)
        text = {"array": kept, "dtype": str(plain.dtype).split(".")[1], "affine": matrix}
        return {**text, "stride": stride} if stride else text

    # Cases

    def add(self, operator, label, config, images, bar="equal", form="dictionary", inverse=None, error=None,
            inverse_error=False, pred="negated", stride=None):
        """Runs a configuration through MONAI and writes the case down.

        `inverse` is None, or what Invert's `nearest_interp` is to be. A case that is expected to raise says so with
        `error`; whatever else raises, or does not raise, ends the script.
        """
        identifier = f"{operator}.{label}"
        assert all(case["id"] != identifier for case in self.cases), identifier
        case = {"id": identifier, "operator": operator, "form": form, "rank": self.rank(images), "config": config,
                "images": {key: self.spelled(spec) for key, spec in images.items()}, "bar": bar}
        change = self.varying.get(identifier, 0)
        if change > LARGEST_CHANGE:
            return
        if change > 0:
            case["bar"] = "1e-6"
        self.answers[identifier] = []
        parser = ConfigParser({"preprocessing": config})
        stage = "build"
        try:
            transform = parser.get_parsed_content("preprocessing")
            stage = "apply"
            data = {key: self.built(spec) for key, spec in images.items()}
            result = transform(data) if form == "dictionary" else transform(data["image"])
        except Exception as problem:
            if error != stage:
                self.surprises.append(f"{identifier} raised at {stage}: {problem!r}")
            case["error"], case["exception"] = stage, type(problem).__name__
            self.note(case)
            return
        if error is not None:
            self.surprises.append(f"{identifier} was expected to raise")
        remaining = result if form == "dictionary" else {"image": result}
        case["expected"] = {
            key: self.result(identifier, value, stride) for key, value in remaining.items()
            if isinstance(value, (torch.Tensor, np.ndarray, dict)) and not key.startswith("foreground_")
            and not key.endswith(("_meta_dict", "_transforms"))
        }
        if inverse is not None:
            case["inverse"] = self.inverse(config, transform, result, form, inverse, pred, inverse_error, identifier)
        self.note(case)

    def inverse(self, config, transform, result, form, nearest, pred, error, identifier):
        if form == "array":
            post = {"_target_": "Invert", "transform": "@preprocessing", "nearest_interp": nearest}
        else:
            post = {"_target_": "Invertd", "keys": "pred", "transform": "@preprocessing", "orig_keys": "image",
                    "nearest_interp": nearest, "to_tensor": True}
        text = {"config": post, "pred": pred}
        # The trace names the very objects that left it, so the inversion is given them, not equal ones.
        arguments = {**post, "transform": transform}
        try:
            invert = getattr(transforms, arguments.pop("_target_"))(**arguments)
            sign = -1 if pred == "negated" else 1
            if form == "array":
                back = invert(result * sign)
            else:
                data = dict(result)
                data["pred"] = MetaTensor(data["image"].as_tensor() * sign, meta=data["image"].meta)
                back = invert(data)["pred"]
        except Exception as problem:
            if not error:
                self.surprises.append(f"{identifier}: the inverse raised {problem!r}")
            return {**text, "error": True, "exception": type(problem).__name__}
        if error:
            self.surprises.append(f"{identifier}: the inverse was expected to raise")
        return {**text, "expected": self.result(identifier, back)}

    def rank(self, images):
        spec = next(iter(images.values()))
        while "group" in spec:
            spec = next(iter(spec["group"].values()))
        axes = self.values[spec["input"]].ndim
        if spec["channel"] == "no_channel":
            return axes
        return axes - 1

    def note(self, case):
        count = self.counts[case["operator"]]
        count["cases"] += 1
        count["inverses"] += "inverse" in case
        count["errors"] += "error" in case
        self.cases.append(case)

    def one(self, operator, label, spec, bar="equal", inverse=None, form=None, keys=True, **rest):
        """A case of one operator on one image; dictionary and array spelling in turn where `form` names none."""
        arguments = {name: value for name, value in rest.items() if name not in OPTIONS}
        options = {name: value for name, value in rest.items() if name in OPTIONS}
        number = self.asked[operator]
        self.asked[operator] += 1
        form = form or ("dictionary" if number % 2 == 0 else "array")
        if form == "array":
            arguments.pop("source_key", None)
            config = {"_target_": operator, **arguments}
        else:
            ending = ENDINGS[number // 2 % len(ENDINGS)]
            config = {"_target_": operator + ending, "keys": "image", **arguments}
            if inverse is not None and number % 4 == 0:
                config = {"_target_": "Compose", "transforms": [config]}
        self.add(operator, label, config, {"image": spec}, bar=bar, form=form, inverse=inverse, **options)

    def contents(self):
        """The arrays, and what cases.json holds."""
        arrays = {name: np.concatenate(parts) if parts else np.zeros(0, name) for name, parts in self.pools.items()}
        return arrays, {"inputs": self.inputs, "affines": self.affines, "cases": self.cases}


OPTIONS = {"error", "inverse_error", "pred", "stride"}
LARGEST_CHANGE = 1e-5


def changes(answers, others):
    """By case, the largest difference of two sets of answers as a part of the largest magnitude; only what differs."""
    result = {}
    for identifier, arrays in answers.items():
        for one, other in zip(arrays, others[identifier], strict=True):
            if one.shape != other.shape:
                result[identifier] = np.inf
            elif not np.array_equal(one, other, equal_nan=True):
                change = np.nanmax(np.abs(one - other)) / np.nanmax(np.abs(one))
                result[identifier] = max(result.get(identifier, 0), change)
    return result
