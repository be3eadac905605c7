#!/usr/bin/env python3
"""Writes the cases of the ordinary tests as seeds, beside those of Tests/Fuzz/Seeds: make_seeds.py TARGET FOLDER"""
import json
import pathlib
import sys

target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
scripts = pathlib.Path(__file__).parents[1] / "Scripts"
texts = []
if target == "FuzzExpression":
    texts = (scripts / "expressions.txt").read_text().split("\n")
elif target == "FuzzConfiguration":
    configurations = json.loads((scripts / "configurations.json").read_text())
    texts = [text for text, _ in configurations] + json.loads((scripts / "yaml_texts.json").read_text())
for number, text in enumerate(dict.fromkeys(texts)):
    (folder / f"{number:04}").write_bytes(text.encode())
