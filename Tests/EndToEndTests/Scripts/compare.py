#!/usr/bin/env python3
"""Lays what Portico made of a bundle beside what MONAI made of it; prints a line and, with --json, all numbers.

    compare.py OUTFOLDER PORTICO_OUTPUT [--stages STAGES] [--json]

OUTFOLDER is zoo_run.py's. Each image that MONAI saved is compared with the file of the same name anywhere below
PORTICO_OUTPUT: label maps (.nii.gz) by the number of voxels that differ and by the affine, pictures (.png) by the
number of pixels that differ. With the folder of `portico run --stages` the input of the network (`image`) and every
stage of the postprocessing are compared too: probabilities within 1e-5, other stages within 1e-5 of their largest value.
What MONAI saved as it was given (the labels of renalStructures) is passed over. The exit status is 1 where a label map
or picture differs, anything is missing, a bar is broken, or nothing was compared.
"""

import argparse
import json
import sys
from pathlib import Path

import nibabel
import numpy as np
from PIL import Image

PROBABILITIES = 1e-5
AFFINE = 1e-4  # millimetres; the files keep float32


def volumes(ours, theirs):
    a, b = nibabel.load(ours), nibabel.load(theirs)
    x, y = np.asanyarray(a.dataobj), np.asanyarray(b.dataobj)
    same = x.shape == y.shape
    affine = float(np.abs(a.affine - b.affine).max())
    return {
        "values": int(y.size), "differing": int((x != y).sum()) if same else int(y.size), "shape": list(x.shape),
        "expectedShape": list(y.shape), "affine": affine, "dtype": str(x.dtype), "expectedDtype": str(y.dtype),
        "passes": bool(same and (x == y).all() and affine <= AFFINE),
    }


def pictures(ours, theirs):
    a, b = Image.open(ours), Image.open(theirs)
    x, y = np.asarray(a), np.asarray(b)
    same = x.shape == y.shape
    differing = int((x != y).sum()) if same else int(y.size)
    return {"values": int(y.size), "differing": differing, "mode": a.mode, "expectedMode": b.mode,
            "passes": same and differing == 0 and a.mode == b.mode}


def files(monai, ours, given):
    """Every file that MONAI saved of a prediction, with what became of it."""
    result = {}
    for theirs in sorted(path for path in monai.rglob("*") if path.name.endswith((".nii.gz", ".png"))):
        if theirs.parent.name in given:
            continue
        found = sorted(ours.rglob(theirs.name))
        if len(found) != 1:
            result[theirs.name] = {"found": len(found), "passes": False}
        elif theirs.suffix == ".png":
            result[theirs.name] = pictures(found[0], theirs)
        else:
            result[theirs.name] = volumes(found[0], theirs)
    return result


def stage_arrays(folder):
    """Portico's kept arrays: the preprocessed image, and `pred` by position in the postprocessing."""
    arrays, is_inferred = {}, False
    for stage in json.loads((folder / "stages.json").read_text()):
        is_inferred = is_inferred or stage["id"] == "inferer"
        for image in stage["images"]:
            if not is_inferred and image["key"] == "image":
                arrays["image"] = folder / image["tensor"]
            elif is_inferred and image["key"] == "pred":
                arrays[stage["id"].split("::")[-1]] = folder / image["tensor"]
    return arrays


def stages(monai, folder):
    """The network's input and every stage of the postprocessing, as far as both have it."""
    theirs, ours, result = np.load(monai / "stages.npz"), stage_arrays(folder), {}
    names = [name for name in theirs.files if name == "image" or (name[0].isdigit() and name.count(".") == 1)]
    for name in names:
        position = name.split(".")[0]
        if position not in ours:
            result[name] = {"found": 0, "passes": False}
            continue
        x, y = np.load(ours[position]), theirs[name]
        if f"{name}.channels" in theirs.files:
            x = x[theirs[f"{name}.channels"]]
        if x.shape != y.shape:
            result[name] = {"shape": list(x.shape), "expectedShape": list(y.shape), "passes": False}
            continue
        y = y.astype(np.float64)
        largest = float(np.abs(x - y).max()) if y.size else 0.0
        magnitude = float(np.abs(y).max()) if y.size else 0.0
        bar = PROBABILITIES if "Activations" in name else PROBABILITIES * max(1.0, magnitude)
        result[name] = {"values": int(y.size), "differing": int((x != y).sum()), "largest": largest,
                        "magnitude": magnitude, "passes": largest <= bar}
    return result


def line(name, kept):
    parts = [name + ":"]
    for file, numbers in kept["files"].items():
        if "differing" not in numbers:
            parts.append(f"{file}: {numbers['found']} files of this name;")
            continue
        parts.append(f"{file}: {numbers['differing']} of {numbers['values']} differ;")
    for stage, numbers in kept["stages"].items():
        if "largest" in numbers:
            parts.append(f"{stage} {numbers['largest']:.1e} of {numbers['magnitude']:.3g};")
        elif "found" in numbers:
            parts.append(f"{stage} is missing;")
        elif "shape" in numbers:
            parts.append(f"{stage} is {numbers['shape']} in place of {numbers['expectedShape']};")
    return " ".join(parts) + (" passes" if kept["passes"] else " FAILS")


def main():
    arguments = argparse.ArgumentParser(usage=__doc__)
    arguments.add_argument("output", type=Path)
    arguments.add_argument("portico", type=Path)
    arguments.add_argument("--stages", type=Path)
    arguments.add_argument("--json", action="store_true")
    options = arguments.parse_args()
    monai = options.output / "monai"
    run = json.loads((options.output / "run.json").read_text())
    kept = {"files": files(monai, options.portico, run["given"]),
            "stages": stages(monai, options.stages) if options.stages else {}}
    outcomes = [one["passes"] for part in kept.values() for one in part.values()]
    kept["passes"] = bool(outcomes) and all(outcomes)
    print(json.dumps({"bundle": run["bundle"], **kept}) if options.json else line(run["bundle"], kept))
    sys.exit(0 if kept["passes"] else 1)


if __name__ == "__main__":
    main()
