"""Times Portico's operators and MONAI's transforms on the same images in memory, in one run; used by operators.sh.

    operators.py BENCHMARK ROUNDS

Both use two threads. MONAI's times are the least of so many rounds too. The table says where the sums of results differ; parity itself is what `Tests/OperatorsTests` is for.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

torch.set_num_threads(2)
import monai.transforms as transforms  # noqa: E402
from monai.data import MetaTensor  # noqa: E402

benchmark, rounds = sys.argv[1], int(sys.argv[2])


def number(index):
    value = (index * np.uint64(2654435761)).astype(np.uint32)
    value ^= value >> np.uint32(15)
    return value * np.uint32(2246822519)


def image(name):
    kind, *sizes = name.split()
    sizes = [int(size) for size in sizes]
    plane, last = sizes[-1] * sizes[-2], sizes[-1]
    index = np.arange(int(np.prod(sizes)), dtype=np.uint64)
    if kind == "ct":
        values = ((index // plane % 512).astype(np.float32) * 4 - 1000) + (number(index) >> np.uint32(25)).astype(np.float32)
    elif kind == "labels":
        inside = (index // plane % 32 < 20) & (index // last % 24 < 15)
        values = np.where(number(index) >> np.uint32(28) == 0, 0, np.where(inside, 1 + index // plane % 3, 0))
    else:
        values = (number(index) >> np.uint32(8)).astype(np.float32) / np.float32(16777216) * 8 - 4
    affine = np.diag([-0.78, -0.78, 2.5, 1])
    affine[:2, 3] = 200
    return MetaTensor(torch.from_numpy(values.astype(np.float32).reshape(sizes)), affine=torch.from_numpy(affine))


def made(value, before):
    if value == "@before":
        return before
    if isinstance(value, str) and value.startswith("$lambda"):
        return eval(value[1:], {"torch": torch})
    if isinstance(value, list):
        return [made(member, before) for member in value]
    if isinstance(value, dict) and "_target_" in value:
        arguments = {k: made(v, before) for k, v in value.items() if k != "_target_"}
        return getattr(transforms, value["_target_"])(**arguments)
    return value


def monai(case):
    data = {"image": image(case["input"])}
    before = transforms.Compose([made(step, None) for step in case.get("before", [])])
    data = before(data)
    data["pred"] = MetaTensor(data["image"].as_tensor(), meta=data["image"].meta)
    data["pred"].applied_operations = data["image"].applied_operations
    steps = transforms.Compose([made(step, before) for step in case["steps"]])
    best = float("inf")
    for _ in range(rounds):
        sample = {key: value.clone() for key, value in data.items()}
        start = time.perf_counter()
        result = steps(sample)
        # Where MONAI only looks at the values in another order, putting them in order is left to what comes next.
        result["pred"] = torch.as_tensor(result["pred"]).contiguous()
        best = min(best, time.perf_counter() - start)
    total = float(result["pred"].numpy().reshape(-1)[::97].astype(np.float64).__abs__().sum())
    return best * 1e3, total


def step(target, **arguments):
    return {"_target_": target, "keys": "pred", **arguments}


CT, LABELS, SCORES = "ct 1 512 512 100", "labels 1 512 512 100", "scores 2 512 512 100"
SPACING = {"_target_": "Spacingd", "keys": "image", "pixdim": [1.5, 1.5, 2.0], "mode": "bilinear"}
ORIENTATION = {"_target_": "Orientationd", "keys": "image", "axcodes": "RAS"}
cases = [
    ("Orientation, flips", CT, [step("Orientationd", axcodes="RAS")]),
    ("Orientation, axes", CT, [step("Orientationd", axcodes="SPL")]),
    ("Spacing, bilinear", CT, [step("Spacingd", pixdim=[1.5, 1.5, 2.0], mode="bilinear")]),
    ("Spacing, nearest", CT, [step("Spacingd", pixdim=[1.5, 1.5, 2.0], mode="nearest")]),
    ("Spacing, finer", CT, [step("Spacingd", pixdim=[0.6, 0.6, 2.5], mode="bilinear")]),
    ("Resize, area", CT, [step("Resized", spatial_size=[256, 256, 96])]),
    ("Resize, trilinear", CT, [step("Resized", spatial_size=[256, 256, 96], mode="trilinear")]),
    ("Resize, nearest", CT, [step("Resized", spatial_size=[256, 256, 96], mode="nearest")]),
    ("SpatialPad", CT, [step("SpatialPadd", spatial_size=[528, 528, 128])]),
    ("SpatialPad, reflect", CT, [step("SpatialPadd", spatial_size=[528, 528, 128], mode="reflect")]),
    ("DivisiblePad", CT, [step("DivisiblePadd", k=96)]),
    ("CenterSpatialCrop", CT, [step("CenterSpatialCropd", roi_size=[400, 400, 80])]),
    ("ResizeWithPadOrCrop", CT, [step("ResizeWithPadOrCropd", spatial_size=[400, 528, 96])]),
    ("CropForeground", LABELS, [step("CropForegroundd", source_key="pred", margin=4, allow_smaller=True)]),
    ("Flip", CT, [step("Flipd", spatial_axis=0)]),
    ("Rotate90", CT, [step("Rotate90d", spatial_axes=[0, 1])]),
    ("Transpose", CT, [step("Transposed", indices=[0, 2, 1, 3])]),
    ("ScaleIntensity", CT, [step("ScaleIntensityd")]),
    ("ScaleIntensityRange", CT, [step("ScaleIntensityRanged", a_min=-57, a_max=164, b_min=0, b_max=1, clip=True)]),
    ("ScaleIntensityRangePercentiles", CT,
     [step("ScaleIntensityRangePercentilesd", lower=1, upper=99, b_min=0, b_max=1, clip=True)]),
    ("NormalizeIntensity", CT, [step("NormalizeIntensityd")]),
    ("NormalizeIntensity, nonzero", CT, [step("NormalizeIntensityd", nonzero=True, channel_wise=True)]),
    ("ThresholdIntensity", CT, [step("ThresholdIntensityd", threshold=0)]),
    ("CastToType", CT, [step("CastToTyped", dtype="float32")]),
    ("EnsureChannelFirst", CT, [step("EnsureChannelFirstd", channel_dim="no_channel")]),
    ("SqueezeDim", CT, [step("SqueezeDimd", dim=0)]),
    ("Activations, softmax", SCORES, [step("Activationsd", softmax=True)]),
    ("Activations, sigmoid", SCORES, [step("Activationsd", sigmoid=True)]),
    ("AsDiscrete, argmax", SCORES, [step("AsDiscreted", argmax=True)]),
    ("AsDiscrete, threshold", SCORES, [step("AsDiscreted", threshold=0.5)]),
    ("AsDiscrete, one-hot", LABELS, [step("AsDiscreted", to_onehot=4)]),
    ("Lambda", SCORES, [step("Lambdad", func="$lambda x: torch.where(x[[1]] > 0.5, 1, 0)")]),
    ("KeepLargestConnectedComponent", LABELS, [step("KeepLargestConnectedComponentd", applied_labels=[1, 2])]),
    ("FillHoles", LABELS, [step("FillHolesd")]),
    ("RemoveSmallObjects", LABELS, [step("RemoveSmallObjectsd", min_size=64)]),
    ("Invert, Spacing and Orientation", CT,
     [step("Invertd", orig_keys="image", transform="@before", nearest_interp=False)], [ORIENTATION, SPACING]),
    ("Spleen, preprocessing", CT, [
        step("Orientationd", axcodes="RAS"), step("Spacingd", pixdim=[1.5, 1.5, 2.0], mode="bilinear"),
        step("ScaleIntensityRanged", a_min=-57, a_max=164, b_min=0, b_max=1, clip=True), step("EnsureTyped")]),
    ("Spleen, postprocessing", SCORES, [
        step("Activationsd", softmax=True),
        step("Invertd", orig_keys="image", transform="@before", nearest_interp=False),
        step("AsDiscreted", argmax=True)], [ORIENTATION, SPACING]),
]
cases = [dict(id=c[0], input=c[1], steps=c[2], **({"before": c[3]} if len(c) > 3 else {})) for c in cases]
chosen = [case for case in cases if len(sys.argv) < 4 or sys.argv[3].lower() in case["id"].lower()]

with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
    json.dump(chosen, file)
    file.flush()
    environment = dict(os.environ)
    output = subprocess.run([benchmark, file.name, str(rounds)], capture_output=True, text=True, env=environment)
if output.returncode:
    sys.exit(output.stdout + output.stderr)
ours = {line.split("\t")[0]: line.split("\t")[1:] for line in output.stdout.splitlines()}
print(f"least of {rounds} rounds, 2 threads, milliseconds; the sums of magnitudes agree unless it says so")
print(f"{'':34} {'Portico':>9} {'MONAI':>9} {'times':>6}")
slower = []
for case in chosen:
    mine = ours[case["id"]]
    if mine[0] == "refused":
        print(f"{case['id']:34} {'refused':>9} {mine[1]}")
        continue
    theirs, total = monai(case)
    milliseconds = float(mine[0])
    agrees = abs(float(mine[1]) - total) <= 1e-5 * max(1, abs(total))
    print(f"{case['id']:34} {milliseconds:9.1f} {theirs:9.1f} {theirs / milliseconds:6.1f}"
          + ("" if agrees else f"  the sums differ: {mine[1]} and {total}"), flush=True)
    if milliseconds > theirs * (0.25 if case["id"] == "Spacing, bilinear" else 1):
        slower.append(case["id"])
print("slower than the bound: " + (", ".join(slower) or "none"))
sys.exit(1 if slower else 0)
