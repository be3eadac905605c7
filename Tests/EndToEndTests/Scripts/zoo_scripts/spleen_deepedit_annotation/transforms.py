"""A stand-in for the transform of this bundle's own script, which its configurations come without here."""

from monai.transforms import Transform


class OrientationGuidanceMultipleLabelDeepEditd(Transform):
    """Takes clicks into the reoriented image; without clicks, as here, there is nothing to take."""

    def __init__(self, ref_image="image", label_names=None):
        self.label_names = label_names

    def __call__(self, data):
        if any(len(data.get(name, [])) for name in self.label_names):
            raise NotImplementedError("this stand-in takes no clicks")
        return dict(data)
