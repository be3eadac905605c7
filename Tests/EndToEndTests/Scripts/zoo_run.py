#!/usr/bin/env python3
"""Runs a bundle of MONAI's model zoo with MONAI: random weights, a made input, the bundle's own configuration.

    zoo_run.py BUNDLE OUTFOLDER [--scripts FOLDER] [--threads N]

OUTFOLDER/bundle   a copy of the bundle with models/model.ts
OUTFOLDER/input    the input's files
OUTFOLDER/monai    what SaveImaged wrote; stages.npz: per stage of the postprocessing the array of `pred` before it was
                   saved (`POSITION.NAME`, and `POSITION.NAME.affine`; up to 8 channels, evenly picked, are kept:
                   `POSITION.NAME.channels`), `network` (what the inferer gave) and `image` (what it was given)
OUTFOLDER/run.json the item of the dataset, how the network was exported, seconds, `given`: saved as they came

The configuration is read unmodified; what a user would give on the command line is overlaid: `network_def` (the
archive), `device`, the output's folder, and the dataset's files. A bundle whose transforms live in `scripts`, which the
copies of the zoo's configurations lack, gets a stand-in of the same behaviour, or the folder that --scripts names.
"""

import argparse
import json
import os
import shutil
import sys
import time
import warnings
from pathlib import Path

sys.dont_write_bytecode = True
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from monai.bundle import ConfigParser  # noqa: E402
from monai.data import Dataset, MetaTensor, decollate_batch, list_data_collate  # noqa: E402

try:
    import itk
except ImportError:
    itk = None

import zoo_inputs  # noqa: E402
import zoo_networks  # noqa: E402

CT = {"input": "volume", "example": (32, 32, 32)}
PROFILES = {
    "spleen_ct_segmentation": {**CT, "channels": (1, 2), "size": (60, 52, 26), "spacing": (2.6, 1.9, 4.0)},
    "wholeBody_ct_segmentation": {**CT, "channels": (1, 105), "size": (40, 36, 24), "spacing": (2.4, 2.2, 3.0)},
    "pancreas_ct_dints_segmentation": {
        **CT, "channels": (1, 3), "size": (50, 44, 20), "spacing": (2.1, 1.4, 3.3), "stand_in": "volumes"},
    "swin_unetr_btcv_segmentation": {
        **CT, "channels": (1, 14), "size": (58, 50, 26), "spacing": (2.7, 1.8, 3.7), "stand_in": "volumes"},
    "wholeBrainSeg_Large_UNEST_segmentation": {
        **CT, "channels": (1, 133), "size": (60, 54, 40), "spacing": (1.1, 1.1, 1.4), "range": (0, 1200),
        "stand_in": "volumes"},
    "spleen_deepedit_annotation": {
        "input": "volume", "example": (64, 64, 64), "channels": (3, 2), "size": (50, 46, 24),
        "spacing": (2.2, 1.8, 4.0), "scripts": "transforms"},
    "segmentation_template": {
        "input": "volume", "example": (48, 40, 32), "channels": (1, 4), "size": (48, 40, 32),
        "spacing": (1.1, 1.3, 2.5), "range": (0, 900)},
    "brats_mri_segmentation": {
        "input": "channels", "names": ("t1c", "t1", "t2", "flair"), "example": (32, 32, 32), "channels": (4, 3),
        "size": (60, 56, 40), "spacing": (1.0, 1.0, 1.0), "range": (0, 1500), "stand_in": "volumes"},
    "renalStructures_CECT_segmentation": {
        "input": "keys", "names": ("artery", "vein", "excret"), "labels": ("label",), "example": (48, 48, 48),
        "channels": (3, 6), "size": (36, 34, 16), "spacing": (1.5, 1.2, 2.6), "scripts": "my_transforms"},
    "endoscopic_tool_segmentation": {
        "input": "picture", "example": (256, 160), "channels": (3, 2), "size": (311, 223)},
    "breast_density_classification": {
        "input": "picture", "example": (299, 299), "channels": (3, 4), "size": (341, 403), "stand_in": "scores"},
    "classification_template": {
        "input": "picture", "example": (128, 128), "channels": (1, 4), "size": (128, 128), "others": {"label": 2}},
}
KEPT_CHANNELS = 8


