import ModelBundles
import Pipelines
import Voxels

/// Hands scores to the context to be saved (MONAI `SaveClassificationd`, post/dictionary.py:1046-1112).
///
/// The gateway decides where and in which form; the operator writes nothing.
struct SaveClassification: Operator {
    static let names = OperatorNames(dictionary: "SaveClassification")

    private let images: KeyedImages
    private let directory: String?
    private let fileName: String
    private let delimiter: String

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        guard images.count == 1 else {
            throw arguments.invalid("keys", "expected one key, found \(images.count)")
        }
        try arguments.acceptOnlyNull("saver")
        directory = try arguments.string("output_dir", default: "./")
        fileName = try arguments.string("filename", default: "predictions.csv")
        delimiter = try arguments.string("delimiter", default: ",")
        // They concern dictionaries of metadata, and when and over what Python writes.
        arguments.ignore("meta_keys", "meta_key_postfix", "overwrite", "flush")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for (key, _) in try images.present(in: sample) {
            guard let image = sample.images[key] else { continue }
            context.save(
                SavedScores(
                    key: key, values: Array(image.tensor.elements), fileName: fileName, delimiter: delimiter,
                    outputDirectory: directory, operatorID: images.id))
        }
    }

    func follow(_ sample: inout SampleLayout) { images.follow(&sample) }
}
