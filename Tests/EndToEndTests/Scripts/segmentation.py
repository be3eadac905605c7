"""A DICOM SEG as highdicom reads it, laid over its source series."""
import json
import warnings
from pathlib import Path

import highdicom
import numpy as np

warnings.filterwarnings("ignore")


def read(path):
    """The SEG of a file."""
    return highdicom.seg.segread(path)


def label_names(bundle):
    """Label value to name, as the bundle's metadata defines the channels of its output."""
    metadata = json.loads((Path(bundle) / "configs/metadata.json").read_text())
    output = next(iter(metadata["network_data_format"]["outputs"].values()))
    return {int(value): name for value, name in output["channel_def"].items()}


def labels_over(seg, series, names):
    """The label values of the SEG, [slice, row, column], in the order of the series' images.

    Every frame must name its source image; an image that no frame names has no foreground. A segment stands for the
    label whose name it has.
    """
    by_name = {name.casefold(): value for value, name in names.items()}
    pixels = seg.get_pixels_by_source_instance(
        series.instances, combine_segments=False, assert_missing_frames_are_empty=True)
    labels = np.zeros(pixels.shape[:3], np.int32)
    for channel, number in enumerate(seg.segment_numbers):
        value = by_name[seg.get_segment_description(number).segment_label.casefold()]
        inside = pixels[..., channel] != 0
        assert not (labels[inside] != 0).any(), "segments overlap"
        labels[inside] = value
    return labels
