"""Writes Tests/ModelBundlesTests/SchemaCases.swift: what jsonschema says of metadata with one field changed.

    python3 Tests/Scripts/make_schema_cases.py ../shared/zoo/_schemas

It needs jsonschema. Each of MONAI's schemas gets one file with every field that the schema describes; each field of
it is then left out or replaced by each of VALUES, and the paths of the fields that jsonschema refuses are kept.
"""

import json
import pathlib
import sys
import textwrap
from importlib.metadata import version

from jsonschema.validators import validator_for

HERE = pathlib.Path(__file__).parent

TENSOR = (
    '{"type": "image", "format": "raw", "num_channels": 1, "spatial_shape": [64, "16*n", "*"], "dtype": "float32", '
    '"value_range": [0, 1], "is_patch_data": true, "channel_def": {"0": "image"}}'
)
CHOICE = '{"type": "array", "value_range": ["head", "pelvis"]}'
COMMON = (
    '"version": "0.1.0", "monai_version": "1.4.0", "pytorch_version": "2.4.0", "numpy_version": "1.24.4", '
    '"changelog": {"0.1.0": "first"}, "task": "t", "description": "d", "authors": "a", "copyright": "c", '
    '"data_source": "s", "data_type": "nibabel", "image_classes": "i", "label_classes": "l", "pred_classes": "p", '
    '"intended_use": "u", "eval_metrics": {"dice": 0.9}, "references": ["r"]'
)
OPTIONAL = '"optional_packages_version": {"nibabel": "5.2.1"}, '
# What each schema describes besides; T is TENSOR and C is CHOICE.
FORMATS = {
    "meta_schema_20220324": OPTIONAL
    + '"network_data_format": {"inputs": {"image": T, "label": T}, "outputs": {"pred": T}}',
    "meta_schema_20220729": OPTIONAL
    + '"network_data_format": {"inputs": {"image": T, "label": T, "latent": T}, "outputs": {"pred": T, "latent": T}}',
    "meta_schema_20240725": '"required_packages_version": {"nibabel": "5.2.1"}, "supported_apps": {"x": "y"}, '
    '"network_data_format": {"inputs": {"any": T, "steps": 1}, "outputs": {"out": T}, '
    '"post_processed_outputs": {"mask": T}}, "vae_data_format": {"inputs": {"any": T}, "outputs": {"out": T}}',
    "meta_schema_generator_20220718": OPTIONAL
    + '"network_data_format": {"inputs": {"latent": T}, "outputs": {"pred": T}}',
    "meta_schema_generator_ldm_20230507": OPTIONAL
    + '"autoencoder_data_format": {"inputs": {"image": T}, "outputs": {"pred": T}}, '
    '"generator_data_format": {"inputs": {"latent": T, "condition": T}, "outputs": {"pred": T}}',
    "meta_schema_generator_ldm_20240318": OPTIONAL
    + '"autoencoder_data_format": {"inputs": {"image": T, "body_region": C, "anatomy_list": C}, '
    '"outputs": {"pred": T}}, '
    '"generator_data_format": {"inputs": {"latent": T, "condition": T}, "outputs": {"pred": T}}',
    "meta_schema_hovernet_20221124": OPTIONAL
    + '"network_data_format": {"inputs": {"image": T, "label": T}, "outputs": {"pred": T}}',
}
# None leaves the field out.
VALUES = [None, "null", "true", "3", "1.0", "2.5", '"x"', "[]", "{}", "[1]", '["x"]', '{"x": null}']
# Fields that are no field of the file above, or that differ inside of a list.
OTHERS = [
    ("T::value_range", "[0, 2.5, null, true, NaN, Infinity, [1]]"),
    ("T::spatial_shape", '[1, "n", null, true, 1.0, 2.5, [], 1e300, Infinity]'),
    ("T::num_channels", "1e300"),
    ("T::num_channels", "NaN"),
    ("T::num_channels", "-1"),
    ("T::label_def", "3"),
]
TOP = [
    ("references", '["x", 3, null]'),
    ("anything", "null"),
    ("supported_apps", "3"),
    ("required_packages_version", "3"),
    ("optional_packages_version", "3"),
    ("network_data_format", "3"),
    ("x_data_format", "3"),
    ("_data_format", "3"),
    ("a1__data_format", "null"),
    ("é_data_format", "3"),
    ("x-y_data_format", "3"),
    ("x_data_format_", "3"),
    ("x_data_format\n", "3"),
    ("\nx_data_format", "3"),
    ("generator_data_format", '{"inputs": {}}'),
    ("network_data_format", '{"inputs": {"": null, "\\n": null, "a\\n": null, "a\\nb": null, "b": null}}'),
    ("network_data_format", '{"inputs": {"image": {"type": 3}}, "outputs": {"y": [], "pred": {"dtype": []}}}'),
]


def refused(error):
    """The ids of the fields that an error is about."""
    place = "::".join(map(str, error.absolute_path))
    if error.validator == "required":
        for name in error.validator_value:
            if error.message == f"{name!r} is a required property":
                return [place + "::" + name if place else name]
        raise ValueError(error.message)
    if error.validator == "anyOf":
        # The choices for the kind of value that the file has say what is wrong inside of it.
        choices = {}
        for inner in error.context:
            choices.setdefault(inner.relative_schema_path[0], []).append(inner)
        fitting = [c for c in choices.values() if not any(e.validator == "type" and not e.relative_path for e in c)]
        if fitting:
            return [path for choice in fitting for inner in choice for path in refused(inner)]
    return [place]


