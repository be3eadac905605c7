#!/usr/bin/env python3
"""Says which coded triplets no independent dictionary has; reads lines `value<TAB>scheme<TAB>meaning`, prints JSON.

The dictionaries: pydicom's, DCMTK's header files, the context JSONs of dcmqi and TotalSegmentator's table.

usage: known_codes.py TERMINOLOGY_FOLDER < TRIPLETS
"""
import collections
import csv
import glob
import json
import re
import sys

from pydicom.sr._concepts_dict import concepts

known = collections.defaultdict(set)
for scheme, names in concepts.items():
    for codes in names.values():
        for value, (meaning, _) in codes.items():
            known[value, scheme].add(meaning.lower())
for header in glob.glob("/usr/include/dcmtk/dcmsr/codes/*.h"):
    for value, scheme, meaning in re.findall(
            r'DSRBasicCodedEntry\("([^"]+)",\s*"([^"]+)",\s*"([^"]+)"\)', open(header, errors="replace").read()):
        known[value, scheme].add(meaning.lower())


def walk(node):
    if isinstance(node, list):
        for child in node:
            walk(child)
    elif isinstance(node, dict):
        if "CodeValue" in node and "CodingSchemeDesignator" in node:
            known[node["CodeValue"], node["CodingSchemeDesignator"]].add(node.get("CodeMeaning", "").lower())
        for child in node.values():
            walk(child)


for name in glob.glob(sys.argv[1] + "/*.json"):
    walk(json.load(open(name)))
for row in csv.reader(open(sys.argv[1] + "/totalsegmentator_snomed_mapping.csv")):
    for at in range(1, len(row) - 2, 3):
        known[row[at + 1], row[at]].add(row[at + 2].lower())
unknown = []
for line in sys.stdin:
    value, scheme, meaning = line.rstrip("\n").split("\t")
    if meaning.lower() not in known[value, scheme]:
        unknown.append([value, scheme, meaning, sorted(known[value, scheme])])
print(json.dumps(unknown))
