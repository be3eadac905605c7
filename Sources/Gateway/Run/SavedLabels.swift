import ModelBundles
import Pipelines
import Voxels

/// The label map that a bundle saved, with what its labels mean.
struct SavedLabels {
    /// One label that the bundle can give.
    struct Label {
        /// The value in the map, which is the channel of the network's output.
        var value: Int
        /// The words of `channel_def`.
        var name: String
    }

    /// `[X, Y, Z]` on the grid of `affine`.
    let tensor: Tensor
    /// Takes voxel indices to millimetres in RAS.
    let affine: Affine
    /// The foreground labels, in the order of their values.
    let labels: [Label]
    /// What each label holds.
    let segments: [SegmentSummary]
    /// What a person should know of the map.
    let notes: [String]

    /// Whether no voxel is foreground.
    var isEmpty: Bool { segments.allSatisfy { $0.voxels == 0 } && unknown == 0 }

    /// Voxels whose value is no label of the bundle.
    private let unknown: Int

    /// Finds the label map among what a bundle saved and counts its labels.
    ///
    /// - Throws: `RunError` where there is none, or more than one.
    init(_ saved: [SavedImage], output: NetworkPort) throws {
        let candidates = saved.filter { $0.key == output.name }
        guard candidates.count == 1, let image = candidates.first?.image else {
            throw RunError(
                "the bundle's postprocessing saves \(candidates.count) images of '\(output.name)'; "
                    + "Portico makes a result of exactly one")
        }
        var tensor = image.tensor
        if tensor.shape.count == 4 {
            guard tensor.channels == 1 else {
                throw RunError(
                    "\(candidates[0].operatorID): the saved image has \(tensor.channels) channels; "
                        + "a label map has one (AsDiscreted with argmax gives it)")
            }
            tensor.reshape(tensor.spatialShape)
        }
        guard tensor.shape.count == 3 else {
            throw RunError("\(candidates[0].operatorID): the saved image has \(tensor.shape.count) axes, not three")
        }
        self.tensor = tensor
        affine = image.affine
        labels = Self.labels(of: output)
        let census = Census(tensor, labels: labels.map(\.value))
        let millilitres = abs(image.affine.determinant) / 1000
        // Segments are numbered from 1 without gaps (PS3.3 C.8.20.2), also where labels are not.
        segments = labels.enumerated().map { index, label in
            let voxels = census.voxels[label.value] ?? 0
            return SegmentSummary(
                number: index + 1, label: label.name, voxels: voxels, millilitres: Double(voxels) * millilitres,
                slices: census.slices[label.value] ?? 0)
        }
        unknown = census.unknown
        var notes: [String] = []
        if census.fractional > 0 {
            notes.append("\(census.fractional) voxels hold no whole number; they count as the nearest one")
        }
        if census.unknown > 0 {
            notes.append("\(census.unknown) voxels hold a label that channel_def does not name")
        }
        self.notes = notes
    }

    /// The labels that are segments: all but channel 0 and what is called background.
    static func labels(of output: NetworkPort) -> [Label] {
        output.channelDefinition.sorted { $0.key < $1.key }
            .filter { $0.key != 0 && $0.value.lowercased() != "background" }
            .map { Label(value: $0.key, name: $0.value) }
    }
}

/// Counts the labels of a map.
private struct Census {
    var voxels: [Int: Int] = [:]
    var slices: [Int: Int] = [:]
    var unknown = 0
    var fractional = 0

    /// Counts a `[X, Y, Z]` tensor.
    init(_ tensor: Tensor, labels: [Int]) {
        let depth = tensor.shape[2]
        let most = max(labels.max() ?? 0, 0)
        var counts = [Int](repeating: 0, count: (most + 1) * depth)
        for (index, value) in tensor.elements.enumerated() where value != 0 {
            let rounded = value.rounded(.toNearestOrEven)
            if rounded != value { fractional += 1 }
            guard rounded >= 0, rounded <= Float(most) else {
                unknown += 1
                continue
            }
            counts[Int(rounded) * depth + index % depth] += 1
        }
        let known = Set(labels)
        for label in stride(from: 1, through: most, by: 1) {
            let perSlice = counts[(label * depth)..<((label + 1) * depth)]
            let total = perSlice.reduce(0, +)
            if known.contains(label) {
                voxels[label] = total
                slices[label] = perSlice.count { $0 > 0 }
            } else {
                unknown += total
            }
        }
    }
}

extension Affine {
    /// The determinant of the upper left 3 × 3 part: the signed volume of one voxel in cubic millimetres.
    fileprivate var determinant: Double {
        self[0, 0] * (self[1, 1] * self[2, 2] - self[1, 2] * self[2, 1])
            - self[0, 1] * (self[1, 0] * self[2, 2] - self[1, 2] * self[2, 0])
            + self[0, 2] * (self[1, 0] * self[2, 1] - self[1, 1] * self[2, 0])
    }
}