def check(name, document):
    schema = json.loads((pathlib.Path(sys.argv[1]) / (name + ".json")).read_text())
    validator = validator_for(schema)(schema)
    return sorted({path for error in validator.iter_errors(document) for path in refused(error)})


def base(name):
    formats = FORMATS[name].replace(": T", ": " + TENSOR).replace(": C", ": " + CHOICE)
    return f'{{"schema": "https://example.org/{name}.json", {COMMON}, {formats}}}'


def changed(name, place, value):
    document = json.loads(base(name))
    *parents, key = place.split("::")
    node = document
    for parent in parents:
        node = node[parent]
    if value is None:
        del node[key]
    else:
        node[key] = json.loads(value)
    return document


def places(node, above=""):
    """The ids of the mappings in which fields lie, and the keys of the fields."""
    yield above, [key for key in node if key != "schema"]
    for key, child in node.items():
        if isinstance(child, dict) and key not in ("changelog", "eval_metrics", "channel_def", "supported_apps"):
            if not key.endswith("packages_version"):
                yield from places(child, above + "::" + key if above else key)


def word(place, paths):
    """`-` for a file that is accepted, `.` for the field itself, else the fields below it."""
    assert all(path.startswith(place) for path in paths), (place, paths)
    return ",".join(path[len(place) :].removeprefix("::") or "." for path in paths) or "-"


def swift(text):
    return '##"' + text.replace("\n", "\\##n") + '"##'


def block(lines):
    """A literal of several lines."""
    return '##"""\n' + "".join(f"        {line}\n" for line in lines) + '        """##'


def wrapped(text, indent=""):
    return textwrap.wrap(text, 110, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def short(names):
    return "all" if len(names) == len(FORMATS) else " ".join(name.removeprefix("meta_schema_") for name in names)


rows, others, count = {}, {}, 0
for name in FORMATS:
    document = json.loads(base(name))
    assert check(name, document) == []
    for place, keys in places(document):
        fields = {}
        for key in keys:
            path = place + "::" + key if place else key
            outcomes = " ".join(word(path, check(name, changed(name, path, value))) for value in VALUES)
            fields.setdefault(outcomes, []).append(key)
            count += len(VALUES)
        group = tuple((" ".join(keys), outcomes) for outcomes, keys in fields.items())
        rows.setdefault(group, {}).setdefault(name, []).append(place or ".")
    tensor = next(place for place, keys in places(document) if "num_channels" in keys)
    for path, value in OTHERS + TOP:
        refusals = check(name, changed(name, path.replace("T::", tensor + "::"), value))
        outcome = " ".join(json.dumps(refusal.replace(tensor + "::", "T::")) for refusal in refusals)
        others.setdefault((json.dumps(path), value, outcome), []).append(name)
        count += 1

bases = [line for name, text in FORMATS.items() for line in [name, *wrapped("  " + text, "  ")]]
changes = []
for fields, places_of in rows.items():
    schemas = {}
    for name, at in places_of.items():
        schemas.setdefault(" ".join(at), []).append(name)
    for at, names in schemas.items():
        changes += wrapped(f"@ {short(names)} : {at}", "+ ")
    for keys, outcomes in fields:
        changes += wrapped(f"{keys} = {outcomes}", "+ ")
singles = []
for (path, value, outcome), names in others.items():
    singles += [*wrapped(f"{path} = {value}", "+ "), *wrapped(f"@ {short(names)} : {outcome}", "+ ")]
(HERE.parent / "ModelBundlesTests/SchemaCases.swift").write_text(
    f"// Written by Tests/Scripts/make_schema_cases.py with jsonschema {version('jsonschema')}.\n"
    "enum SchemaCases {\n"
    "    /// What the files share; T stands for `tensor` and C for `choice` in `bases`.\n"
    f"    static let common = {block(wrapped(COMMON))}\n\n"
    f"    static let tensor = {block(wrapped(TENSOR))}\n\n"
    f"    static let choice = {swift(CHOICE)}\n\n"
    "    /// For each schema the rest of a file with every field that it describes.\n"
    f"    static let bases = {block(bases)}\n\n"
    "    /// What takes the place of a field; nil leaves it out.\n"
    "    static let values: [String?] = [\n"
    f"        nil, {', '.join(swift(value) for value in VALUES[1:6])},\n"
    f"        {', '.join(swift(value) for value in VALUES[6:])},\n"
    "    ]\n\n"
    "    /// Behind `@` schemas, and behind `:` the mappings of their files of which the next lines speak: keys, and\n"
    "    /// behind `=` what is refused for each value: `-` nothing, `.` the field itself, else fields below it.\n"
    f"    static let changes = {block(changes)}\n\n"
    "    /// A field's path and its value; behind `@` schemas, and behind `:` the paths that they refuse. T is the\n"
    "    /// path of the first tensor.\n"
    f"    static let others = {block(singles)}\n"
    "}\n"
)
print(count, "cases")
