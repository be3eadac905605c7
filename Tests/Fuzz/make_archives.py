#!/usr/bin/env python3
"""Writes the archives of Tests/Fuzz/Seeds/FuzzArchive, right ones and wrong ones; the same bytes each time."""
import io
import pathlib
import struct
import zipfile

folder = pathlib.Path(__file__).parent / "Seeds" / "FuzzArchive"
METADATA = b'{"version": "1.0", "name": "small"}'
CONFIG = b'{"preprocessing": {"_target_": "Compose", "transforms": []}}'
TEXT = b"spleen and liver, " * 40


def archive(*members, comment=b"", unseekable=False):
    """Members are name, contents, and what ZipInfo is to have."""
    stream = io.BytesIO()
    # What cannot be sought has its sizes behind the data (data descriptors).
    target = Unseekable(stream) if unseekable else stream
    with zipfile.ZipFile(target, "w") as out:
        for name, contents, *fields in members:
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            zip64 = False
            for key, value in (fields[0] if fields else {}).items():
                if key == "zip64":
                    zip64 = value
                else:
                    setattr(info, key, value)
            with out.open(info, "w", force_zip64=zip64) as member:
                member.write(contents)
        out.comment = comment
    return stream.getvalue()


class Unseekable(io.RawIOBase):
    def __init__(self, stream):
        self.stream = stream

    def writable(self):
        return True

    def write(self, data):
        return self.stream.write(data)


def patched(data, old, new, which=0):
    """The bytes with one occurrence of `old` replaced by as many others."""
    assert len(old) == len(new)
    place = -1
    for _ in range(which + 1):
        place = data.index(old, place + 1)
    return data[:place] + new + data[place + len(old) :]


def at(data, offset, value):
    return data[:offset] + value + data[offset + len(value) :]


STORED = {"compress_type": zipfile.ZIP_STORED}
bundle = archive(("small/configs/metadata.json", METADATA), ("small/configs/inference.json", CONFIG), ("small/", b""))
script = archive(
    *((f"net/{name}", contents, STORED) for name, contents in [
        ("data.pkl", b"\x80\x02}."), ("constants.pkl", b"\x80\x02)."), ("version", b"3\n"), ("byteorder", b"little"),
        ("code/__torch__/net.py", b"class Net(Module):\n  pass\n"), ("extra/metadata.json", METADATA),
        ("extra/inference.json", CONFIG), ("data/0", bytes(64))]))
plain = archive(("a", TEXT, STORED))
deflated = archive(("a", TEXT))
two = archive(("a", b"1", STORED), ("b", b"2", STORED))
directory = deflated.index(b"PK\x01\x02")
end = deflated.index(b"PK\x05\x06")
seeds = {
    "empty": archive(),
    "stored": plain,
    "deflated": deflated,
    "bundle": bundle,
    "torchscript": script,
    "comment": archive(("a", TEXT), comment=b"PK\x05\x06" + bytes(18) + b"PK\x05\x06"),
    "data-descriptor": archive(("a", TEXT), ("b", TEXT, STORED), unseekable=True),
    "zip64-member": archive(("a", TEXT, {"zip64": True})),
    "nested": archive(("inner.zip", bundle)),
    "folder-above": archive(("../a", TEXT)),
    "absolute": archive(("/a", TEXT)),
    "backslash": patched(archive(("a_b", b"1")), b"a_b", b"a\\b", 1),
    "not-utf8": patched(archive(("a_b", b"1")), b"a_b", b"a\xffb", 1),
    "link": archive(("a", b"/etc/passwd", {"create_system": 3, "external_attr": 0xA1FF0000})),
    "encrypted": at(deflated, directory + 8, b"\x01\x00"),
    "method": at(at(deflated, directory + 10, b"\x0e\x00"), 8, b"\x0e\x00"),
    "bad-checksum": at(deflated, directory + 16, b"abcd"),
    "bad-data": at(deflated, 31, b"\xff\xff\xff\xff"),
    "bad-local-header": at(deflated, 0, b"PK\x07\x08"),
    "bad-local-name": at(deflated, 30, b"b"),
    "long-local-extra": at(plain, 28, b"\x10\x00"),
    "size-too-small": at(deflated, directory + 24, struct.pack("<I", 10)),
    "size-too-large": at(deflated, directory + 24, struct.pack("<I", 0x7FFFFFFF)),
    "size-of-zip64": at(deflated, directory + 24, struct.pack("<I", 0xFFFFFFFF)),
    "stored-of-two-lengths": at(plain, plain.index(b"PK\x01\x02") + 24, struct.pack("<I", 10)),
    "overlapping": at(two, two.index(b"PK\x01\x02", two.index(b"PK\x01\x02") + 4) + 42, struct.pack("<I", 10)),
    "twice": patched(two, b"b", b"a", 1),
    "offset-too-large": at(deflated, directory + 42, struct.pack("<I", 0x7FFFFFFF)),
    "count-too-large": at(deflated, end + 8, b"\xff\xff\xff\xff"),
    "directory-too-long": at(deflated, end + 12, struct.pack("<I", 0x7FFFFFFF)),
    "directory-too-late": at(deflated, end + 16, struct.pack("<I", 0x7FFFFFFF)),
    "two-disks": at(deflated, end + 4, b"\x01\x00\x01\x00"),
    "truncated": deflated[:-10],
    "truncated-to-the-end-record": deflated[end:],
    "text-before": b"#!/bin/sh\n" + deflated,
    "text-behind": deflated + b"more",
    "bomb": archive(("zeros", bytes(10 << 20))),
    "not-a-zip": b"PK\x03\x04" + bytes(40),
}
record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end - directory, directory)
locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
wide = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
seeds["zip64"] = deflated[:end] + record + locator + wide
seeds["zip64-offset"] = deflated[:end] + record + struct.pack("<4sIQI", b"PK\x06\x07", 0, 2**63, 1) + wide
seeds["zip64-count"] = deflated[:end] + at(record, 24, struct.pack("<QQ", 2**62, 2**62)) + locator + wide
seeds["zip64-directory"] = deflated[:end] + at(record, 40, struct.pack("<QQ", 2**63 - 1, 2**63 - 1)) + locator + wide

folder.mkdir(parents=True, exist_ok=True)
for name, data in seeds.items():
    (folder / f"{name}.zip").write_bytes(data)
