#!/usr/bin/env python3
"""Checks dicom-fixtures/manifest.json against the files; with --write, brings its checksums up to date.

The manifest lists every committed file that is not source text: where it came from, what it is for, its SHA-256.
Exits with 1 and the names of files that are missing, changed or not listed.
"""
import argparse
import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "manifest.json"
SUFFIXES = {".dcm", ".gz", ".pt", ".ts"}  # what counts as made, not written


def made_files():
    """Paths, relative to this folder, of all files the manifest has to list."""
    return sorted(str(p.relative_to(HERE)) for p in HERE.rglob("*") if p.is_file() and p.suffix in SUFFIXES)


def sha256(name):
    """The file's checksum in hexadecimal."""
    return hashlib.sha256((HERE / name).read_bytes()).hexdigest()


def entry_of(name, entries):
    """The entry whose `path` is the file or the folder (ending in /) that holds it, or None."""
    return next((e for e in entries if name == e["path"] or e["path"].endswith("/") and name.startswith(e["path"])), None)


def problems(entries):
    """One line per file that is missing, changed or not listed."""
    listed = {name: digest for entry in entries for name, digest in entry["sha256"].items()}
    found = made_files()
    for name in sorted(set(listed) | set(found)):
        if name not in listed:
            yield f"not listed: {name}"
        elif name not in found:
            yield f"missing: {name}"
        elif sha256(name) != listed[name]:
            yield f"changed: {name}"


def rewrite(entries):
    """Fills every entry's checksums from the files; fails where a file has no entry to belong to."""
    for entry in entries:
        entry["sha256"] = {}
    for name in made_files():
        entry = entry_of(name, entries)
        if entry is None:
            sys.exit(f"no entry covers {name}: add its path, origin and purpose to {MANIFEST.name} first")
        entry["sha256"][name] = sha256(name)
    MANIFEST.write_text(json.dumps({"files": entries}, indent=2) + "\n")


def main():
    """Checks, or writes and then checks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="record the files as they are now")
    entries = json.loads(MANIFEST.read_text())["files"]
    if parser.parse_args().write:
        rewrite(entries)
    found = list(problems(entries))
    print("\n".join(found) or f"{len(made_files())} files match the manifest")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
