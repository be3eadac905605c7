extension WindowWeights {
    /// Weights for an output of another resolution, as `F.interpolate(mode="nearest-exact")` gives them.
    ///
    /// - Parameters:
    ///   - map: the weights of a window of shape `window`, row-major.
    ///   - output: the shape of the network's output, as many axes.
    /// - Throws: `WindowError` where the place of a value depends on torch's rounding, which differs from processor to
    ///   processor; common ratios such as 1:2 and 2:1 never do.
    public static func zoom(_ map: [Float], from window: [Int], to output: [Int]) throws(WindowError) -> [Float] {
        precondition(
            window.count == output.count && window.reduce(1, *) == map.count, "the weights are of another shape")
        var places = [0]
        var step = map.count
        for (length, wanted) in zip(window, output) {
            step /= length
            let sources = try sources(length, wanted)
            places = places.flatMap { place in sources.map { place + $0 * step } }
        }
        return places.map { map[$0] }
    }

    /// The place in `length` values that each of `wanted` values is taken from.
    private static func sources(_ length: Int, _ wanted: Int) throws(WindowError) -> [Int] {
        let scale = Float(length) / Float(wanted)
        var sources: [Int] = []
        for index in 0..<wanted {
            let exact = (2 * index + 1) * length / (2 * wanted)
            // torch's kernels: one product, or a product less a half, with and without a fused multiply-add.
            let middle = Float(index) + 0.5
            let kernels = [
                scale * middle, max(scale * middle - 0.5, 0) + 0.5,
                max((-0.5 as Float).addingProduct(scale, middle), 0) + 0.5,
            ]
            guard kernels.allSatisfy({ min(Int($0.rounded(.down)), length - 1) == exact }) else {
                throw WindowError(
                    "weights of \(length) places can't be put on \(wanted) without a tie that torch rounds differently "
                        + "on different processors; use mode constant")
            }
            sources.append(exact)
        }
        return sources
    }
}
