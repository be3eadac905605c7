#!/usr/bin/env python3
"""Makes Golden/cases.json and Golden/cases.npz: what MONAI gives for every operator over a grid of arguments.

Run with a Python that has MONAI 1.6.1, torch 2.13 (CPU), scipy and scikit-image (`deploy/setup --tests` makes one):

    .deps/peers/bin/python Tests/OperatorsTests/make_cases.py

The same versions give the same bytes on processors with AVX-512. A second run in a process of its own, without wide
registers, finds the cases whose answer changes with the processor: they are held to 1e-6 or, where it changes by more
than 1e-5, left out. The folder `Cases` beside this file holds the cases, one file per kind.

cases.npz has the pools `int16`, `float32` and `float64`: all arrays one behind another. An array is a slice of a pool:
`{"pool": …, "at": index of the first value, "shape": […]}`, with `"scale": s` where each value is to be multiplied
by s (a power of two, so nothing is rounded). cases.json has

    inputs     name -> slice, or {"formula": "i * 7919 % 4001 - 2000", "shape": […]} over the flat index i
    affines    list of 4 x 4 (two-dimensional files: 3 x 3) matrices, voxel to RAS in mm; cases name them by index
    cases      list; each case has
      id, operator   the name, and what it counts for in the table
      config         as a bundle would spell it, resolved under the id `preprocessing`
      form           "dictionary": applied to a dictionary of the images; "array": to the image alone
      rank           number of spatial axes
      images         key -> {"input": name, "dtype": what MONAI holds it as, "affine": index, "channel": optional
                     original_channel_dim ("no_channel" or an axis)}, or key -> {"group": {key -> image}}
      bar            "equal", or "1e-6": of the largest magnitude of the expected values
      expected       key -> {"array": slice, "dtype": name, "affine": index or null for a plain tensor}, for all
                     keys that remain ("image" in array form); with "stride": s the slice holds every
                     s-th value of `shape`
      inverse        optional: {"config": resolved under `postprocessing`, "pred": "negated" or "same": what is inverted
                     is the key `pred` (array form: the result with its trace), "expected": an image as above,
                     or "error": true}
      error          "build" or "apply" in place of `expected` where MONAI raises, with `exception`
"""

import json
import os
import pickle
import subprocess
import sys
import tempfile
import warnings

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
warnings.filterwarnings("ignore")
sys.dont_write_bytecode = True

import monai  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

ANSWERS_ONLY = "--answers"
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "Cases"))
import chains  # noqa: E402
import cropping  # noqa: E402
import grids  # noqa: E402
import intensity  # noqa: E402
import labels  # noqa: E402
import utility  # noqa: E402
from book import LARGEST_CHANGE, Book, changes  # noqa: E402


def filled(varying=None):
    """A book of all cases."""
    book = Book(varying)
    for kind in (utility, grids, cropping, intensity, labels, chains):
        kind.add(book)
    return book


def narrow_answers():
    """What MONAI answers in a process without wide registers."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "answers")
        environment = {**os.environ, "ATEN_CPU_CAPABILITY": "default", "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3",
                       "MKL_CBWR": "COMPATIBLE", "OPENBLAS_CORETYPE": "Nehalem"}
        subprocess.run([sys.executable, __file__, ANSWERS_ONLY, path], env=environment, check=True)
        with open(path, "rb") as file:
            return pickle.load(file)


def main():
    torch.set_num_threads(1)
    if sys.argv[1:2] == [ANSWERS_ONLY]:
        with open(sys.argv[2], "wb") as file:
            pickle.dump(filled().answers, file)
        return
    varying = changes(filled().answers, narrow_answers())
    book = filled(varying)
    if book.surprises:
        sys.exit("\n".join(["MONAI does not raise where the cases say so:", *book.surprises]))
    folder = os.path.join(HERE, "Golden")
    arrays, text = book.contents()
    np.savez_compressed(os.path.join(folder, "cases.npz"), **arrays)
    text = {"monai": monai.__version__.split("+")[0], "torch": torch.__version__.split("+")[0], **text}
    with open(os.path.join(folder, "cases.json"), "w") as file:
        file.write(dump(text))
    left_out = sorted(name for name, change in varying.items() if change > LARGEST_CHANGE)
    print(f"{len(varying) - len(left_out)} cases change with the processor; left out: {', '.join(left_out)}")
    for operator, count in sorted(book.counts.items()):
        print(f"{operator:34}{count['cases']:5}{count['inverses']:5} inverses{count['errors']:4} errors")
    print(len(book.cases), "cases;", {n: os.path.getsize(os.path.join(folder, n)) for n in ("cases.npz", "cases.json")})


def dump(text):
    """One line per case, input and affine, so that a change shows as a line."""
    parts = []
    for key, value in text.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(row) for row in value)
            parts.append(f"{json.dumps(key)}: [\n{rows}\n]")
        elif isinstance(value, dict):
            rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in value.items())
            parts.append(f"{json.dumps(key)}: {{\n{rows}\n}}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
