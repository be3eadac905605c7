import Foundation
import TestSupport

@testable import Gateway

/// A bundle that a test writes.
struct MadeFolder {
    /// Files by path.
    var files: [String: String]

    /// A bundle of one operator before the network and two behind it; no weights.
    static var plain: MadeFolder {
        MadeFolder(files: [
            "LICENSE": "free",
            "configs/metadata.json": #"""
            {"schema": "https://x/meta_schema_20240725.json", "version": "1.2.0", "monai_version": "1.4.0",
             "pytorch_version": "2.4.0", "numpy_version": "1.26.4", "required_packages_version": {}, "name": "Plain",
             "task": "t", "description": "d", "authors": "Somebody", "copyright": "c", "site": {"ward": 3},
             "changelog": {"1.2.0": "first"},
             "network_data_format": {
              "inputs": {"image": {"type": "image", "format": "hounsfield", "modality": "CT", "num_channels": 1,
               "spatial_shape": ["8*n", "8*n", "8*n"], "dtype": "float32", "value_range": [0, 1]}},
              "outputs": {"pred": {"type": "image", "format": "segmentation", "num_channels": 2,
               "spatial_shape": ["8*n", "8*n", "8*n"], "dtype": "float32", "value_range": [0, 1],
               "channel_def": {"0": "background", "1": "spleen"}}}}}
            """#,
            "configs/inference.json": #"""
            {"image": "image", "preprocessing": {"_target_": "Compose", "transforms": [
              {"_target_": "LoadImaged", "keys": "@image"}, {"_target_": "EnsureChannelFirstd", "keys": "@image"},
              {"_target_": "ScaleIntensityd", "keys": "@image", "minv": 0, "maxv": 1}]},
             "inferer": {"_target_": "SlidingWindowInferer", "roi_size": [16, 16, 24], "overlap": 0.5},
             "postprocessing": {"_target_": "Compose", "transforms": [
              {"_target_": "AsDiscreted", "keys": "pred", "argmax": true},
              {"_target_": "SaveImaged", "keys": "pred", "output_dir": "$@bundle_root + '/eval'"}]}}
            """#,
        ])
    }

    /// Writes the files.
    @discardableResult
    func write(to folder: URL) throws -> BundleReference {
        for (path, text) in files {
            let file = folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return BundleReference(path: folder.path)
    }

    /// The bundle with a text of one of its files replaced.
    func replacing(_ old: String, with new: String, in path: String = "configs/inference.json") -> MadeFolder {
        var copy = self
        copy.files[path] = files[path]?.replacingOccurrences(of: old, with: new)
        return copy
    }
}
