import ModelBundles
import Pipelines

/// Axes of space that a configuration counts from the first one, or negatively from the last (`map_spatial_axes`, MONAI
/// transforms/utils.py:1729-1759).
struct SpatialAxes: Sendable {
    private let axes: [Int]
    private let path: String

    /// Reads an argument.
    ///
    /// - Parameter standard: the axes where it is not given.
    /// - Returns: nil where it is null, or not given without a standard.
    init?(_ arguments: inout Arguments, _ name: String, default standard: [Int]? = nil) throws(PipelineError) {
        path = arguments.path(name)
        guard let value = arguments.take(name) else {
            guard let standard else { return nil }
            axes = standard
            return
        }
        guard !value.isNull else { return nil }
        axes = value.listed.compactMap(\.intValue)
        guard axes.count == value.listed.count, !axes.isEmpty else {
            throw arguments.mismatch(name, expected: "an axis or a list of axes", found: value)
        }
        guard Set(axes).count == axes.count else {
            throw arguments.invalid(name, "expected different axes of space, found \(axes)")
        }
        for axis in axes where !(-3..<3).contains(axis) {
            throw arguments.invalid(name, "expected axes of space from 0 to 2 or from -3 to -1, found \(axis)")
        }
    }

    /// How many axes are named.
    var count: Int { axes.count }

    /// The axes of an image, in the order of the configuration.
    func resolve(rank: Int) throws(PipelineError) -> [Int] {
        let resolved = axes.map { $0 < 0 ? $0 + rank : $0 }
        guard resolved.allSatisfy({ (0..<rank).contains($0) }), Set(resolved).count == resolved.count else {
            throw PipelineError(
                .unfitImage, "\(path): expected different axes of the image's \(rank) axes of space, found \(axes)")
        }
        return resolved
    }
}
