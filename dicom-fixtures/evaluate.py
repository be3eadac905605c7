#!/usr/bin/env python3
"""Measures the abdomen phantom bundle with MONAI on phantoms it never saw, and fails where it falls short.

Not for clinical use. Needs torch, monai, nibabel, numpy, scipy, pydicom; no accelerator.

Each phantom is written as NIfTI and goes through the bundle's own configs/inference.json, with models/model.ts in
place of the network definition; the label image that the bundle saves is compared with the truth. Three things are
asserted: a mean Dice of at least 0.95 over organs and phantoms; the same for the committed DICOM study, read back by
slice position; and that the best HU interval per organ and phantom, chosen with the truth at hand, stays below 0.7,
with and without smoothing, so that a model, not a threshold, is needed.
"""
import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

import nibabel as nib
import numpy as np
import pydicom
import torch
from monai.bundle import ConfigParser
from scipy.ndimage import gaussian_filter

import phantom

HERE = Path(__file__).resolve().parent
BUNDLE = HERE / "bundles" / "abdomen_phantom"
STUDY, STUDY_TRUTH = HERE / "phantom-study" / "ct", HERE / "phantom-study-truth.nii.gz"
MODEL_DICE, THRESHOLD_DICE = 0.95, 0.70
ORGANS = {value: name for value, name in phantom.LABELS.items() if value}
# seed: options of phantom.random_grid; the training seeds start at 1000
CASES = {
    1: {}, 2: {"anisotropic": True}, 3: {"reverse": True}, 4: {"oblique": 12.0},
    5: {"oblique": -18.0, "anisotropic": True}, 6: {"feet_first": True}, 7: {"oblique": 20.0, "reverse": True},
    8: {"anisotropic": True, "reverse": True}, 9: {"feet_first": True, "oblique": 9.0}, 10: {},
    11: {"anisotropic": True, "feet_first": True}, 12: {"oblique": -15.0}, 13: {"oblique": 16.0, "anisotropic": True},
    14: {"reverse": True, "anisotropic": True}, 15: {"oblique": 6.0}, 16: {"feet_first": True, "reverse": True},
}


class Bundle:
    """The bundle as configured, ready to segment NIfTI files into `folder`."""

    def __init__(self, folder):
        config = ConfigParser()
        config.read_config(BUNDLE / "configs" / "inference.json")
        config["bundle_root"], config["output_dir"] = str(BUNDLE), str(folder)
        config["network_def"] = "$torch.jit.load(@bundle_root + '/models/model.ts')"
        names = ("network", "preprocessing", "inferer", "postprocessing", "device")
        self.network, self.pre, self.inferer, self.post, self.device = map(config.get_parsed_content, names)
        self.network.eval()
        self.folder, self.postfix = Path(folder), config["output_postfix"]

    def segment(self, path):
        """Label map (uint8, the file's grid) of the NIfTI file at `path`, as the bundle saved it."""
        data = self.pre({"image": str(path)})
        with torch.no_grad():
            data["pred"] = self.inferer(data["image"][None].to(self.device), self.network)[0]
        self.post(data)
        stem = Path(path).name.split(".")[0]
        return np.asarray(nib.load(self.folder / stem / f"{stem}_{self.postfix}.nii.gz").dataobj).astype(np.uint8)


def dice(predicted, truth):
    """Dice of each organ, in the order of ORGANS."""
    return [2 * ((predicted == v) & (truth == v)).sum() / ((predicted == v).sum() + (truth == v).sum()) for v in ORGANS]


def threshold_dice(hu, truth, step=5):
    """Per organ the best Dice of any interval low <= HU < high, all multiples of `step` from -200 to 400 tried."""
    edges = np.arange(-200, 401, step)
    everything = np.histogram(hu, edges)[0]
    best = []
    for value in ORGANS:
        organ = np.histogram(hu[truth == value], edges)[0]
        inside, marked = (np.concatenate([[0], np.cumsum(counts)]) for counts in (organ, everything))
        overlap, size = inside[None] - inside[:, None], marked[None] - marked[:, None]
        score = np.where(size > 0, 2 * overlap / (np.maximum(size, 0) + (truth == value).sum()), 0)
        best.append(score.max())
    return best


