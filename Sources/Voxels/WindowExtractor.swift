/// Cuts windows out of an image, padding where the image is smaller than the window.
///
/// The image is never copied to be padded: each axis has a table of the voxels that its padded places show.
public struct WindowExtractor: Sendable {
    /// Where the windows lie.
    public private(set) var grid: WindowGrid

    private let sources: [[Int]]
    private let border: Float

    /// Prepares to cut windows.
    ///
    /// - Throws: `WindowError` where the image is too small for its padding.
    public init(grid: WindowGrid, padding: WindowPadding) throws(WindowError) {
        self.grid = grid
        if case .constant(let value) = padding { border = value } else { border = 0 }
        var tables: [[Int]] = []
        for axis in 0..<3 {
            tables.append(
                try padding.sources(image: grid.image[axis], padded: grid.padded[axis], before: grid.before[axis]))
        }
        sources = tables
    }

    /// Cuts the same windows in another order.
    ///
    /// - Parameter grid: what `WindowGrid.running(in:)` made of this one's.
    public func over(_ grid: WindowGrid) -> WindowExtractor {
        var extractor = self
        extractor.grid = grid
        return extractor
    }

    /// Writes windows one after another, `[windows, C, window…]`, into a buffer that the caller reuses.
    ///
    /// - Parameters:
    ///   - image: `[C, X, Y, Z]` or as many spatial axes as the grid has.
    ///   - windows: the windows by number.
    ///   - batch: at least `windows.count × C × windowVoxels` values; what lies behind them is left alone.
    public func fill(_ batch: inout Tensor.Elements, from image: Tensor, windows: Range<Int>) {
        let channels = image.channels
        let each = channels * grid.windowVoxels
        precondition(image.spatialShape == grid.imageShape, "the image is not the one that the windows were laid over")
        precondition(windows.count * each <= batch.count, "the batch holds fewer values than the windows have")
        image.elements.withUnsafeBufferPointer { from in
            batch.withUnsafeMutableBufferPointer { into in
                let width = grid.size[0]
                // A plane is what one window shows of one channel at one `x`; all planes lie one after another.
                let plane = grid.size[1] * grid.size[2]
                Slabs.perform(windows.count * channels * width, grain: max(1, (1 << 18) / plane)) { planes in
                    for index in planes {
                        let (channel, x) = (index / width % channels, index % width)
                        let window = windows.lowerBound + index / (width * channels)
                        cut(window, x, of: from, channel: channel, into: into, at: index * plane)
                    }
                }
            }
        }
    }

    /// Cuts one plane of one channel of a window.
    private func cut(
        _ window: Int, _ x: Int, of image: UnsafeBufferPointer<Float>, channel: Int,
        into batch: UnsafeMutableBufferPointer<Float>, at offset: Int
    ) {
        let (x0, y0, z0) = grid.origin(of: window)
        let (height, depth) = (grid.size[1], grid.size[2])
        let plain = grid.padded[2] == grid.image[2]
        guard let from = image.baseAddress, let into = batch.baseAddress else { return }
        let sourceX = sources[0][x0 + x]
        for y in 0..<height {
            let row = into + (offset + y * depth)
            let sourceY = sources[1][y0 + y]
            guard sourceX >= 0, sourceY >= 0 else {
                row.update(repeating: border, count: depth)
                continue
            }
            let line = from + ((channel * grid.image[0] + sourceX) * grid.image[1] + sourceY) * grid.image[2]
            if plain {
                row.update(from: line + z0, count: depth)
            } else {
                gather(line, z0, depth, into: row)
            }
        }
    }

    private func gather(_ line: UnsafePointer<Float>, _ start: Int, _ count: Int, into row: UnsafeMutablePointer<Float>)
    {
        for z in 0..<count {
            let source = sources[2][start + z]
            row[z] = source < 0 ? border : line[source]
        }
    }
}
