"""Makes Golden/windows.npz: what MONAI 1.6.1's inferers give for images and networks that a formula says.

    python make_golden.py          needs monai==1.6.1 and torch; writes Golden/windows.npz beside this file

All arithmetic of image and networks is exact in float32, so only the inferers' own can differ. Member `cases` is JSON,
one entry per case; member `<number>` is its output without the batch axis, and absent where MONAI refuses.
"""

import io
import itertools
import json
import pathlib
import zipfile

import monai
import numpy as np
import torch
from monai.inferers import SliceInferer, SlidingWindowInferer

assert monai.__version__ == "1.6.1"
targets = {"SlidingWindowInferer": SlidingWindowInferer, "SliceInferer": SliceInferer}
cases, outputs = [], {}


def image(shape):
    """Multiples of 1/64 from -3.125 to 3.125, [1, C, ...]."""
    count = int(np.prod(shape))
    values = (np.arange(count, dtype=np.int64) * 7919 + 13) % 401 - 200
    return torch.from_numpy((values / 64).astype(np.float32).reshape(1, *shape))


def place(x):
    """A value that tells each place of a window from the others."""
    total = torch.zeros_like(x[:1, :1])
    for axis in range(2, x.ndim):
        view = [1] * x.ndim
        view[axis] = -1
        total = total + torch.arange(x.shape[axis], dtype=torch.float32).view(view) * 0.125 * 2.0**axis
    return total


def polynomial(x):
    return torch.cat([x[:, :1] * x[:, :1] + 2 * x[:, :1], x[:, -1:] * 0.5 + place(x)], 1)


def coarser(x):
    return polynomial(x)[(..., *[slice(None, None, 2)] * (x.ndim - 2))]


def coarser_last(x):
    return polynomial(x)[..., ::4]


def finer(x):
    y = polynomial(x)
    for axis in range(2, y.ndim):
        y = y.repeat_interleave(2, axis)
    return y


networks = {function.__name__: function for function in (polynomial, coarser, coarser_last, finer)}


def case(shape, network="polynomial", target="SlidingWindowInferer", **arguments):
    number = len(cases)
    try:
        output = targets[target](**arguments)(image(shape), networks[network])[0].numpy()
        outputs[str(number)] = np.ascontiguousarray(output)
    except (RuntimeError, ValueError):
        output = None
    cases.append(
        dict(shape=shape, network=network, target=target, arguments=arguments, refused=output is None))


def sliding():
    for mode in ("constant", "gaussian"):
        case((1, 11, 9, 8), roi_size=[4, 4, 4], mode=mode)
        case((2, 10, 9, 7), roi_size=5, sw_batch_size=4, overlap=0.5, mode=mode)
        case((1, 12, 7, 9), roi_size=[6, 5, 4], sw_batch_size=3, overlap=[0.1, 0.7, 0.9], mode=mode)
        case((1, 12, 7, 9), roi_size=[6, 0, -1], overlap=0.7, mode=mode)
        case((1, 12, 7, 9), roi_size=[None, 4, 9], sw_batch_size=2, mode=mode)
        case((1, 6, 7, 8), roi_size=[6, 7, 8], mode=mode)
        case((2, 19, 17), roi_size=[8, 6], overlap=0.6, mode=mode)
        case((1, 19, 17), roi_size=-1, mode=mode)
        case((3, 31), roi_size=[9], overlap=0.3, mode=mode)
        for padding in ("constant", "reflect", "replicate", "circular"):
            case((1, 5, 12, 6), roi_size=[8, 6, 9], overlap=0.4, mode=mode, padding_mode=padding)
            case((1, 5, 12), roi_size=[9, 6], sw_batch_size=2, mode=mode, padding_mode=padding)
        case((1, 5, 12, 6), roi_size=[8, 6, 9], overlap=0.4, mode=mode, cval=1.5)
        case((1, 5, 5), roi_size=[16, 4], mode=mode, padding_mode="reflect")
        case((1, 3, 5), roi_size=[12, 4], mode=mode, padding_mode="circular")
        for steps, axis in itertools.product((1, 3), (0, -1)):
            case((1, 12, 8, 11), roi_size=[5, 4, 4], sw_batch_size=3, overlap=0.4, mode=mode, buffer_steps=steps,
                 buffer_dim=axis)
    case((1, 12, 9, 8), roi_size=[6, 5, 4], mode="gaussian", sigma_scale=[0.1, 0.3, 0.05], overlap=0.5)
    case((1, 14, 12), roi_size=[6, 6], mode="gaussian", sigma_scale=0.5, overlap=0.5, cache_roi_weight_map=True)
    case((1, 30, 12), roi_size=[24, 12], mode="gaussian", sigma_scale=0.02, overlap=0.5)


def zoomed():
    for mode in ("constant", "gaussian"):
        case((1, 12, 10, 8), "coarser", roi_size=[4, 6, 8], overlap=0.5, mode=mode)
        case((1, 9, 11, 7), "coarser", roi_size=[4, 4, 4], overlap=0.25, mode=mode, sw_batch_size=3)
        case((1, 5, 20), "coarser", roi_size=[8, 8], overlap=0.5, mode=mode)
        case((1, 7, 9, 16), "coarser_last", roi_size=[4, 4, 8], overlap=0.5, mode=mode)
        case((1, 5, 6, 7), "finer", roi_size=[4, 4, 4], overlap=0.5, mode=mode)
        case((1, 3, 9), "finer", roi_size=[6, 4], overlap=0.25, mode=mode, padding_mode="replicate")
        case((1, 11, 9), "coarser", roi_size=[5, 5], overlap=0.5, mode=mode)
        case((1, 12, 10, 8), "coarser", roi_size=[4, 4, 4], mode=mode, buffer_steps=1)


def slices():
    for mode, axis in itertools.product(("constant", "gaussian"), (0, 1, 2)):
        case((1, 5, 6, 7), target="SliceInferer", roi_size=[4, 4], spatial_dim=axis, mode=mode)
        case((2, 4, 9, 7), target="SliceInferer", roi_size=[6, -1], spatial_dim=axis, sw_batch_size=3, overlap=0.5,
             mode=mode, padding_mode="replicate")
    case((1, 4, 9, 7), "coarser", target="SliceInferer", roi_size=[4, 4], spatial_dim=2, overlap=[0.5, 0.25, 0])
    case((1, 4, 9, 7), target="SliceInferer", roi_size=[4, 4], sw_batch_size=2, buffer_steps=2, buffer_dim=0)
    case((1, 9, 7), target="SliceInferer", roi_size=[4, 4])
    case((1, 4, 9, 7), target="SliceInferer", roi_size=4)
    case((1, 4, 9, 7), target="SliceInferer", roi_size=[4, 4, 4])
    case((1, 4, 9, 7), target="SliceInferer", roi_size=[4, 4], spatial_dim=3)


if __name__ == "__main__":
    torch.set_num_threads(1)
    sliding()
    zoomed()
    slices()
    outputs["cases"] = np.frombuffer(json.dumps(cases).encode(), np.uint8)
    path = pathlib.Path(__file__).parent / "Golden" / "windows.npz"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in outputs.items():
            stream = io.BytesIO()
            np.save(stream, array)
            # A date of its own would make every run another file.
            archive.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), stream.getvalue(),
                             zipfile.ZIP_DEFLATED, 9)
    refused = sum(entry["refused"] for entry in cases)
    print(f"{len(cases)} cases, {refused} refused, {path.stat().st_size} bytes")
