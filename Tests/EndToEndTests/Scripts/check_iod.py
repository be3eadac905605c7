#!/usr/bin/env python3
"""Runs dciodvfy on an object made from a series and tells which of its errors come unchanged from the source.

An error is excused only where all of this holds: dciodvfy complains about the value, not the absence or place, of one
element at the top level; it complains in the same words about every image of the series; and the element's bytes are
the same in the object and in every image.

usage: check_iod.py OBJECT SERIES_FOLDER
"""
import json
import re
import subprocess
import sys

import pydicom

from series import Series

# dciodvfy -new: Error - </StudyID(0020,0010)[1]> - Value invalid for this VR [SH] = <...> - Length invalid ...
VALUE_ERROR = re.compile(r"^Error - </\w+\(([0-9a-f]{4}),([0-9a-f]{4})\)\[\d+\]> - Value invalid for this VR \[")


def errors(path):
    """The error lines of dciodvfy, which gives status 1 exactly when there are any."""
    run = subprocess.run(["dciodvfy", "-new", path], capture_output=True, text=True, errors="replace")
    lines = [line for line in (run.stdout + run.stderr).splitlines() if line.startswith("Error")]
    assert (run.returncode != 0) == bool(lines), f"dciodvfy ended with {run.returncode} and {len(lines)} errors"
    return lines


def raw(path, tag):
    """The element's bytes as they lie in the file."""
    element = pydicom.dcmread(path, stop_before_pixels=True).get_item(tag)
    return None if element is None else bytes(element.value)


def is_inherited(line, path, sources, source_errors):
    """Whether the complaint is about a value that is copied unchanged from every image."""
    match = VALUE_ERROR.match(line)
    if not match:
        return False
    tag = (int(match[1], 16) << 16) | int(match[2], 16)
    value = raw(path, tag)
    return value is not None and all(line in lines for lines in source_errors) and all(
        raw(source, tag) == value for source in sources)


path, folder = sys.argv[1:]
sources = [d.filename for d in Series(folder).images]
found = errors(path)
source_errors = [errors(source) for source in sources] if found else []
inherited = [line for line in found if is_inherited(line, path, sources, source_errors)]
print(json.dumps({"inherited": inherited, "own": [line for line in found if line not in inherited]}))
