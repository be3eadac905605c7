"""Several operators behind one another, forwards and back."""

from book import image


def step(target, **arguments):
    return {"_target_": target + "d", "keys": "image", **arguments}


RAS = step("Orientation", axcodes="RAS")
CHANNEL = step("EnsureChannelFirst")
RANGE = step("ScaleIntensityRange", a_min=-500, a_max=700, b_min=0, b_max=1, clip=True)
TYPE = step("EnsureType")

CHAINS = {
    "spleen": ("block", [RAS, step("Spacing", pixdim=[1.5, 1.5, 2.0], mode="bilinear"), RANGE, TYPE]),
    "whole_body": ("block", [TYPE, RAS, step("Spacing", pixdim=[2.0, 2.0, 2.0], mode="bilinear"),
                             step("ScaleIntensityRange", a_min=-500, a_max=700, b_min=-1, b_max=1, clip=True)]),
    "nearest": ("wide", [RAS, step("Spacing", pixdim=[1.5, 1.5, 1.5], mode="nearest")]),
    "padded": ("block", [step("SpatialPad", spatial_size=[12, 12, 12]), step("Flip", spatial_axis=1)]),
    "cropped": ("block", [step("CenterSpatialCrop", roi_size=[7, 5, 4]), step("SpatialPad", spatial_size=[8, 8, 8])]),
    "foreground": ("bodies", [step("CropForeground", source_key="image", margin=2), RAS,
                              step("Spacing", pixdim=[1.0, 1.0, 2.0])]),
    "foreground_small": ("body", [step("CropForeground", source_key="image", allow_smaller=True),
                                  step("DivisiblePad", k=4)]),
    "turned": ("v2", [step("Rotate90", k=1, spatial_axes=[0, 2]), step("Transpose", indices=[0, 2, 1, 3]),
                      step("Flip", spatial_axis=[0, 2])]),
    "resized": ("block", [RAS, step("Resize", spatial_size=[6, 6, 6], mode="trilinear"), RANGE]),
    "deepedit": ("block", [RAS, RANGE, step("Resize", spatial_size=[8, 8, 8], mode="area"), TYPE]),
    "fitted": ("block", [step("Spacing", pixdim=[1.5, 1.5, 2.0]),
                         step("ResizeWithPadOrCrop", spatial_size=[8, 12, 8])]),
    "twice": ("block", [RAS, step("Orientation", axcodes="LPS"), step("Orientation", axcodes="SPL")]),
    "spaced_twice": ("block", [step("Spacing", pixdim=[1.1, 1.1, 2.0]), step("Spacing", pixdim=[2.0, 2.0, 2.0])]),
    "no_changes": ("block", [step("Spacing", pixdim=[0.75, 1.25, 3.0]), step("SpatialPad", spatial_size=[4, 4, 4]),
                             step("CenterSpatialCrop", roi_size=[20, 20, 20])]),
    "normalised": ("block", [step("NormalizeIntensity", nonzero=True, channel_wise=True), RAS]),
    "types": ("block", [step("CastToType", dtype="$torch.float32"), step("ToTensor"), RAS,
                        step("ToDevice", device="cpu")]),
    "image2d": ("rgbplane", [step("Resize", spatial_size=[12, 10], mode="bilinear"), step("ScaleIntensity")]),
    "image2d_crop": ("rgbplane", [step("SpatialPad", spatial_size=[12, 12]),
                                  step("CenterSpatialCrop", roi_size=[8, 12]),
                                  step("Rotate90", k=3)]),
}
ARRAY = {"spleen", "padded", "resized", "image2d", "turned", "cropped"}
INTERPOLATED = {"resized", "deepedit", "image2d", "normalised"}


def add(book):
    for name, (given, steps) in CHAINS.items():
        matrices = ("lps",) if "2d" in name else ("plain", "oblique", "sagittal")
        for number, matrix in enumerate(matrices):
            for nearest in (False, True):
                bar = "1e-6" if name in INTERPOLATED else "equal"
                label = f"{name}_{matrix}_{'nearest' if nearest else 'same'}"
                form = "array" if name in ARRAY and number == 1 else "dictionary"
                members = steps
                if form == "array":
                    members = [{k: v for k, v in {**one, "_target_": one["_target_"][:-1]}.items()
                                if k not in ("keys", "source_key")} for one in steps]
                book.add("Invert", label, {"_target_": "Compose", "transforms": members},
                         {"image": image(given, affine=matrix)}, bar=bar, form=form, inverse=nearest)
    book.add("Compose", "nested", {"_target_": "Compose", "transforms": [
        {"_target_": "Compose", "transforms": [RAS, RANGE]}, step("Flip", spatial_axis=0)]},
        {"image": image("block", affine="oblique")}, inverse=False)
    book.add("Compose", "empty", {"_target_": "Compose", "transforms": []}, {"image": image("block")})
    book.add("Compose", "disabled", {"_target_": "Compose", "transforms": [
        {**RAS, "_disabled_": True}, RANGE]}, {"image": image("block", affine="lps")})
    book.add("Compose", "loaded", {"_target_": "Compose", "transforms": [CHANNEL, RAS, RANGE]},
             {"image": image("last3", affine="sagittal", channel=-1)}, inverse=True)
    book.add("Compose", "loaded_2d", {"_target_": "Compose", "transforms": [
        CHANNEL, step("ScaleIntensity"), step("Resize", spatial_size=[9, 9])]},
        {"image": image("rgb", affine="unit", channel=-1)}, bar="1e-6")
    book.add("Compose", "array", {"_target_": "Compose", "transforms": [
        {"_target_": "EnsureChannelFirst"}, {"_target_": "Transpose", "indices": [0, 2, 1]},
        {"_target_": "ScaleIntensity"}]}, {"image": image("rgb", affine="unit", channel=-1)}, form="array")
    book.add("Compose", "labels", {"_target_": "Compose", "transforms": [
        step("Activations", softmax=True), step("AsDiscrete", argmax=True),
        step("KeepLargestConnectedComponent", applied_labels=[1, 2]), step("FillHoles", applied_labels=[1])]},
        {"image": image("logits")})
