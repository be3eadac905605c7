/// Reads a volume at coordinates that are the same along each line of voxels.
struct AxisSampler {
    private let coordinates: [[Double]]
    private let sizes: [Int]

    /// Makes a sampler; coordinates lie within the volume.
    init(_ coordinates: [[Double]], _ sizes: [Int]) {
        self.coordinates = coordinates
        self.sizes = sizes
    }

    /// Writes one plane of a result, each value of eight corners.
    func linear(_ source: UnsafePointer<Float>, _ x: Int, into target: UnsafeMutablePointer<Float>) {
        let (ySize, zSize) = (coordinates[1].count, coordinates[2].count)
        let xs = Neighbours(coordinates[0][x], sizes[0])
        let slab0 = source + xs.low * sizes[1] * sizes[2]
        let slab1 = source + xs.high * sizes[1] * sizes[2]
        let along = coordinates[2].map { Neighbours($0, sizes[2]) }
        along.withUnsafeBufferPointer { zs in
            for y in 0..<ySize {
                let ys = Neighbours(coordinates[1][y], sizes[1])
                let (line00, line01) = (slab0 + ys.low * sizes[2], slab0 + ys.high * sizes[2])
                let (line10, line11) = (slab1 + ys.low * sizes[2], slab1 + ys.high * sizes[2])
                let line = target + y * zSize
                for z in 0..<zSize {
                    let n = zs[z]
                    // torch's weights are (along Z · along Y) · along X, its corners in this order.
                    let (a, b) = (n.lowWeight * ys.lowWeight, n.highWeight * ys.lowWeight)
                    let (c, d) = (n.lowWeight * ys.highWeight, n.highWeight * ys.highWeight)
                    var sum = Double(line00[n.low]) * (a * xs.lowWeight)
                    sum += Double(line00[n.high]) * (b * xs.lowWeight)
                    sum += Double(line01[n.low]) * (c * xs.lowWeight)
                    sum += Double(line01[n.high]) * (d * xs.lowWeight)
                    sum += Double(line10[n.low]) * (a * xs.highWeight)
                    sum += Double(line10[n.high]) * (b * xs.highWeight)
                    sum += Double(line11[n.low]) * (c * xs.highWeight)
                    sum += Double(line11[n.high]) * (d * xs.highWeight)
                    line[z] = Float(sum)
                }
            }
        }
    }

    /// Writes one plane of a result, each value the nearest voxel's.
    func nearest(_ source: UnsafePointer<Float>, _ x: Int, into target: UnsafeMutablePointer<Float>) {
        let (ySize, zSize) = (coordinates[1].count, coordinates[2].count)
        let slab = source + nearestIndex(coordinates[0][x]) * sizes[1] * sizes[2]
        let along = coordinates[2].map { nearestIndex($0) }
        along.withUnsafeBufferPointer { zs in
            for y in 0..<ySize {
                let read = slab + nearestIndex(coordinates[1][y]) * sizes[2]
                let line = target + y * zSize
                for z in 0..<zSize { line[z] = read[zs[z]] }
            }
        }
    }

    /// The two voxels on both sides of a coordinate and how much each counts.
    private struct Neighbours {
        var low: Int
        var high: Int
        var lowWeight: Double
        var highWeight: Double

        init(_ coordinate: Double, _ size: Int) {
            // A coordinate is not negative, so cutting off its fraction is rounding down, without a call.
            low = Int(coordinate)
            let floor = Double(low)
            // At the last voxel the next one counts nothing, so any stands for it.
            high = min(low + 1, size - 1)
            lowWeight = floor + 1 - coordinate
            highWeight = coordinate - floor
        }
    }
}
