"""Makes networks of MONAI 1.6.1 with random weights, as TorchScript.

    python make_networks.py FOLDER [NAME ...]      needs monai==1.6.1 and torch; all networks by default

Writes FOLDER/NAME.ts and prints a line `NAME LENGTH LENGTH ...` for each: the shape of a batch of one window.
"""

import pathlib
import sys
import warnings

import torch
from monai.networks import nets

volume = (1, 1, 64, 64, 64)
networks = {
    # The network of the zoo's spleen_ct_segmentation.
    "UNet": (
        (1, 1, 96, 96, 96),
        lambda: nets.UNet(
            spatial_dims=3,
            in_channels=1,
            out_channels=2,
            channels=(16, 32, 64, 128, 256),
            strides=(2, 2, 2, 2),
            num_res_units=2,
            norm="batch",
        ),
    ),
    "SegResNet": (
        volume,
        lambda: nets.SegResNet(
            spatial_dims=3, in_channels=1, out_channels=2, init_filters=16, blocks_down=(1, 2, 2, 4)
        ),
    ),
    "DynUNet": (
        volume,
        lambda: nets.DynUNet(
            spatial_dims=3,
            in_channels=1,
            out_channels=2,
            kernel_size=[3, 3, 3, 3],
            strides=[1, 2, 2, 2],
            upsample_kernel_size=[2, 2, 2],
        ),
    ),
    "UNETR": (volume, lambda: nets.UNETR(in_channels=1, out_channels=2, img_size=(64, 64, 64), feature_size=16)),
    "SwinUNETR": (volume, lambda: nets.SwinUNETR(in_channels=1, out_channels=2, feature_size=24)),
    "AttentionUnet": (
        volume,
        lambda: nets.AttentionUnet(
            spatial_dims=3, in_channels=1, out_channels=2, channels=(16, 32, 64, 128), strides=(2, 2, 2)
        ),
    ),
    "BasicUNet": (volume, lambda: nets.BasicUNet(spatial_dims=3, in_channels=1, out_channels=2)),
    "DenseNet121": (
        (1, 3, 224, 224),
        lambda: nets.DenseNet121(spatial_dims=2, in_channels=3, out_channels=4, pretrained=False),
    ),
    "FlexibleUNet": (
        (1, 3, 128, 128),
        lambda: nets.FlexibleUNet(in_channels=3, out_channels=2, backbone="efficientnet-b0", pretrained=False),
    ),
    "VNet": (volume, lambda: nets.VNet(spatial_dims=3, in_channels=1, out_channels=2)),
}
traced = {"SwinUNETR"}  # Its forward is no TorchScript.


def make(name):
    shape, build = networks[name]
    torch.manual_seed(7)
    network = build()
    for module in network.modules():
        # A fresh normalisation does nothing, and would hide a conversion that loses it.
        if getattr(module, "running_mean", None) is not None:
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    network.eval()
    with torch.no_grad():
        return shape, torch.jit.trace(network, torch.zeros(shape)) if name in traced else torch.jit.script(network)


warnings.simplefilter("ignore")
folder = pathlib.Path(sys.argv[1])
for name in sys.argv[2:] or networks:
    shape, module = make(name)
    module.save(folder / f"{name}.ts")
    print(name, *shape)
