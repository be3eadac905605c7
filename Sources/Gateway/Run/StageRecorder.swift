import Foundation
import ImageFiles
import Pipelines
import Voxels

/// Keeps every stage's images as `.npy`, named by the operator's config id, so that a researcher can lay them beside
/// MONAI's.
///
/// A stage `preprocessing::transforms::2` of the key `image` becomes `preprocessing::transforms::2.image.npy`
/// (float32, `[C, X, Y, Z]`) and `preprocessing::transforms::2.image.affine.npy` (float64, 4 × 4, RAS);
/// `stages.json` lists all in order.
final class StageRecorder {
    /// One line of `stages.json`.
    struct Entry: Encodable {
        var id: String
        var name: String
        var seconds: Double
        var images: [Image]
    }

    /// One kept image.
    struct Image: Encodable {
        var key: String
        var shape: [Int]
        var tensor: String
        var affine: String
    }

    private let folder: URL
    private var entries: [Entry] = []
    /// What was kept last of each key: a stage that leaves an image alone gets a link to the same file.
    private var last: [String: (stem: String, image: ModelImage)] = [:]

    /// Makes the folder.
    ///
    /// - Throws: `RunError` where it holds something, which could be taken for a stage of this run.
    init(folder: URL) throws {
        self.folder = folder
        try OutputFolder.makeEmpty(folder)
    }

    /// Keeps the images of a stage.
    func record(id: String, name: String, seconds: Double, sample: Sample) throws {
        var images: [Image] = []
        for (key, image) in sample.images.sorted(by: { $0.key < $1.key }) where image.tensor.count > 0 {
            let stem = "\(id).\(key)"
            if let before = last[key], before.image.tensor == image.tensor, before.image.affine == image.affine {
                for suffix in ["npy", "affine.npy"] {
                    try FileManager.default.linkItem(
                        at: folder.appendingPathComponent("\(before.stem).\(suffix)"),
                        to: folder.appendingPathComponent("\(stem).\(suffix)"))
                }
            } else {
                try NPY.write(image.tensor, to: folder.appendingPathComponent("\(stem).npy").path)
                try NPY.write(image.affine, to: folder.appendingPathComponent("\(stem).affine.npy").path)
            }
            last[key] = (stem, image)
            images.append(
                Image(key: key, shape: image.tensor.shape, tensor: "\(stem).npy", affine: "\(stem).affine.npy"))
        }
        entries.append(Entry(id: id, name: name, seconds: seconds, images: images))
    }

    /// Writes the list of stages.
    func finish() throws {
        try Data(Output.json(entries).utf8).write(to: folder.appendingPathComponent("stages.json"))
    }
}
