import ModelBundles
import Pipelines
import Voxels

/// The guidance of DeepEdit: points for each label, of which there are none here, because nobody clicks.
///
/// It lies in the sample as MONAI has it, as a dictionary of the labels' names.
enum Guidance {
    /// No points, each of three coordinates.
    static func none(for labels: [String]) -> [String: ModelImage] {
        let points = Tensor(shape: [0, 3])
        let grid = SourceGrid(shape: [], affine: .identity)
        let image = ModelImage(tensor: points, affine: .identity, source: grid)
        return Dictionary(labels.map { ($0, image) }, uniquingKeysWith: { $1 })
    }

    /// Refuses a sample that lacks an image or has something in the place of points.
    static func require(
        _ image: String, noPointsFor labels: [String], in sample: Sample, id: String
    ) throws(PipelineError) {
        guard sample.images[image] != nil else {
            throw sample.lacks(image, path: "\(id)::ref_image")
        }
        if let label = labels.first(where: { sample.images[$0] != nil || sample.groups[$0] != nil }) {
            throw taken(label, id: id)
        }
    }

    /// Tells of a sample that lacks an image or has something in the place of points.
    static func require(
        _ image: String, noPointsFor labels: [String], in sample: inout SampleLayout, id: String
    ) {
        sample.requireImage(image, path: "\(id)::ref_image")
        let label = labels.first {
            (sample.contains($0) && !sample.absentKeys.contains($0)) || sample.groups[$0] != nil
        }
        if let label { sample.refuse(taken(label, id: id)) }
    }

    private static func taken(_ label: String, id: String) -> PipelineError {
        PipelineError(
            .unfitImage,
            "\(id)::label_names: the sample has something under '\(label)', where the points of that label would be; "
                + "Portico runs DeepEdit without points")
    }

    /// Refuses a sample without guidance.
    static func labels(_ key: String, in sample: Sample, id: String) throws(PipelineError) -> [String] {
        guard let guidance = sample.groups[key] else { throw lacking(key, id: id) }
        return guidance.keys.sorted()
    }

    /// The labels of a guidance; nil where it is not known, which is told unless it may be there.
    static func labels(_ key: String, in sample: inout SampleLayout, id: String) -> [String]? {
        if let labels = sample.groups[key] { return labels }
        if !sample.isOpen { sample.refuse(lacking(key, id: id)) }
        return nil
    }

    private static func lacking(_ key: String, id: String) -> PipelineError {
        PipelineError(
            .missingImage,
            "\(id)::guidance: the sample has no guidance '\(key)'; does an AddGuidanceFromPointsDeepEditd come before?")
    }
}

extension Arguments {
    /// The names of labels: the keys of a mapping.
    ///
    /// - Parameter isOptional: whether null and nothing stand for no labels.
    mutating func labelNames(isOptional: Bool) throws(PipelineError) -> [String] {
        switch take("label_names") {
        case .mapping(let members): return members.map(\.key)
        case nil where isOptional, .null where isOptional: return []
        case let value:
            throw mismatch("label_names", expected: "a mapping of names to numbers", found: value)
        }
    }

    /// A key of the sample that has to be given.
    mutating func key(_ name: String, default standard: String? = nil) throws(PipelineError) -> String {
        guard let value = take(name) else {
            if let standard { return standard }
            throw mismatch(name, expected: "a key", found: nil)
        }
        guard let key = value.stringValue else { throw mismatch(name, expected: "a key", found: value) }
        return key
    }
}
