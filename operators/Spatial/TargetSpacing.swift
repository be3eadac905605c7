import Pipelines
import Voxels

/// The spacing that a resampling aims at: `pixdim`, `min_pixdim` and `max_pixdim` of MONAI's `Spacing`.
struct TargetSpacing: Sendable {
    private let wanted: [Double]
    private let least: [Double]
    private let most: [Double]

    /// MONAI keeps a spacing that is this close to the one wanted (`AFFINE_TOL`).
    private static let tolerance = 1e-3

    init(_ arguments: inout Arguments) throws(PipelineError) {
        let wanted = try arguments.numbers("pixdim")
        self.wanted = wanted
        least = try arguments.optionalNumbers("min_pixdim") ?? []
        most = try arguments.optionalNumbers("max_pixdim") ?? []
        for (least, most) in zip(least, most) where most < least || least < 0 {
            throw arguments.invalid(
                "min_pixdim", "expected numbers that are not negative and not above max_pixdim, found \(least)")
        }
    }

    /// The spacing for an image of two or three axes of space: each keeps its own where that lies within the bounds.
    func resolve(for affine: Affine, rank: Int, id: String) throws(PipelineError) -> [Double] {
        // Fewer numbers than axes are continued with the last one, more are not used.
        var resolved = (0..<rank).map { wanted[min($0, wanted.count - 1)] }
        for (axis, current) in affine.spacing(rank: rank).enumerated() {
            let current = current == 0 ? 1 : current
            let target = resolved[axis]
            let low = axis < least.count ? min(least[axis], target) : target
            let high = axis < most.count ? max(most[axis], target) : target
            if low - Self.tolerance <= current && current <= high + Self.tolerance { resolved[axis] = current }
        }
        guard resolved.allSatisfy(\.isFinite) else {
            throw PipelineError(.unfitImage, "\(id): the spacing \(resolved) is not finite")
        }
        return resolved
    }
}
