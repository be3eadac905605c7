/// Reads a picture, which has two axes of space, at coordinates that a map gives each pixel.
///
/// torch has a kernel of its own for two axes (aten/src/ATen/native/cpu/GridSamplerKernel.cpp), whose products are added
/// without being rounded between; the volumes' kernel rounds each. Coordinates follow it, because half-way between two
/// pixels they decide which one is the nearest.
struct PictureSampler {
    private let grid: SamplingGrid
    private let rows: PictureAxis
    private let columns: PictureAxis

    init(_ grid: SamplingGrid) {
        self.grid = grid
        rows = PictureAxis(size: grid.from[0], alignsCorners: grid.alignsCorners, padding: grid.padding)
        columns = PictureAxis(size: grid.from[1], alignsCorners: grid.alignsCorners, padding: grid.padding)
    }

    /// Writes one line of a result, each value of up to four corners; those outside of the picture count nothing.
    func linear(_ source: UnsafePointer<Float>, _ x: Int, into target: UnsafeMutablePointer<Float>) {
        let (height, width) = (grid.from[0], grid.from[1])
        func value(_ row: Int, _ column: Int) -> Double {
            row >= 0 && row < height && column >= 0 && column < width ? Double(source[row * width + column]) : 0
        }
        forEachPixel(x) { offset, x, y in
            guard isNear(x, y) else {
                target[offset] = 0
                return
            }
            let (low, left) = (x.rounded(.down), y.rounded(.down))
            let (down, right) = (x - low, y - left)
            let (up, leftwards) = (1 - down, 1 - right)
            let (row, column) = (Int(low), Int(left))
            var sum = value(row, column) * (leftwards * up)
            sum.addProduct(value(row, column + 1), right * up)
            sum.addProduct(value(row + 1, column), leftwards * down)
            sum.addProduct(value(row + 1, column + 1), right * down)
            target[offset] = Float(sum)
        }
    }

    /// Writes one line of a result, each value the nearest pixel's, or zero outside of the picture.
    func nearest(_ source: UnsafePointer<Float>, _ x: Int, into target: UnsafeMutablePointer<Float>) {
        let (height, width) = (grid.from[0], grid.from[1])
        forEachPixel(x) { offset, x, y in
            guard isNear(x, y) else {
                target[offset] = 0
                return
            }
            let (row, column) = (nearestIndex(x), nearestIndex(y))
            let isInside = row >= 0 && row < height && column >= 0 && column < width
            target[offset] = isInside ? source[row * width + column] : 0
        }
    }

    /// Whether a pixel of the picture counts at a point; also keeps what is no number away from integers.
    private func isNear(_ x: Double, _ y: Double) -> Bool {
        x > -1 && x < Double(grid.from[0]) && y > -1 && y < Double(grid.from[1])
    }

    /// Calls `body` with the offset of each pixel of a line and its two coordinates in the input.
    @inline(__always)
    private func forEachPixel(_ x: Int, _ body: (Int, Double, Double) -> Void) {
        let t = grid.theta
        let (across, along) = (grid.bases[0][x] * t[0], grid.bases[0][x] * t[4])
        for (offset, base) in grid.bases[1].enumerated() {
            // The last axis is torch's first: its product comes first in the sum.
            let row = (base * t[1] + across) + t[3]
            let column = (base * t[5] + along) + t[7]
            body(offset, rows.index(row), columns.index(column))
        }
    }
}

/// Turns normalised coordinates along one axis of a picture into pixel indices (`ComputeLocation` of torch's kernel).
private struct PictureAxis {
    private let last: Double
    private let scale: Double
    private let low: Double
    private let twiceSpan: Double
    private let padding: Resampling.Padding
    private let alignsCorners: Bool

    init(size: Int, alignsCorners: Bool, padding: Resampling.Padding) {
        self.padding = padding
        self.alignsCorners = alignsCorners
        last = Double(size - 1)
        scale = alignsCorners ? Double(size - 1) / 2 : Double(size) / 2
        low = alignsCorners ? 0 : -0.5
        twiceSpan = alignsCorners ? Double(size - 1) * 2 : Double(size) * 2
    }

    func index(_ coordinate: Double) -> Double {
        let shifted = coordinate + 1
        var index = alignsCorners ? shifted * scale : (-0.5).addingProduct(shifted, scale)
        if padding == .zeros { return index }
        if padding == .reflection { index = reflected(index) }
        return min(last, max(index, 0))
    }

    private func reflected(_ index: Double) -> Double {
        guard twiceSpan > 0 else { return 0 }
        let distance = (index - low).magnitude
        let extra = distance - (distance / twiceSpan).rounded(.towardZero) * twiceSpan
        return min(extra, twiceSpan - extra) + low
    }
}
