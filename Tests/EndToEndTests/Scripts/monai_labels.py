#!/usr/bin/env python3
"""Runs a bundle with MONAI itself on a DICOM series and writes the label map that the bundle would save.

The volume goes in as an array with a float64 affine, not through a file, whose affine would be float32.

usage: monai_labels.py BUNDLE SERIES_FOLDER LABELS.nii.gz THREADS
"""
import sys
import warnings

import nibabel
import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.data import ImageReader
from monai.data.meta_tensor import MetaTensor
from monai.transforms import Compose, LoadImaged
from monai.utils import MetaKeys, SpaceKeys

from series import Series

warnings.filterwarnings("ignore")
bundle, folder, target, threads = sys.argv[1:]
torch.set_num_threads(int(threads))


class SeriesReader(ImageReader):
    """Gives LoadImaged the volume of a series."""

    def verify_suffix(self, filename):
        return True

    def read(self, data, **_):
        return Series(data if isinstance(data, str) else data[0])

    def get_data(self, series):
        affine = series.affine()
        volume = series.hounsfield()
        return volume, {
            MetaKeys.AFFINE: affine, MetaKeys.ORIGINAL_AFFINE: affine.copy(), MetaKeys.SPACE: SpaceKeys.RAS,
            MetaKeys.SPATIAL_SHAPE: np.asarray(volume.shape), MetaKeys.ORIGINAL_CHANNEL_DIM: float("nan"),
        }


config = ConfigParser()
config.read_config(f"{bundle}/configs/inference.json")
config["bundle_root"], config["network_def"] = bundle, f"$torch.jit.load('{bundle}/models/model.ts')"
config["device"] = "$torch.device('cpu')"
steps = config["postprocessing"]["transforms"]
config["postprocessing"]["transforms"] = [s for s in steps if s["_target_"] != "SaveImaged"]
network, pre, inferer, post = (
    config.get_parsed_content(k) for k in ("network", "preprocessing", "inferer", "postprocessing"))
assert isinstance(pre.transforms[0], LoadImaged), "the first transform is expected to be LoadImaged"
pre.transforms[0].register(SeriesReader())
network.eval()
data = pre({"image": folder})
with torch.no_grad():
    data["pred"] = inferer(data["image"][None], network)[0]
labels = post(data)["pred"]
assert isinstance(labels, MetaTensor) and labels.shape[0] == 1
nibabel.save(nibabel.Nifti1Image(labels[0].numpy().astype(np.uint8), labels.affine.numpy()), target)
