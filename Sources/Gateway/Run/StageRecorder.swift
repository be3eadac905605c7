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
    /// What was kept last of each key, so that a stage that leaves an image alone writes nothing.
    private var last: [String: ModelImage] = [:]

    /// Makes the folder.
    init(folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Keeps the images that a stage has changed.
    func record(id: String, name: String, seconds: Double, sample: Sample) throws {
        var images: [Image] = []
        for (key, image) in sample.images.sorted(by: { $0.key < $1.key }) where image.tensor.count > 0 {
            if let before = last[key], before.tensor == image.tensor, before.affine == image.affine { continue }
            last[key] = image
            let stem = "\(id).\(key)"
            try NPY.write(image.tensor, to: folder.appendingPathComponent("\(stem).npy").path)
            try NPY.write(image.affine, to: folder.appendingPathComponent("\(stem).affine.npy").path)
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
