#!/usr/bin/env python3
"""Makes images as PNG and as DICOM of the same pixels, and reads them with MONAI's PILReader; prints JSON.

usage: planar_images.py FOLDER

For each case FOLDER gets NAME.png, NAME-*.dcm and NAME.f32, what PILReader makes of the PNG (width first).
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
from monai.data import PILReader
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

folder = pathlib.Path(sys.argv[1])
noise = np.random.default_rng(4)


def dicom(name, pixels, number, **attributes):
    data = Dataset()
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    data.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.4.{number}"
    data.StudyInstanceUID, data.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.1", "1.2.826.0.1.3680043.8.498.2"
    data.Modality, data.PatientID, data.ConversionType = "OT", "made", "SYN"
    data.Rows, data.Columns = attributes.pop("size")
    data.BitsAllocated = data.BitsStored = attributes.pop("bits", 8)
    data.HighBit, data.PixelRepresentation = data.BitsStored - 1, 0
    for key, value in attributes.items():
        setattr(data, key, value)
    data.PixelData = pixels + b"\0" * (len(pixels) % 2)
    data["PixelData"].VR = "OW" if data.BitsAllocated == 16 else "OB"
    data.file_meta = FileMetaDataset()
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.save_as(folder / f"{name}.dcm", enforce_file_format=True)
    return data


def png(name, array):
    Image.fromarray(array).save(folder / f"{name}.png")
    read, _ = (reader := PILReader()).get_data(reader.read(folder / f"{name}.png"))
    np.ascontiguousarray(read, dtype="<f4").tofile(folder / f"{name}.f32")
    return list(read.shape)


cases = []
for index, (rows, columns) in enumerate([(37, 53), (64, 48), (1, 1)]):
    grey = noise.integers(0, 256, (rows, columns), dtype=np.uint8)
    name = f"grey{index}"
    shape = png(name, grey)
    size = dict(size=(rows, columns), SamplesPerPixel=1)
    dicom(name + "-2", grey.tobytes(), 100 * index + 1, PhotometricInterpretation="MONOCHROME2", **size)
    dicom(name + "-1", (255 - grey).tobytes(), 100 * index + 2, PhotometricInterpretation="MONOCHROME1", **size)
    wide = grey.astype("<u2")
    dicom(name + "-16", wide.tobytes(), 100 * index + 3, PhotometricInterpretation="MONOCHROME2", bits=16, **size)
    inverted = (65535 - wide).astype("<u2")
    dicom(name + "-16i", inverted.tobytes(), 100 * index + 4, PhotometricInterpretation="MONOCHROME1", bits=16, **size)
    packed = dicom(name + "-rle", grey.tobytes(), 100 * index + 5, PhotometricInterpretation="MONOCHROME2", **size)
    packed.compress(RLELossless, encoding_plugin="pydicom")
    packed.save_as(folder / f"{name}-rle.dcm", enforce_file_format=True)
    cases.append(dict(name=name, shape=shape, variants=["2", "1", "16", "16i", "rle"]))

    colour = noise.integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    name = f"rgb{index}"
    shape = png(name, colour)
    size = dict(size=(rows, columns), SamplesPerPixel=3, PhotometricInterpretation="RGB")
    dicom(name + "-pixel", colour.tobytes(), 100 * index + 11, PlanarConfiguration=0, **size)
    planes = np.ascontiguousarray(colour.transpose(2, 0, 1))
    dicom(name + "-plane", planes.tobytes(), 100 * index + 12, PlanarConfiguration=1, **size)
    packed = dicom(name + "-rle0", colour.tobytes(), 100 * index + 13, PlanarConfiguration=0, **size)
    packed.compress(RLELossless, encoding_plugin="pydicom")
    packed.save_as(folder / f"{name}-rle0.dcm", enforce_file_format=True)
    # pydicom packs planes as if they were pixels.
    subprocess.run(["dcmcrle", folder / f"{name}-plane.dcm", folder / f"{name}-rle1.dcm"], check=True)
    indices = noise.integers(0, 256, (rows, columns), dtype=np.uint8)
    tables = noise.integers(0, 256, (256, 3), dtype=np.uint8)
    cases.append(dict(name=name, shape=shape, variants=["pixel", "plane", "rle0", "rle1"]))

    name = f"palette{index}"
    shape = png(name, tables[indices])
    size = dict(size=(rows, columns), SamplesPerPixel=1, PhotometricInterpretation="PALETTE COLOR")
    for bits, number in ((8, 21), (16, 22)):
        attributes = {}
        for channel, colour_name in enumerate(("Red", "Green", "Blue")):
            entries = tables[:, channel].astype("<u2")
            attributes[f"{colour_name}PaletteColorLookupTableDescriptor"] = [256, 0, bits]
            entries = entries << 8 | entries if bits == 16 else entries
            attributes[f"{colour_name}PaletteColorLookupTableData"] = (
                entries.tobytes() if bits == 16 else entries.astype(np.uint8).tobytes())
        dicom(name + f"-{bits}", indices.tobytes(), 100 * index + number, **attributes, **size)
    cases.append(dict(name=name, shape=shape, variants=["8", "16"]))
print(json.dumps(cases))
