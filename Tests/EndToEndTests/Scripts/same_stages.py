#!/usr/bin/env python3
"""Compares stages that `portico run --stages` kept with MONAI's arrays; prints JSON by key.

Each OPERATOR=KEY lays the last image that the stages of the operators named OPERATOR left beside the array KEY. A
stage that changes nothing keeps nothing, so what came before it counts.

usage: same_stages.py STAGES_FOLDER GOLDEN.npz OPERATOR=KEY[/AFFINE_KEY]...
"""
import json
import sys
from pathlib import Path

import numpy as np

folder, golden, *pairs = sys.argv[1:]
folder, golden = Path(folder), np.load(golden)
stages = json.loads((folder / "stages.json").read_text())
result = {}
for pair in pairs:
    operator, keys = pair.split("=")
    key, _, affine_key = keys.partition("/")
    ends = [n for n, stage in enumerate(stages) if stage["name"].split(".")[-1] == operator]
    assert ends, f"no stage is named {operator}: {[s['name'] for s in stages]}"
    port = "pred" if operator == "AsDiscreted" else "image"
    kept = [i for stage in stages[:ends[-1] + 1] for i in stage["images"] if i["key"] == port]
    array, affine = np.load(folder / kept[-1]["tensor"]), np.load(folder / kept[-1]["affine"])
    same_shape = array.shape == golden[key].shape
    result[key] = {
        "voxels": int(array.size), "sameShape": bool(same_shape),
        "differing": int((array != golden[key]).sum()) if same_shape else -1,
        "affine": float(np.abs(affine - golden[affine_key]).max()) if affine_key else 0.0,
    }
print(json.dumps(result))
