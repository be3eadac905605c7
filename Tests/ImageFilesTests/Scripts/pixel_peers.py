"""Makes PNG and JPEG files and what MONAI (Pillow) reads from them, and what MONAI writes as PNG.

    pixel_peers.py read FOLDER     files, and per line: file, mode, mode after convert("RGB")
    pixel_peers.py write FOLDER    arrays and PNG files, and per line: name and SaveImage's arguments as JSON
    pixel_peers.py show FILE...    mode, shape and pixels of each file as .npy beside it
"""

import io
import itertools
import json
import struct
import sys
import zlib

import numpy as np
from PIL import Image


def chunk(name, data=b""):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(samples, bits):
    """Rows of samples [h, w, c] as PNG stores them, each behind a filter byte: none, or the difference to the left."""
    rows = []
    for number, row in enumerate(samples):
        if bits == 16:
            data = row.astype(">u2").tobytes()
        else:
            field = (row.reshape(-1, 1) >> np.arange(bits)[::-1]) & 1
            data = np.packbits(field.astype(np.uint8)).tobytes()
        unit = max(1, bits * row.shape[1] // 8)
        if number % 2:
            values = np.frombuffer(data, np.uint8)
            data = (values - np.concatenate([np.zeros(unit, np.uint8), values[:-unit]])).astype(np.uint8).tobytes()
        rows.append(bytes([number % 2]) + data)
    return b"".join(rows)


def png(samples, bits, kind, interlaced, *extra):
    height, width, _ = samples.shape
    if interlaced:
        steps = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
        parts = [samples[y::dy, x::dx] for y, x, dy, dx in steps]
        data = b"".join(packed(part, bits) for part in parts if part.size)
    else:
        data = packed(samples, bits)
    stream = zlib.compress(data)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced)))
    pieces = [chunk(b"IDAT", stream[at : at + 700]) for at in range(0, len(stream), 700)]
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + b"".join(pieces) + chunk(b"IEND")


def pngs(rng):
    kinds = {0: (1, (1, 2, 4, 8, 16)), 2: (3, (8, 16)), 3: (1, (1, 2, 4, 8)), 4: (2, (8, 16)), 6: (4, (8, 16))}
    for kind, (channels, depths) in kinds.items():
        for bits, interlaced, (w, h) in itertools.product(depths, (False, True), ((1, 1), (7, 5), (33, 70), (65, 9))):
            samples = rng.integers(0, 1 << bits, (h, w, channels))
            extra = [chunk(b"gAMA", struct.pack(">I", 100000)), chunk(b"tEXt", b"Comment\0none")]
            if kind == 3:
                # Fewer entries than indices: the others are black.
                entries = rng.integers(0, 256, 3 * max(1, (1 << bits) * 3 // 4))
                extra.append(chunk(b"PLTE", entries.astype(np.uint8).tobytes()))
            if kind in (0, 3):
                extra.append(chunk(b"tRNS", b"\0\1"))
            name = f"png_{kind}_{bits}_{'adam7' if interlaced else 'plain'}_{w}x{h}.png"
            yield name, png(samples, bits, kind, interlaced, *extra)


def jpegs(rng):
    def encoded(image, **options):
        stream = io.BytesIO()
        image.save(stream, "JPEG", **options)
        return stream.getvalue()

    exif = Image.Exif()
    exif[0x0112] = 6
    for w, h in ((1, 1), (16, 8), (37, 51), (130, 35)):
        smooth = np.add.outer(np.arange(h) * 3, np.arange(w) * 2)[..., None] + rng.integers(0, 90, (h, w, 4))
        pixels = (smooth % 256).astype(np.uint8)
        colour = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
        for sampling, progressive, quality in itertools.product((0, 1, 2), (False, True), (40, 95)):
            name = f"jpeg_rgb_{sampling}_{'progressive' if progressive else 'baseline'}_{quality}_{w}x{h}.jpg"
            yield name, encoded(colour, subsampling=sampling, progressive=progressive, quality=quality)
        for progressive in (False, True):
            grey = Image.fromarray(np.ascontiguousarray(pixels[..., 0]))
            yield f"jpeg_grey_{int(progressive)}_{w}x{h}.jpg", encoded(grey, progressive=progressive, exif=exif)
        yield f"jpeg_turned_{w}x{h}.jpg", encoded(colour, exif=exif)
        yield f"jpeg_restart_{w}x{h}.jpg", encoded(colour, restart_marker_blocks=2)
        yield f"jpeg_kept_{w}x{h}.jpg", encoded(colour, keep_rgb=True)
        yield f"jpeg_cmyk_{w}x{h}.jpg", encoded(Image.fromarray(pixels, "CMYK"), quality=90)


def read(folder):
    from monai.data import PILReader

    rng = np.random.default_rng(7)
    for name, content in itertools.chain(pngs(rng), jpegs(rng)):
        path = f"{folder}/{name}"
        with open(path, "wb") as file:
            file.write(content)
        modes = []
        for suffix, converter in (("", None), (".rgb", lambda image: image.convert("RGB"))):
            reader = PILReader(converter=converter)
            array, meta = reader.get_data(reader.read(path))
            np.save(f"{path}{suffix}.npy", np.ascontiguousarray(array.astype(np.float32)))
            modes.append(meta["mode"])
        print(name, *modes)


def write(folder):
    import torch
    from monai.transforms import SaveImage

    rng = np.random.default_rng(11)
    shapes = [(1, 9, 6), (2, 9, 6), (3, 9, 6), (4, 9, 6), (5, 9, 6), (0, 9, 6), (3, 9, 6, 2), (1, 9, 6, 1), (2, 5, 1),
              (3, 5), (5,), (4,), (1, 1, 1), (3, 1, 1), (3, 1, 5), (3, 5, 1), (1, 5, 1), (1, 1, 5), (1, 2, 3, 4, 5),
              (9, 6)]
    types = {"uint8": np.uint8, "uint16": np.uint16}
    count = 0
    for shape, scale, dtype, axis, squeeze in itertools.product(
        shapes, (None, 255, 65535), ("uint8", "uint16"), (0, 1, None), (True, False)
    ):
        # MONAI leaves what doesn't fit to the processor; without a scale the values fit.
        if scale:
            values = rng.uniform(-0.2, 1.2, shape).astype(np.float32)
            values.reshape(-1)[:4] = [0, 1, -np.inf, np.inf][: min(4, values.size)]
        else:
            values = rng.uniform(-0.99, 255.99, shape).astype(np.float32)
        name = f"case{count}"
        count += 1
        np.save(f"{folder}/{name}.npy", values)
        saver = SaveImage(
            output_ext=".png", scale=scale, output_dtype=types[dtype], channel_dim=axis, squeeze_end_dims=squeeze,
            print_log=False)
        try:
            saver(torch.from_numpy(values), filename=f"{folder}/{name}.monai")
            written = True
        except Exception:
            written = False
        bits = 8 if dtype == "uint8" else 16
        print(name, json.dumps(dict(scale=scale, bits=bits, axis=axis, squeeze=squeeze, written=written)))


def show(*paths):
    for path in paths:
        image = Image.open(path)
        array = np.asarray(image)
        np.save(f"{path}.npy", array)
        print(image.mode)


if __name__ == "__main__":
    {"read": read, "write": write, "show": show}[sys.argv[1]](*sys.argv[2:])