def replace_reader(node):
    """Takes ITKReader from the configuration, where ITK is not installed; says whether it was there."""
    if isinstance(node, dict):
        found = node.get("reader") == "ITKReader"
        if found:
            del node["reader"]
        return any([replace_reader(value) for value in node.values()]) or found
    return any([replace_reader(value) for value in node]) if isinstance(node, list) else False


def overlays(parser, inputs, output):
    """What a user would say on the command line."""
    parser["network_def"] = "$torch.jit.load(@bundle_root + '/models/model.ts').eval()"
    parser["device"] = "$torch.device('cpu')"
    parser["output_dir"] = str(output)
    parser["dataset_dir"] = str(inputs)  # SaveImage names files by their place below it


def keep(arrays, name, image):
    """Keeps an image of a stage; of many channels only some."""
    values = image.as_tensor() if isinstance(image, MetaTensor) else torch.as_tensor(image)
    values = values.detach().cpu().numpy()
    if values.ndim > 0 and values.shape[0] > KEPT_CHANNELS:
        channels = np.unique(np.linspace(0, values.shape[0] - 1, KEPT_CHANNELS).astype(int))
        arrays[f"{name}.channels"] = channels
        values = values[channels]
    arrays[name] = values.copy()
    if isinstance(image, MetaTensor):
        arrays[f"{name}.affine"] = image.affine.numpy()


def forward(parser, item):
    """What MONAI's SupervisedEvaluator does with one item, in single steps; gives the arrays of all stages."""
    preprocessing, inferer, network, postprocessing = (
        parser.get_parsed_content(key) for key in ("preprocessing", "inferer", "network", "postprocessing"))
    batch = list_data_collate([Dataset([item], preprocessing)[0]])
    with torch.no_grad():
        prediction = inferer(inputs=batch["image"], network=network)
    data = decollate_batch(batch)[0]
    data.update(decollate_batch({"image": batch["image"], "pred": prediction})[0])
    arrays = {}
    keep(arrays, "image", data["image"])
    keep(arrays, "network", data["pred"])
    for position, transform in enumerate(postprocessing.transforms):
        data = transform(data)
        name = type(transform).__name__
        if not name.startswith("Save"):
            keep(arrays, f"{position}.{name}", data["pred"])
    return arrays


def main():
    arguments = argparse.ArgumentParser(usage=__doc__)
    arguments.add_argument("bundle", type=Path)
    arguments.add_argument("output", type=Path)
    arguments.add_argument("--scripts", type=Path)
    arguments.add_argument("--threads", type=int, default=2)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    name = options.bundle.resolve().name
    profile = PROFILES.get(name)
    if profile is None:
        sys.exit(f"{name} is none of: {', '.join(PROFILES)}")
    output = options.output.resolve()
    root, results = output / "bundle", output / "monai"
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(options.bundle, root)
    results.mkdir()
    if "scripts" in profile:
        source = options.scripts or Path(__file__).resolve().parent / "zoo_scripts" / name
        shutil.copytree(source, root / "scripts")
        sys.path.insert(0, str(root))
    item = zoo_inputs.make(profile, output / "input")
    os.chdir(root)  # bundles that name a file by `./` mean their own folder

    started = time.monotonic()
    parser = ConfigParser()
    parser.read_config(str(next((root / "configs").glob("inference.*"))))
    parser["bundle_root"] = str(root)
    how = zoo_networks.export(parser, profile, root / "models")
    exported = time.monotonic()
    overlays(parser, output / "input", results)
    if itk is None and replace_reader(parser.config):
        how += ", read by nibabel in place of ITK"
    parser.parse(True)
    arrays = forward(parser, item)
    np.savez(results / "stages.npz", **arrays)
    seconds = {"export": round(exported - started, 1), "run": round(time.monotonic() - exported, 1)}
    (output / "run.json").write_text(json.dumps({
        "bundle": name, "item": item, "network": how, "seconds": seconds, "given": list(profile.get("labels", ()))}))
    last = [key for key in arrays if key[0].isdigit() and key.count(".") == 1][-1]
    values, counts = np.unique(arrays[last], return_counts=True)
    spread = dict(zip(values.tolist()[:6], counts.tolist())) if len(values) < 200 else f"{len(values)} values"
    print(f"{name}: {how}; export {seconds['export']} s, run {seconds['run']} s; {last} {arrays[last].shape} {spread}")


if __name__ == "__main__":
    main()
