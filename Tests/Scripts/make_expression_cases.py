"""Writes Tests/ModelBundlesTests/ExpressionCases.swift: what MONAI gives for each expression of expressions.txt.

    python3 Tests/Scripts/make_expression_cases.py

A line that ends inside brackets or a string goes on in the next one. Without a value, MONAI fails.
"""

import json
import math
import pathlib
import types
import warnings

warnings.filterwarnings("ignore")

import monai  # noqa: E402
import torch  # noqa: E402
from monai.bundle import ConfigParser  # noqa: E402

HERE = pathlib.Path(__file__).parent
CONTINUED = {"'''a", "'a\\", "[1,", "(1 +"}


def expressions():
    lines = iter((HERE / "expressions.txt").read_text().split("\n"))
    for line in lines:
        if line in CONTINUED:
            line += "\n" + next(lines)
        if line:
            yield line


def encode(value, source):
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else json.dumps(value)
    if isinstance(value, str):
        return json.dumps(getattr(value, "value", value), ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(encode(v, source) for v in value) + "]"
    if isinstance(value, tuple):
        return '{"$tuple": [' + ", ".join(encode(v, source) for v in value) + "]}"
    if isinstance(value, dict):
        return "{" + ", ".join(json.dumps(str(k)) + ": " + encode(v, source) for k, v in value.items()) + "}"
    if isinstance(value, torch.device):
        return json.dumps({"$py": f"torch.device:{value}"})
    if isinstance(value, torch.dtype):
        return json.dumps({"$py": str(value)})
    if isinstance(value, types.LambdaType) and value.__name__ == "<lambda>":
        return json.dumps({"$lambda": "$" + source.strip("[]()") if source[0] in "[(" else "$" + source})
    return json.dumps({"$py": value.__module__ + "." + value.__name__})


def swift(text):
    return "nil" if text is None else '#"' + text.replace("\n", "\\#n") + '"#'


rows = []
for source in expressions():
    try:
        parser = ConfigParser({"i": ["$import math", "$import os"], "e": "$" + source})
        value = encode(parser.get_parsed_content("e"), source)
    except Exception:
        value = None
    rows.append(f"        ({swift(source)}, {swift(value)}),\n")

(HERE.parent / "ModelBundlesTests/ExpressionCases.swift").write_text(
    f"// Written by Tests/Scripts/make_expression_cases.py with MONAI {monai.__version__} and torch {torch.__version__}.\n"
    "enum ExpressionCases {\n"
    "    /// Expressions without their `$`, and MONAI's value as JSON; nil where MONAI fails.\n"
    "    static let all: [(expression: String, value: String?)] = [\n" + "".join(rows) + "    ]\n}\n"
)
print(len(rows), "expressions")
