"""Writes Tests/ModelBundlesTests/ConfigurationCases.swift: what MONAI gives for each pair in configurations.json.

    python3 Tests/Scripts/make_configuration_cases.py

A pair is the text of a configuration and an id. Without a value, MONAI fails.
"""

import json

from make_expression_cases import HERE, ConfigParser, encode, monai
from monai.bundle.utils import merge_kv


def swift(text):
    return "nil" if text is None else '##"' + text.replace("\n", "\\##n") + '"##'


rows = []
for text, place in json.loads((HERE / "configurations.json").read_text()):
    try:
        merged = ConfigParser({})
        for key, node in json.loads(text).items():
            merge_kv(merged, key, node)
        value = encode(ConfigParser(merged.get()).get_parsed_content(place), " ")
    except Exception:
        value = None
    rows.append(f"        ({swift(text)}, {swift(place)}, {swift(value)}),\n")

(HERE.parent / "ModelBundlesTests/ConfigurationCases.swift").write_text(
    f"// Written by Tests/Scripts/make_configuration_cases.py with MONAI {monai.__version__}.\n"
    "enum ConfigurationCases {\n"
    "    /// A configuration, an id, and MONAI's value as JSON; nil where MONAI fails.\n"
    "    static let all: [(configuration: String, id: String, value: String?)] = [\n" + "".join(rows) + "    ]\n}\n"
)
print(len(rows), "configurations")
