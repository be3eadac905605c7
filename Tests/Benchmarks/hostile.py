"""Writes hostile configurations and archives and times `portico bundle` on each; used by hostile.sh.

    hostile.py PORTICO WORK
"""

import json
import pathlib
import subprocess
import sys
import time
import zipfile

portico, work = sys.argv[1], pathlib.Path(sys.argv[2])
ends = {}


def config(name, text, suffix="json"):
    path = work / f"{name}.{suffix}"
    path.write_text(text)
    ends[name] = ["resolve", str(path), "e"]


def archive(name, members):
    path = work / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for member, data in members:
            file.writestr(member, data)
    ends[name] = ["inspect", str(path)]


bomb = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))
config("yaml-alias-bomb", "a0: &a0 [x]\n" + bomb, "yaml")
config("json-100000-brackets", '{"e": ' + "[" * 100_000 + "]" * 100_000 + "}")
config("yaml-100000-brackets", "e: " + "[" * 100_000, "yaml")
config("yaml-100000-list-items", "- " * 100_000, "yaml")
config("expression-100000-brackets", json.dumps({"e": "$" + "(" * 100_000}))
for number, expression in enumerate(
    ["9**9**9", "'x'*10**9", "[0]*10**9", "range(10**18)[-1] + len(list(range(10**9)))", "int('9'*900000)"]
):
    config(f"expression-{number}", json.dumps({"e": "$" + expression}))
config("a-million-at-signs", json.dumps({"e": "$" + "@" * 1_000_000}))
for name, sign in [("macros-of-macros", "%"), ("references-that-unfold", "@")]:
    levels = {f"a{i}": [f"{sign}a{i - 1}"] * 9 for i in range(1, 40)}
    config(name, json.dumps({"a0": [1], **levels, "e": sign + "a39"}))
config("a-long-macro", json.dumps({"e": "%" + "a::" * 200_000}))
archive(
    "zip-bomb", [("zip-bomb/configs/metadata.json", b" " * (512 << 20)), ("zip-bomb/configs/inference.json", "{}")]
)
archive("zip-with-parent-names", [("zip-with-parent-names/configs/metadata.json", "{}"), ("../evil", "x")])
archive("zip-of-200000-members", [(f"m{i}", "") for i in range(200_000)])

worst = 0
failures = []
for name, words in ends.items():
    start = time.perf_counter()
    result = subprocess.run([portico, "bundle", *words], capture_output=True, text=True)
    seconds = time.perf_counter() - start
    worst = max(worst, seconds)
    line = result.stderr.split("\n")[0]
    if result.returncode != 1 or not line.startswith("Error: "):
        failures.append(name)
    print(f"{name:30} {seconds * 1000:7.0f} ms   {line[:110]}")
print(f"\nslowest {worst:.2f} s, bound 1 s: {'holds' if worst < 1 and not failures else 'MISSED'}")
if failures:
    print("without a clear error: " + ", ".join(failures))
sys.exit(worst >= 1 or bool(failures))
