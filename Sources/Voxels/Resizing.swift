/// Changes the number of voxels of an image with the arithmetic of torch's `interpolate` (torch 2.13
/// aten/src/ATen/native/UpSample.h and cpu/UpSampleKernel.cpp).
///
/// torch computes where it reads in float32, with products that are added without being rounded between; what lies
/// near an edge of a voxel depends on it, so the same roundings are made here.
public struct Resizing: Sendable, Equatable {
    /// Which voxels make up a value.
    public enum Interpolation: String, Sendable, CaseIterable {
        /// All that the new voxel covers at least a part of, each counting the same (adaptive average pooling).
        case area
        /// The one at the position rounded down.
        case nearest
        /// The nearest one.
        case nearestExact = "nearest-exact"
        /// The two around along each axis.
        case linear
        /// The four around along each axis, by cubic convolution; images of two axes of space only.
        case cubic
    }

    /// Which voxels make up a value.
    public var interpolation: Interpolation

    /// Whether the centres of the outer voxels stay where they are, rather than their faces; for `linear` and `cubic`.
    public var alignsCorners: Bool

    /// Makes a way of resizing.
    public init(_ interpolation: Interpolation, alignsCorners: Bool = false) {
        self.interpolation = interpolation
        self.alignsCorners = alignsCorners
    }

    /// Resizes every channel.
    ///
    /// - Parameter shape: the result's spatial shape, each at least 1.
    /// - Precondition: the tensor is `[C, X, Y]` or, but for `cubic`, `[C, X, Y, Z]`, and has voxels.
    public func apply(_ tensor: Tensor, to shape: [Int]) -> Tensor {
        let from = tensor.spatialShape
        precondition(
            (2...(interpolation == .cubic ? 2 : 3)).contains(from.count) && from.count == shape.count
                && tensor.count > 0 && shape.allSatisfy { $0 > 0 }, "\(tensor.shape) to \(shape)")
        if from == shape { return tensor }
        switch interpolation {
        case .nearest, .nearestExact: return tensor.gathering(zip(from, shape).map(nearest))
        case .area: return AveragePool(from: from, to: shape).apply(tensor)
        case .linear: return LinearResizer(from: from, to: shape, alignsCorners: alignsCorners).apply(tensor)
        case .cubic: return CubicResizer(from: from, to: shape, alignsCorners: alignsCorners).apply(tensor)
        }

        func nearest(_ size: Int, _ outSize: Int) -> [Int] {
            let scale = Float(size) / Float(outSize)
            return (0..<outSize).map { place in
                let index =
                    switch (interpolation, shape.count) {
                    case (.nearest, _): Float(place) * scale
                    case (_, 2): (Float(place) + 0.5) * scale
                    // torch takes half a voxel off and adds it again here, which rounds twice.
                    default: max(ResizedAxis.fused(scale, Float(place) + 0.5, -0.5), 0) + 0.5
                    }
                return min(Int(index), size - 1)
            }
        }
    }
}

/// Where the places of a resized axis read, and how much the voxels there count.
struct ResizedAxis {
    /// For each place the voxel before it, or at it.
    let low: [Int]
    /// For each place how far it lies behind that voxel, from 0 to 1.
    let offset: [Float]

    /// Finds the places (`area_pixel_compute_source_index`, `guard_index_and_lambda`).
    ///
    /// - Parameter isCubic: whether places before the first voxel stay there, rather than move to it.
    init(from size: Int, to outSize: Int, alignsCorners: Bool, isCubic: Bool = false) {
        let scale =
            alignsCorners
            ? (outSize > 1 ? Float(size - 1) / Float(outSize - 1) : 0) : Float(size) / Float(outSize)
        var low: [Int] = []
        var offset: [Float] = []
        for place in 0..<outSize {
            var index = alignsCorners ? scale * Float(place) : Self.fused(scale, Float(place) + 0.5, -0.5)
            if size == outSize { index = Float(place) }
            if !isCubic { index = max(index, 0) }
            let whole = min(Int(index.rounded(.down)), size - 1)
            low.append(whole)
            offset.append(min(max(index - Float(whole), 0), 1))
        }
        self.low = low
        self.offset = offset
    }

    /// The product plus a number, rounded once.
    ///
    /// Float64 holds the product of two float32 numbers as it is, and processors without a fused multiplication have a
    /// slow function in its place.
    @inline(__always)
    static func fused(_ a: Float, _ b: Float, _ c: Float) -> Float {
        Float(Double(a) * Double(b) + Double(c))
    }
}