def read_series(folder):
    """HU ([column, row, slice]) of a CT series sorted by position along its normal, and its 4 x 4 affine in RAS mm."""
    files = [pydicom.dcmread(path) for path in Path(folder).iterdir()]
    row, column = np.array(files[0].ImageOrientationPatient, float).reshape(2, 3)
    normal = np.cross(row, column)
    files.sort(key=lambda d: np.dot(d.ImagePositionPatient, normal))
    first, last = (np.array(files[n].ImagePositionPatient, float) for n in (0, -1))
    affine = np.eye(4)
    affine[:3, 0] = row * files[0].PixelSpacing[1]
    affine[:3, 1] = column * files[0].PixelSpacing[0]
    affine[:3, 2] = (last - first) / (len(files) - 1)
    affine[:3, 3] = first
    hu = np.stack([d.pixel_array.T * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in files], axis=-1)
    return hu.astype(np.int16), np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine


def report(name, scores, note=""):
    """One line of the table."""
    print(f"{name:22}" + "".join(f"{s:9.4f}" for s in scores) + f"{np.mean(scores):9.4f}  {note}", flush=True)


def measure_phantoms(bundle, folder):
    """Runs all CASES and prints the table; returns three arrays (case, organ): model, raw and smoothed thresholds."""
    model, raw, smooth = [], [], []
    for seed, options in CASES.items():
        anatomy = phantom.random_anatomy(seed)
        grid = phantom.random_grid(anatomy, seed, **options)
        hu, truth = phantom.scan(anatomy, grid, seed)
        path = folder / f"phantom_{seed}.nii"
        phantom.save_nifti(hu, grid, path)
        start = time.time()
        model.append(dice(bundle.segment(path), truth))
        shape = "x".join(map(str, grid.shape)) + " " + "x".join(f"{s:.2f}" for s in grid.spacing) + " mm"
        report(f"phantom {seed}", model[-1], f"{time.time() - start:.1f} s  {shape} {options or ''}")
        raw.append(threshold_dice(hu, truth))
        smooth.append(threshold_dice(gaussian_filter(hu.astype(np.float32), 1.0), truth))
    return np.array(model), np.array(raw), np.array(smooth)


def measure_study(bundle, folder):
    """Dice per organ of the committed DICOM study, whose truth must lie on the grid that the series gives."""
    hu, affine = read_series(STUDY)
    truth = nib.load(STUDY_TRUTH)
    labels = np.asarray(truth.dataobj)
    if not np.allclose(truth.affine, affine, atol=1e-3):  # slices were numbered against the normal
        labels, flipped = labels[:, :, ::-1], truth.affine.copy()
        flipped[:3, 3] += flipped[:3, 2] * (labels.shape[2] - 1)
        flipped[:3, 2] *= -1
        assert np.allclose(flipped, affine, atol=1e-3), "the truth is not on the grid of the series"
    nib.save(nib.Nifti1Image(hu, affine), folder / "study.nii")
    return dice(bundle.segment(folder / "study.nii"), labels)


def main():
    """Prints every figure; exits with 1 where one misses its bound."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    logging.disable(logging.INFO)  # SaveImaged names every file it writes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = Bundle(folder / "out")
        print(f"{'Dice':22}" + "".join(f"{n.split()[0]:>9}" for n in ORGANS.values()) + f"{'mean':>9}")
        model, raw, smooth = measure_phantoms(bundle, folder)
        report("mean of phantoms", model.mean(0), f"lowest {model.min():.4f}")
        report("best HU interval", raw.mean(0))
        report("  after smoothing", smooth.mean(0))
        study = measure_study(bundle, folder)
        report("committed study", study)
    failures = [text for text, failed in (
        (f"mean Dice {model.mean():.4f} is below {MODEL_DICE}", model.mean() < MODEL_DICE),
        (f"the study's mean Dice {np.mean(study):.4f} is below {MODEL_DICE}", np.mean(study) < MODEL_DICE),
        (f"thresholds reach {max(raw.mean(), smooth.mean()):.4f}, not below {THRESHOLD_DICE}",
         max(raw.mean(), smooth.mean()) >= THRESHOLD_DICE)) if failed]
    print("\n".join(f"FAILED: {text}" for text in failures) or "all three bounds hold")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
