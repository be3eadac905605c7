internal import Foundation

/// How much each voxel of a window counts where windows overlap.
public enum WindowWeights: Sendable, Equatable {
    /// Every voxel counts the same.
    case constant
    /// A Gaussian bell around the middle; its sigma is the scale times the window's length on each axis.
    case gaussian(sigmaScale: [Double])

    /// The weights of a window in row-major order, or nothing where all are 1.
    ///
    /// The arithmetic is MONAI's `compute_importance_map` (`monai/data/utils.py:1061`) in float32: an outer product of
    /// one bell per axis, raised to at least 0.001. The exponential here is correctly rounded; torch's comes from MKL
    /// and errs by one unit in the last place at about one value in a hundred.
    ///
    /// - Parameter window: the window's length on each axis.
    /// - Throws: `WindowError` when there isn't one positive scale per axis.
    public func map(window: [Int]) throws(WindowError) -> [Float]? {
        guard case .gaussian(let scales) = self else { return nil }
        guard scales.count == window.count, scales.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw WindowError("sigma_scale must be above 0 on each of \(window.count) axes, not \(scales)")
        }
        var map: [Float] = [1]
        for (length, scale) in zip(window, scales) {
            let bell = Self.bell(length: length, sigma: Double(length) * scale)
            var next: [Float] = []
            next.reserveCapacity(map.count * bell.count)
            for outer in map {
                for value in bell { next.append(outer * value) }
            }
            map = next
        }
        let floor = Float(max(Double(map.min() ?? 0), 1e-3))
        for index in map.indices where map[index] < floor { map[index] = floor }
        return map
    }

    private static func bell(length: Int, sigma: Double) -> [Float] {
        let first = -Double(length - 1) / 2
        let divisor = Float(-2 * pow(sigma, 2))
        return (0..<length).map { index in
            let x = Float(first + Double(index))
            return Float(exp(Double(x * x / divisor)))
        }
    }
}
