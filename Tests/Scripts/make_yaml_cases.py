"""Writes Tests/ModelBundlesTests/YAMLCases.swift: what PyYAML's SafeLoader gives for each text of yaml_texts.json.

    python3 Tests/Scripts/make_yaml_cases.py        (needs PyYAML)

Without a value, PyYAML fails, or the value has no form in a configuration (dates, integers beyond 64 bits).
"""

import json
import math
import pathlib

import yaml

HERE = pathlib.Path(__file__).parent


class Loader(yaml.SafeLoader):
    """Reads every key on its own, as MONAI's CheckKeyDuplicatesYamlLoader does; so `<<` fails."""

    def construct_mapping(self, node, deep=False):
        for key, _ in node.value:
            hash(self.construct_object(key, deep=deep))
        return super().construct_mapping(node, deep)


def encode(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise ValueError
        return json.dumps(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(map(encode, value)) + "]"
    if isinstance(value, dict):
        if any(isinstance(k, bool) or not isinstance(k, (str, int)) for k in value):
            raise ValueError
        return "{" + ", ".join(json.dumps(str(k), ensure_ascii=False) + ": " + encode(v) for k, v in value.items()) + "}"
    raise ValueError


def swift(text):
    if text is None:
        return "nil"
    return '##"' + text.replace("\n", "\\##n").replace("\t", "\\##t") + '"##'


rows = []
for text in json.loads((HERE / "yaml_texts.json").read_text()):
    try:
        value = encode(yaml.load(text, Loader))
    except Exception:
        value = None
    rows.append(f"        ({swift(text)}, {swift(value)}),\n")

(HERE.parent / "ModelBundlesTests/YAMLCases.swift").write_text(
    f"// Written by Tests/Scripts/make_yaml_cases.py with PyYAML {yaml.__version__}.\n"
    "enum YAMLCases {\n"
    "    /// Texts, and PyYAML's value as JSON; nil where it fails.\n"
    "    static let all: [(text: String, value: String?)] = [\n" + "".join(rows) + "    ]\n}\n"
)
print(len(rows), "texts")
