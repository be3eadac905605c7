#!/usr/bin/env python3
"""Writes a bundle whose network has no weights.

usage: make_bundle.py BUNDLE_FOLDER waves|nothing

waves    gives sin 3x and cos 5x; with it the golden volumes of shared/golden/geometry were made
nothing  gives the background everywhere
"""
import json
import sys
from pathlib import Path

import torch


class Waves(torch.nn.Module):
    """Two channels of one, without weights."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([torch.sin(3 * x), torch.cos(5 * x)], dim=1)


class Nothing(torch.nn.Module):
    """The background's channel is one, the other one zero."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([torch.ones_like(x), torch.zeros_like(x)], dim=1)


def step(target, **arguments):
    """One entry of a configuration."""
    return {"_target_": target, **arguments}


root, network = Path(sys.argv[1]), {"waves": Waves, "nothing": Nothing}[sys.argv[2]]
for name in ("configs", "models"):
    (root / name).mkdir(parents=True)
torch.jit.script(network()).save(str(root / "models/model.ts"))
port = {"type": "image", "modality": "CT", "dtype": "float32", "is_patch_data": True}
(root / "configs/metadata.json").write_text(json.dumps({
    "version": "1.0.0", "monai_version": "1.6.1", "pytorch_version": "2.13.0", "numpy_version": "1.26.4",
    "name": f"Test bundle {sys.argv[2]}", "task": "Comparison with MONAI", "description": "A network without weights",
    "authors": "Portico's tests", "copyright": "none", "intended_use": "Testing; not for clinical use",
    "network_data_format": {
        "inputs": {"image": {**port, "format": "hounsfield", "num_channels": 1, "spatial_shape": [16, 16, 8],
                             "value_range": [0, 1], "channel_def": {"0": "image"}}},
        "outputs": {"pred": {**port, "format": "segmentation", "num_channels": 2, "spatial_shape": [16, 16, 8],
                             "value_range": [0, 1], "channel_def": {"0": "background", "1": "wave"}}}}}))
(root / "configs/inference.json").write_text(json.dumps({
    "bundle_root": ".", "device": "$torch.device('cpu')",
    "preprocessing": step("Compose", transforms=[
        step("LoadImaged", keys="image"), step("EnsureChannelFirstd", keys="image"),
        step("Orientationd", keys="image", axcodes="RAS"),
        step("Spacingd", keys="image", pixdim=[1.5, 1.5, 2.0], mode="bilinear"),
        step("ScaleIntensityRanged", keys="image", a_min=-57, a_max=164, b_min=0, b_max=1, clip=True)]),
    "inferer": step("SlidingWindowInferer", roi_size=[16, 16, 8], sw_batch_size=4, overlap=0.5),
    "postprocessing": step("Compose", transforms=[
        step("Activationsd", keys="pred", softmax=True),
        step("Invertd", keys="pred", transform="@preprocessing", orig_keys="image", nearest_interp=False,
             to_tensor=True),
        step("AsDiscreted", keys="pred", argmax=True),
        step("SaveImaged", keys="pred", output_dir="$@bundle_root + '/eval'", output_postfix="trans")])}))
