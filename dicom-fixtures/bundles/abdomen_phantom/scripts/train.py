#!/usr/bin/env python3
"""Trains the abdomen phantom bundle anew: makes phantoms, trains, writes models/model.pt and models/model.ts.

Not for clinical use: the network has only ever seen computed phantoms.

usage: train.py WORKFOLDER   (needs torch, monai, nibabel, numpy, scipy, pydicom; a CPU is enough)

The network, loss, optimiser, transforms and patch size are those of configs/train.json; this script adds the data and
the loop. Phantoms are written once under WORKFOLDER as NIfTI and reused when the script runs again.
`dicom-fixtures/evaluate.py` measures the result on phantoms of other seeds.
"""
import argparse
import sys
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
from monai.bundle import ConfigParser, ckpt_export
from monai.utils import set_determinism

BUNDLE = Path(__file__).resolve().parents[1]
WEIGHTS = BUNDLE / "models" / "model.pt"
sys.path.insert(0, str(BUNDLE.parents[1]))
import phantom  # noqa: E402  (lies in dicom-fixtures/)

FIRST_SEED = 1000  # training uses FIRST_SEED and up; everything below is held out


def make_phantom(job):
    """Writes one training pair; half of them tilted by up to 20 degrees, half anisotropic in plane."""
    folder, seed = job
    image, truth = (folder / part / f"phantom_{seed}.nii.gz" for part in ("imagesTr", "labelsTr"))
    if truth.exists():
        return
    rng = np.random.default_rng([seed, 9])
    oblique = rng.uniform(-20, 20) if rng.random() < 0.5 else None
    anatomy = phantom.random_anatomy(seed)
    grid = phantom.random_grid(anatomy, seed, oblique, anisotropic=rng.random() < 0.5, reverse=rng.random() < 0.5)
    hu, label = phantom.scan(anatomy, grid, seed)
    phantom.save_nifti(hu, grid, image)
    phantom.save_nifti(label, grid, truth)


def make_phantoms(folder, count):
    """Writes `count` image and label pairs under `folder`, two at a time."""
    for part in ("imagesTr", "labelsTr"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    with Pool(2) as pool:
        pool.map(make_phantom, [(folder, FIRST_SEED + n) for n in range(count)], chunksize=1)


def endless(loader):
    """Batches without end, reshuffled at every pass."""
    while True:
        yield from loader


def train(config):
    """The training loop over `iterations` batches; returns the trained network."""
    device, network, loss = (config.get_parsed_content(key) for key in ("device", "network", "loss"))
    optimizer, schedule = (config.get_parsed_content(key) for key in ("optimizer", "lr_scheduler"))
    batches = endless(config.get_parsed_content("train::dataloader"))
    network.train()
    start, running = time.time(), 0.0
    for step in range(1, config["iterations"] + 1):
        batch = next(batches)
        optimizer.zero_grad()
        value = loss(network(batch["image"].to(device)), batch["label"].to(device))
        value.backward()
        optimizer.step()
        schedule.step()
        running += value.item()
        if step % 50 == 0:
            print(f"step {step}: loss {running / 50:.4f}, {time.time() - start:.0f} s", flush=True)
            running = 0.0
    return network


def export():
    """Scripts the network with the weights of models/model.pt, metadata.json and inference.json inside model.ts."""
    configs = BUNDLE / "configs"
    ckpt_export(net_id="network_def", filepath=str(WEIGHTS.with_suffix(".ts")), ckpt_file=str(WEIGHTS),
                meta_file=str(configs / "metadata.json"), config_file=str(configs / "inference.json"))


def main():
    """Reads the command line and makes phantoms, trains and exports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workfolder", type=Path, help="where the training phantoms are kept (about 4 MB each)")
    parser.add_argument("--phantoms", type=int, default=80)
    parser.add_argument("--iterations", type=int, help="instead of configs/train.json's")
    parser.add_argument("--export-only", action="store_true", help="write model.ts from model.pt, after a config changed")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if not args.export_only:
        set_determinism(seed=0)
        make_phantoms(args.workfolder, args.phantoms)
        config = ConfigParser()
        config.read_config(BUNDLE / "configs" / "train.json")
        config["dataset_dir"] = str(args.workfolder)
        if args.iterations:
            config["iterations"] = args.iterations
        weights = train(config).state_dict()
        WEIGHTS.parent.mkdir(exist_ok=True)
        torch.save({name: value.cpu() for name, value in weights.items()}, WEIGHTS)
    export()


if __name__ == "__main__":
    main()
