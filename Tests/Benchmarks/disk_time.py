#!/usr/bin/env python3
"""Prints the seconds that the disk takes for N times (write a file, fdatasync, rename).

usage: disk_time.py FOLDER N BYTES
"""
import os
import shutil
import sys
import time

folder, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder)
data = os.urandom(size)
start = time.monotonic()
for number in range(count):
    temporary = os.path.join(folder, f"{number}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]
    os.fdatasync(descriptor)
    os.close(descriptor)
    os.rename(temporary, os.path.join(folder, f"{number}.dcm"))
print(f"{time.monotonic() - start:.2f}")
shutil.rmtree(folder)
