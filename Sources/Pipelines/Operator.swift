public import Voxels

/// One step of a pipeline: what MONAI calls a transform.
///
/// A value of it holds its decoded arguments and nothing else; it can be applied to any number of samples.
public protocol Operator: Sendable {
    /// The `_target_`s that it answers to.
    static var names: OperatorNames { get }

    /// Decodes the arguments.
    ///
    /// Whatever is left unread in `arguments` afterwards is refused by name; an operator need not do that itself.
    init(arguments: inout Arguments) throws(PipelineError)

    /// Works on the images of the sample under the operator's keys.
    ///
    /// - Throws: `PipelineError`, or what the context's image source throws.
    func apply(_ sample: inout Sample, in context: PipelineContext) throws

    /// Does to the layout of a sample what `apply` does to the sample, and tells what no image could make right.
    ///
    /// An operator without it may make anything of a sample, so that less is known of the steps behind it.
    func follow(_ sample: inout SampleLayout)
}

extension Operator {
    /// Nothing is known of what it does.
    public func follow(_ sample: inout SampleLayout) { sample.forget() }
}

/// An operator whose effect on the grid can be undone: what MONAI calls an `InvertibleTransform`.
///
/// `apply` appends one `TraceEntry` with the operator's id (`Arguments.id`) to each image that it worked on, also where
/// there was nothing to do.
public protocol InvertibleOperator: Operator {
    /// Undoes on `image` what `entry` recorded; the entry is already taken off the image's trace.
    ///
    /// - Parameter interpolation: how values between voxels are found, whatever was used forwards.
    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError)
}

/// How an inversion finds values between voxels (`Invertd.nearest_interp`).
public enum InverseInterpolation: String, Sendable {
    /// As the operator did forwards.
    case recorded
    /// The nearest voxel (MONAI: `convert_applied_interp_mode`, transforms/utils.py:1814).
    case nearest
}

/// An operator that may do no more than decide each voxel alone, so that it can work on parts of an image while others
/// are still to come.
public protocol VoxelwiseOperator: Operator {
    /// What it does to the channels of each voxel of a float32 image.
    ///
    /// - Parameters:
    ///   - key: the image's key.
    ///   - arrayKey: the key of the image that array transforms work on.
    /// - Returns: nil where it does anything else, or works on other images too.
    func steps(on key: String, arrayKey: String) -> [VoxelDecision.Step]?
}
