import ModelBundles
import Pipelines
import Voxels

/// Makes a label map of a mask for each class (`scripts.my_transforms.MergeClassesd` of the zoo's
/// renalStructures_CECT_segmentation).
///
/// Channel i counts i times what it holds; where several hold something, the first of them counts, and channel 0 never.
struct MergeClasses: Operator {
    static let names: OperatorNames = ["scripts.my_transforms.MergeClassesd"]

    private let images: KeyedImages

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        try images.update(&sample) { image, _ in
            try images.requireVolume(image)
            // The script drops axes of length 1, and then reckons with the wrong ones.
            guard !image.tensor.shape.contains(1) else {
                throw PipelineError(
                    .unfitImage,
                    "\(images.id): the script works on several channels and on axes longer than 1, found "
                        + "\(image.tensor.shape)")
            }
            image.tensor = image.tensor.mergedClasses()
            image.elementType = .float32
        }
    }

    func follow(_ sample: inout SampleLayout) {
        images.follow(&sample) { (image, _) throws(PipelineError) in
            try images.requireVolume(image)
            image.channels = 1
        }
    }
}
