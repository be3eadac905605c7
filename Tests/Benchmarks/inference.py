"""Times whole runs of a bundle in `portico run` and in MONAI, in turns; used by inference.sh.

    inference.py PORTICO BUNDLE MONAI_BASELINE WORK ROUNDS
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

portico, bundle, baseline, work, rounds = *sys.argv[1:5], int(sys.argv[5])
work = pathlib.Path(work)
image = work / "ct.nii.gz"


def timed(command, cache=None, folder=work):
    """Wall time from exec to exit, peak memory in MB, and the output."""
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache or work / "cache"))
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=environment, cwd=folder)
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]}: {errors or output}")
    return seconds, usage.ru_maxrss / 1024, output


def run(engine="auto"):
    seconds, peak, output = timed([portico, "run", "--engine", engine, "--bundle", bundle, "--input", image, "--threads",
                                   "2", "--format", "json", "-o", work / engine])
    return seconds, peak, json.loads(output)


def engine_time(number):
    """What the engines themselves take for a window just now."""
    cache = work / f"verify-{number}"
    timed([portico, "bundle", "verify", bundle], cache=cache)
    verdict = json.loads(next(cache.glob("portico/engines/*/verdict.json")).read_text())
    return {found["engine"]: min(t["secondsPerWindow"] for t in found["timings"]) for found in verdict["candidates"]}


first, peak, summary = run()
print("first run: " + f"{first:.2f} s, peak {peak:.0f} MB; "
      + ", ".join(f"{stage['name']} {stage['seconds']:.2f} s" for stage in summary["stages"]))
print(summary["provenance"]["engine"] + "; " + (summary["provenance"].get("engineProof") or "libtorch"))

ours, theirs, stages, engines, torch = [], [], {}, [], []
for number in range(rounds):
    seconds, peak, summary = run()
    ours.append((seconds, peak))
    for stage in summary["stages"]:
        stages.setdefault(stage["name"], []).append(stage["seconds"])
    torch.append(run("torch")[:2])
    seconds, peak, output = timed([sys.executable, baseline, bundle, image, "2"])
    theirs.append((seconds, peak, output.strip().splitlines()[-1]))
    engines.append(engine_time(number))
    print(f"round {number + 1}: Portico {ours[-1][0]:.2f} s, with torch {torch[-1][0]:.2f} s, MONAI {seconds:.2f} s ({theirs[-1][2]})")


def median(values):
    return statistics.median(values)


windows = int(os.environ.get("WINDOWS", "0")) or 50
own = median([found["openvino"] for found in engines])
total, their_total = median([o[0] for o in ours]), median([t[0] for t in theirs])
inference = median(stages["inference"])
print("stages of Portico, medians: " + ", ".join(f"{name} {median(values):.2f} s" for name, values in stages.items()))
print(f"a window: OpenVINO {own * 1e3:.1f} ms, libtorch {median([e['torch'] for e in engines]) * 1e3:.1f} ms")
print(f"inference: {inference:.2f} s for {windows} windows, {inference / (windows * own):.2f} of the engine's own time (bound 1.1)")
print(f"exec to exit: Portico {total:.2f} s, with torch {median([t[0] for t in torch]):.2f} s, MONAI {their_total:.2f} s; "
      f"{their_total / total:.1f} times faster (bound 3)")
peak = max(o[1] for o in ours)
print(f"peak memory: Portico {peak:.0f} MB (bound 1331), with torch {max(t[1] for t in torch):.0f} MB, "
      f"MONAI {max(t[1] for t in theirs):.0f} MB")
sys.exit(0 if inference <= 1.1 * windows * own and their_total >= 3 * total and peak <= 1331 else 1)
