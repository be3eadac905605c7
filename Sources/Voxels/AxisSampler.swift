internal import CVoxels

/// Reads a volume at coordinates that are the same along each line of voxels.
struct AxisSampler {
    private let sizes: [Int]
    private let coordinates: [[Double]]
    /// The voxels below and above each result along Z, and how much they count.
    private let along: [Neighbours]
    private let lowWeights: [Double]
    private let highWeights: [Double]

    /// Makes a sampler; coordinates lie within the volume.
    init(_ coordinates: [[Double]], _ sizes: [Int]) {
        self.coordinates = coordinates
        self.sizes = sizes
        along = coordinates[2].map { Neighbours($0, sizes[2]) }
        lowWeights = along.map(\.lowWeight)
        highWeights = along.map(\.highWeight)
    }

    /// Writes one plane of a result, each value of eight corners.
    ///
    /// Each line that is read is first spread to where the results along Z want it: neighbouring lines of the result
    /// share it.
    func linear(_ source: UnsafePointer<Float>, _ x: Int, into target: UnsafeMutablePointer<Float>) {
        let length = coordinates[2].count
        let xs = Neighbours(coordinates[0][x], sizes[0])
        let planes = [xs.low, xs.high].map { source + $0 * sizes[1] * sizes[2] }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 8 * length) { scratch in
            guard let scratch = scratch.baseAddress else { return }
            // Two lines that follow one another have places of their own.
            var held = [-1, -1]
            func place(_ line: Int) -> UnsafeMutablePointer<Double> {
                let place = scratch + (line & 1) * 4 * length
                if held[line & 1] != line {
                    held[line & 1] = line
                    spread(planes[0] + line * sizes[2], to: place)
                    spread(planes[1] + line * sizes[2], to: place + 2 * length)
                }
                return place
            }
            lowWeights.withUnsafeBufferPointer { lowWeights in
                highWeights.withUnsafeBufferPointer { highWeights in
                    guard let lowZ = lowWeights.baseAddress, let highZ = highWeights.baseAddress else { return }
                    for (y, coordinate) in coordinates[1].enumerated() {
                        let ys = Neighbours(coordinate, sizes[1])
                        let (low, high) = (place(ys.low), place(ys.high))
                        var line = pvx_line(
                            lll: low, hll: low + length, lhl: high, hhl: high + length, llh: low + 2 * length,
                            hlh: low + 3 * length, lhh: high + 2 * length, hhh: high + 3 * length, low_z: lowZ,
                            high_z: highZ, low_y: ys.lowWeight, high_y: ys.highWeight, low_x: xs.lowWeight,
                            high_x: xs.highWeight)
                        pvx_trilinear(&line, length, target + y * length)
                    }
                }
            }
        }
    }

    /// Puts the values below and above each result along Z one after another.
    private func spread(_ line: UnsafePointer<Float>, to place: UnsafeMutablePointer<Double>) {
        along.withUnsafeBufferPointer { along in
            let high = place + along.count
            for (z, neighbours) in along.enumerated() {
                place[z] = Double(line[neighbours.low])
                high[z] = Double(line[neighbours.high])
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
