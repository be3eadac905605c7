"""Takes time and peak memory of a bundle with 105 channels; used by channels.sh.

    channels.py PORTICO BUNDLE WORK
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

portico, source, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
bundle = work / "wholeBody"

# In a process of its own: its memory would count as a child's at the end.
make = """
import pathlib, sys
import nibabel, numpy, torch
from monai.bundle import ConfigParser
from monai.networks import convert_to_torchscript
bundle, image = pathlib.Path(sys.argv[1]), sys.argv[2]
torch.manual_seed(5)
parser = ConfigParser()
parser.read_config(bundle / "configs/inference.json")
network = parser.get_parsed_content("network_def").eval()
torch.jit.save(convert_to_torchscript(network), str(bundle / "models/model.ts"))
shape = (300, 300, 400)
x, y, z = numpy.meshgrid(*(numpy.linspace(-1, 1, n, dtype=numpy.float32) for n in shape), indexing="ij")
values = numpy.where((x / .8) ** 2 + (y / .6) ** 2 < 1, 60, -1000) + 200 * numpy.sin(9 * x) * numpy.cos(7 * y + 11 * z)
nibabel.save(nibabel.Nifti1Image(values.astype(numpy.int16), numpy.diag([1.5, 1.5, 1.5, 1])), image)
"""
shutil.copytree(source, bundle)
(bundle / "models").mkdir(exist_ok=True)
image = work / "volume.nii.gz"
subprocess.run([sys.executable, "-c", make, str(bundle), str(image)], check=True)

for number in (1, 2):
    environment = dict(os.environ, XDG_CACHE_HOME=str(work / "cache"))
    command = [portico, "run", "--bundle", bundle, "--input", image, "--format", "json", "--threads", "2", "-o",
               work / "out"]
    start = time.perf_counter()
    with open(work / "summary.json", "w") as output:
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.PIPE, text=True,
                                   env=environment)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(errors)
    summary = json.loads((work / "summary.json").read_text())
    print(f"run {number}: {time.perf_counter() - start:.1f} s on {summary['provenance']['engine']}, "
          f"peak {usage.ru_maxrss / 1024:.0f} MB (bound 4096 MB); "
          + ", ".join(f"{stage['name']} {stage['seconds']:.1f} s" for stage in summary["stages"]))
    print("  " + (summary["provenance"].get("engineProof") or "libtorch"))
sys.exit(0 if usage.ru_maxrss < 4 << 20 else 1)
