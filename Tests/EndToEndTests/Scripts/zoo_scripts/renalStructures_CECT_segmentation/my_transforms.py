"""Stand-ins for the transforms of this bundle's own script, which its configurations come without here."""

import numpy as np
import torch
from monai.transforms import InvertibleTransform, MapTransform


class ConcatImages(MapTransform, InvertibleTransform):
    """Puts the channels of several images behind one another, as an image with the first one's metadata."""

    def __init__(self, keys_merge, keys_out):
        super().__init__(keys_merge)
        self.keys_out = keys_out

    def __call__(self, data):
        result = dict(data)
        result[self.keys_out] = np.concatenate([data[key] for key in self.keys])
        result[f"{self.keys_out}_meta_dict"] = data[f"{self.keys[0]}_meta_dict"]
        return result

    def inverse(self, data):
        return data


class MergeClassesd(MapTransform):
    """One label map of several masks: where masks lie over one another the first one counts; the first mask gives 0."""

    def __call__(self, data):
        result = dict(data)
        for key in self.key_iterator(result):
            masks = result[key]
            labels = torch.zeros_like(masks[0])
            for number in range(1, masks.shape[0]):
                labels = torch.where(labels == 0, masks[number] * number, labels)
            result[key] = labels[None]
        return result
