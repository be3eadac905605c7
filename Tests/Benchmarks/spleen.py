"""Times each operator of the spleen bundle in `portico run` and in MONAI, and takes both peaks of memory; used by
spleen.sh.

    spleen.py PORTICO BUNDLE WORK
"""

import json
import pathlib
import resource
import subprocess
import sys
import time

portico, bundle, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
image = work / "ct.nii.gz"


def run(*options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    command = [portico, "run", "--bundle", bundle, "--input", image, "--format", "json", "--threads", "2", *options]
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode:
        sys.exit(result.stderr)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return json.loads(result.stdout), max(before, peak) / 1024


summary, peak = run("-o", work / "out")
whole = {stage["name"]: stage["seconds"] for stage in summary["stages"]}
run("-o", work / "kept", "--stages", work / "stages")
steps = [(stage["name"], stage["seconds"]) for stage in json.loads((work / "stages/stages.json").read_text())]

code = """
import resource, sys, time, json
import torch
torch.set_num_threads(2)
from monai.bundle import ConfigParser
root, image, out = sys.argv[1:]
parser = ConfigParser()
parser.read_config(root + "/configs/inference.json")
parser.read_meta(root + "/configs/metadata.json")
parser["bundle_root"], parser["output_dir"] = root, out
pre, inferer, post = (parser.get_parsed_content(k) for k in ("preprocessing", "inferer", "postprocessing"))
net = torch.jit.load(root + "/models/model.ts", map_location="cpu").eval()
times = []
def apply(transform, sample):
    start = time.perf_counter()
    sample = transform(sample)
    times.append((type(transform).__name__, time.perf_counter() - start))
    return sample
sample = {"image": image}
for transform in pre.transforms: sample = apply(transform, sample)
with torch.no_grad(): sample["pred"] = inferer(sample["image"][None], net)[0]
for transform in post.transforms: sample = apply(transform, sample)
print(json.dumps([times, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
result = subprocess.run([sys.executable, "-c", code, str(bundle), str(image), str(work / "monai")],
                        capture_output=True, text=True)
if result.returncode:
    sys.exit(result.stderr)
theirs, their_peak = json.loads(result.stdout.splitlines()[-1])
theirs = dict(theirs)
print(f"{'':24} {'Portico':>9} {'MONAI':>9}   (milliseconds)")
reading, their_memory = 0.0, 0.0
for name, seconds in steps:
    if name == "inferer":
        continue
    print(f"{name:24} {seconds * 1e3:9.1f} {theirs.get(name, float('nan')) * 1e3:9.1f}")
    if name == "LoadImaged":
        reading = seconds
    elif name != "SaveImaged":
        their_memory += theirs.get(name, 0)
# The stages of the run that keeps nothing: keeping arrays writes files in between.
memory = whole["preprocessing"] - reading + whole["postprocessing"]
files = reading + whole["write"]
print(f"{'writing the file':24} {whole['write'] * 1e3:9.1f}           (MONAI's is its SaveImaged)")
print(f"from the volume to the label map in memory: {memory:.2f} s (bound 0.9 s), MONAI {their_memory:.2f} s")
print(f"with reading and writing .nii.gz: {memory + files:.2f} s (bound 1.5 s), MONAI "
      f"{their_memory + theirs['LoadImaged'] + theirs['SaveImaged']:.2f} s")
print(f"inference: {whole['inference']:.1f} s; peak memory {peak:.0f} MB (bound 1024 MB), MONAI {their_peak:.0f} MB")
sys.exit(0 if memory <= 0.9 and memory + files <= 1.5 and peak <= 1024 else 1)
