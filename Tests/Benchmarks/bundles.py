"""Times `portico bundle inspect` and MONAI's ConfigParser on every bundle of the zoo; used by bundles.sh.

    bundles.py PORTICO ZOO ROUNDS WORK

Portico reads, merges, checks and resolves a bundle and judges it; MONAI reads and merges the files and parses the
configuration, and resolves what can be resolved without making a network: nothing. Both times are without start-up:
Portico's is what `--times` prints, MONAI's is taken in one process after its imports and one bundle as a warm-up.
"""

import hashlib
import logging
import pathlib
import re
import statistics
import subprocess
import sys
import time

logging.disable(logging.CRITICAL)
from monai.bundle import ConfigParser  # noqa: E402

portico, zoo, rounds, work = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), pathlib.Path(sys.argv[4])
bundles = sorted(p for p in zoo.iterdir() if (p / "configs/metadata.json").exists())


def config(bundle):
    return next(p for n in ("json", "yaml", "yml") if (p := bundle / f"configs/inference.{n}").exists())


def monai_ms(bundle):
    start = time.perf_counter()
    parser = ConfigParser()
    parser.read_config(str(config(bundle)))
    parser.read_meta(str(bundle / "configs/metadata.json"))
    parser["bundle_root"] = str(bundle)
    parser.parse()
    return (time.perf_counter() - start) * 1e3


def inspect(bundle):
    start = time.perf_counter()
    result = subprocess.run([portico, "bundle", "inspect", str(bundle), "--times"], capture_output=True, text=True)
    whole = (time.perf_counter() - start) * 1e3
    return float(re.search(r"read and checked in ([\d.]+) ms", result.stderr)[1]), whole, result.stderr


monai_ms(bundles[0])
print(f"{'bundle':50} {'Portico':>9} {'MONAI':>9} {'whole process':>14}   (ms, medians of {rounds})")
worst = 0
for bundle in bundles:
    mine, whole, theirs = [], [], []
    for _ in range(rounds):
        m, w, _ = inspect(bundle)
        mine.append(m)
        whole.append(w)
        theirs.append(monai_ms(bundle))
    median = statistics.median(mine)
    worst = max(worst, median)
    print(f"{bundle.name:50} {median:9.1f} {statistics.median(theirs):9.1f} {statistics.median(whole):14.1f}")

# Weights of 1 GB, by Portico, by Python's hashlib and from the cache.
folder = work / "large"
subprocess.run(["cp", "-r", str(zoo / "spleen_ct_segmentation"), str(folder)], check=True)
subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
(folder / "models").mkdir()
block = bytes(range(256)) * 4096
with open(folder / "models/model.ts", "wb") as file:
    for _ in range(1024):
        file.write(block)
# A file that changed a moment ago is not remembered.
time.sleep(2.5)
start = time.perf_counter()
digest = hashlib.sha256()
with open(folder / "models/model.ts", "rb") as file:
    while chunk := file.read(1 << 20):
        digest.update(chunk)
seconds = time.perf_counter() - start
print(f"\n1 GB of weights: Python's hashlib {1.073741824 / seconds:.2f} GB/s")
for label in ("first", "again"):
    _, whole, words = inspect(folder)
    print(f"Portico, {label}: {words.strip()} (whole process {whole:.0f} ms)")
print(f"\nslowest bundle {worst:.1f} ms, bound 50 ms: {'holds' if worst < 50 else 'MISSED'}")
sys.exit(worst >= 50)
