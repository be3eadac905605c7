"""Writes Sources/ModelBundles/Components/ComponentTable+Names*.swift from an installed MONAI.

    python3 Tests/Scripts/make_component_table.py

The names are those of MONAI's own ComponentLocator; of an ambiguous one MONAI takes the first module, and so do we.
"""

import pathlib
import textwrap
import warnings
from collections import defaultdict

warnings.filterwarnings("ignore")

import monai  # noqa: E402
from monai.bundle import ComponentLocator  # noqa: E402

FOLDER = pathlib.Path(__file__).parents[2] / "Sources/ModelBundles/Components"
LINES = 370

locator = ComponentLocator()
locator.get_component_module_name("Compose")
modules = defaultdict(list)
for name, places in locator._components_table.items():
    modules[places[0]].append(name)

lines = []
for module in sorted(modules):
    text = module.removeprefix("monai.") + ": " + " ".join(sorted(modules[module]))
    lines += textwrap.wrap(text, 116, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False)

for old in FOLDER.glob("ComponentTable+Names*.swift"):
    old.unlink()
parts = [lines[start:start + LINES] for start in range(0, len(lines), LINES)]
for number, part in enumerate(parts, 1):
    body = "\n".join("        " + line for line in part)
    (FOLDER / f"ComponentTable+Names{number}.swift").write_text(
        f"// Written by Tests/Scripts/make_component_table.py from MONAI {monai.__version__}.\n"
        f"extension ComponentTable {{\n"
        f"    /// Modules below `monai.` with the classes and functions that each defines.\n"
        f'    static let names{number} = """\n{body}\n        """\n}}\n'
    )
print(sum(len(names) for names in modules.values()), "names of", len(modules), "modules in", len(parts), "files")
