"""Writes Tests/OperatorsTests/LambdaCases.swift: what torch makes of a few tensors with each lambda of lambdas.txt.

    python3 Tests/Scripts/make_lambda_cases.py

A line that begins with `#` names the tensor for those below it; an indented line goes on with the one above it. The
lambdas are read by MONAI's ConfigParser, with references to the ids of CONFIGURATION. Without a result, torch fails.
"""

import pathlib
import warnings

warnings.filterwarnings("ignore")

import monai  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from monai.bundle import ConfigParser  # noqa: E402
from monai.data import MetaTensor  # noqa: E402

HERE = pathlib.Path(__file__).parent
CONFIGURATION = {"channel": 1, "labels": [2, 0], "threshold": 0.25, "flag": True}
nan, inf = float("nan"), float("inf")


def random(seed, *shape):
    return torch.from_numpy(np.random.default_rng(seed).normal(0, 2, shape).astype(np.float32))


IMAGE = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.1, 1 / 3, -7, 3, 0.25, -0.1, 1, -1, 5.75, 2 / 3, 6.5, -3.25, 4, 0.3, -0.7, 9]
SPECIAL = [nan, inf, -inf, 0.5, 1.5, 2.5, -0.5, -1.5, 1, nan, 2, -inf, -0.25, 3e38, 1e-40, -7]
INPUTS = {
    "mask": torch.tensor([0, 1, 0, 1, 0, 0, 1, 1] + [0, 0, 1, 1, 0, 1, 0, 1] + [0, 0, 0, 1, 1, 0, 0, 0.0]).reshape(3, 2, 2, 2),
    "image": torch.tensor(IMAGE + [-4.5, 12]).reshape(3, 2, 2, 2),
    "special": torch.tensor(SPECIAL).reshape(2, 1, 2, 4),
    "wide": random(1, 4, 2, 4, 8),
    "deep": random(2, 20, 1, 4, 8),
}


def cases():
    lines = (HERE / "lambdas.txt").read_text().replace("\n ", "\0").splitlines()
    name = None
    for line in lines:
        if line.startswith("# "):
            name = line[2:]
        else:
            yield name, line.replace("\0", "\n ")


def text(value):
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    short = repr(np.float32(value).item()) if not np.isfinite(value) else np.format_float_scientific(np.float32(value), trim="-")
    plain = np.format_float_positional(np.float32(value), trim="-") if np.isfinite(value) else short
    return min(plain, short, key=len)


def described(tensor):
    values = " ".join(text(value) for value in tensor.flatten().tolist())
    return str(tensor.dtype).split(".")[1], list(tensor.shape), values


def swift(source):
    return '#"' + source.replace("\n", "\\#n") + '"#'


inputs = []
for name, tensor in INPUTS.items():
    _, shape, values = described(tensor)
    inputs.append(f'        "{name}": ({shape}, "{values}"),\n')
rows = []
for name, source in cases():
    try:
        parser = ConfigParser({**CONFIGURATION, "f": "$" + source})
        result = parser.get_parsed_content("f")(MetaTensor(INPUTS[name].clone()))
        result = torch.as_tensor(result)
        dtype, shape, values = described(result)
        expected = f'("{dtype}", {shape}, "{values}")'
    except Exception:
        expected = "nil"
    rows.append(f'        ("{name}", {swift(source)}, {expected}),\n')

(HERE.parent / "OperatorsTests/LambdaCases.swift").write_text(
    f"// Written by Tests/Scripts/make_lambda_cases.py with MONAI {monai.__version__} and torch {torch.__version__}.\n"
    "// swift-format-ignore-file\n"
    "enum LambdaCases {\n"
    "    /// The ids that the lambdas refer to.\n"
    '    static let configuration = #""channel": 1, "labels": [2, 0], "threshold": 0.25, "flag": true"#\n\n'
    "    /// The tensors by their names: shape and values.\n"
    "    static let inputs: [String: (shape: [Int], values: String)] = [\n" + "".join(inputs) + "    ]\n\n"
    "    /// The tensor, the lambda, and type, shape and values of torch's result; nil where torch fails.\n"
    "    static let all: [(input: String, lambda: String, expected: (type: String, shape: [Int], values: String)?)] = [\n"
    + "".join(rows)
    + "    ]\n}\n"
)
print(len(rows), "lambdas")
