"""Networks for bundles without weights: the bundle's own one with seeded random weights, or a stand-in."""

import json

import torch
from monai.data import save_net_with_metadata
from monai.networks import convert_to_torchscript


class Volumes(torch.nn.Module):
    """A stand-in for a network of volumes: two convolutions."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = torch.nn.Conv3d(inputs, 4, 3, padding=1)
        self.last = torch.nn.Conv3d(4, outputs, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(torch.tanh(self.first(x)))


class Scores(torch.nn.Module):
    """A stand-in for a network that gives scores of a picture."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = torch.nn.Conv2d(inputs, 8, 5, stride=4)
        self.last = torch.nn.Linear(8, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(torch.tanh(self.first(x)).mean(dim=(2, 3)))


class Levelled(torch.nn.Module):
    """A network whose channels are shifted and scaled, so that random weights give every label somewhere."""

    def __init__(self, network, shift, scale):
        super().__init__()
        self.network = network
        self.register_buffer("shift", shift)
        self.register_buffer("scale", scale)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.network(x) - self.shift) * self.scale


def levelled(network, example):
    """Centres each channel of the network on an example and gives it a spread of 1."""
    with torch.no_grad():
        result = network(example)
    if result.ndim < 4:
        return network
    axes = [axis for axis in range(result.ndim) if axis != 1]
    shift = result.mean(dim=axes, keepdim=True)
    spread = result.std(dim=axes, keepdim=True)
    return Levelled(network, shift, 1 / torch.clamp(spread, min=1e-6)).eval()


def export(parser, profile, folder, seed=7):
    """Writes models/model.ts as `python -m monai.bundle ckpt_export` does: scripted, else traced; says which."""
    torch.manual_seed(seed)
    inputs, outputs = profile["channels"]
    stand_in = profile.get("stand_in")
    if stand_in is None:
        network = parser.get_parsed_content("network_def")
        if not isinstance(network, torch.nn.Module):
            raise TypeError("network_def is no network")
    else:
        network = {"volumes": Volumes, "scores": Scores}[stand_in](inputs, outputs)
    network.eval()
    generator = torch.Generator().manual_seed(seed)
    example = torch.rand((1, inputs, *profile["example"]), generator=generator)
    network = levelled(network, example)
    traced = stand_in is not None
    if not traced:
        try:
            archive = convert_to_torchscript(model=network)
        except Exception:  # whatever the compiler does not know
            traced = True
    if traced:
        archive = convert_to_torchscript(model=network, use_trace=True, inputs=[example])
    folder.mkdir(parents=True, exist_ok=True)
    metadata = json.loads((folder.parent / "configs/metadata.json").read_text())
    save_net_with_metadata(
        archive, str(folder / "model.ts"), include_config_vals=False, append_timestamp=False, meta_values=metadata)
    return ("stand-in, " if stand_in else "") + ("traced" if traced else "scripted")
