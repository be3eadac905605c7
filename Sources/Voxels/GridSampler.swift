/// Reads a volume at coordinates that an oblique or sheared map gives each voxel.
struct GridSampler {
    private let grid: SamplingGrid

    /// Makes a sampler.
    init(_ grid: SamplingGrid) {
        self.grid = grid
    }

    /// Writes one plane of a result, each value of up to eight corners; those outside of the volume count nothing.
    func linear(_ source: UnsafePointer<Float>, _ x: Int, into target: UnsafeMutablePointer<Float>) {
        let volume = Volume(source, grid.from)
        forEachVoxel(x) { offset, x, y, z in target[offset] = volume.linear(x, y, z) }
    }

    /// Writes one plane of a result, each value the nearest voxel's, or zero outside of the volume.
    func nearest(_ source: UnsafePointer<Float>, _ x: Int, into target: UnsafeMutablePointer<Float>) {
        let volume = Volume(source, grid.from)
        forEachVoxel(x) { offset, x, y, z in target[offset] = volume.nearest(x, y, z) }
    }

    /// Calls `body` with the offset of each voxel of a plane and its three coordinates in the input.
    @inline(__always)
    private func forEachVoxel(_ x: Int, _ body: (Int, Double, Double, Double) -> Void) {
        let t = grid.theta
        let (scale0, scale1, scale2) = (t[2], t[6], t[10])
        let (shift0, shift1, shift2) = (t[3], t[7], t[11])
        let (index0, index1, index2) = (grid.indexer(axis: 0), grid.indexer(axis: 1), grid.indexer(axis: 2))
        let baseX = grid.bases[0][x]
        let (x0, x1, x2) = (baseX * t[0], baseX * t[4], baseX * t[8])
        grid.bases[2].withUnsafeBufferPointer { zs in
            for (y, baseY) in grid.bases[1].enumerated() {
                let (y0, y1, y2) = (baseY * t[1], baseY * t[5], baseY * t[9])
                for z in 0..<zs.count {
                    // The last axis is torch's first: its product comes first in the sum.
                    let base = zs[z]
                    let c0 = ((base * scale0 + y0) + x0) + shift0
                    let c1 = ((base * scale1 + y1) + x1) + shift1
                    let c2 = ((base * scale2 + y2) + x2) + shift2
                    body(y * zs.count + z, index0.index(c0), index1.index(c1), index2.index(c2))
                }
            }
        }
    }
}

/// A volume in memory that is read between and beyond its voxels.
private struct Volume {
    private let values: UnsafePointer<Float>
    private let sizeX: Int
    private let sizeY: Int
    private let sizeZ: Int

    init(_ values: UnsafePointer<Float>, _ shape: [Int]) {
        self.values = values
        (sizeX, sizeY, sizeZ) = (shape[0], shape[1], shape[2])
    }

    @inline(__always)
    func linear(_ x: Double, _ y: Double, _ z: Double) -> Float {
        guard contains(x, y, z) else { return 0 }
        let (i, j, k) = (floorIndex(x), floorIndex(y), floorIndex(z))
        let (floorX, floorY, floorZ) = (Double(i), Double(j), Double(k))
        let (lowX, highX) = (floorX + 1 - x, x - floorX)
        let (lowY, highY) = (floorY + 1 - y, y - floorY)
        let (lowZ, highZ) = (floorZ + 1 - z, z - floorZ)
        var sum = 0.0
        add(&sum, i, j, k, (lowZ * lowY) * lowX)
        add(&sum, i, j, k + 1, (highZ * lowY) * lowX)
        add(&sum, i, j + 1, k, (lowZ * highY) * lowX)
        add(&sum, i, j + 1, k + 1, (highZ * highY) * lowX)
        add(&sum, i + 1, j, k, (lowZ * lowY) * highX)
        add(&sum, i + 1, j, k + 1, (highZ * lowY) * highX)
        add(&sum, i + 1, j + 1, k, (lowZ * highY) * highX)
        add(&sum, i + 1, j + 1, k + 1, (highZ * highY) * highX)
        return Float(sum)
    }

    @inline(__always)
    func nearest(_ x: Double, _ y: Double, _ z: Double) -> Float {
        guard contains(x, y, z) else { return 0 }
        let (i, j, k) = (nearestIndex(x), nearestIndex(y), nearestIndex(z))
        return isInside(i, j, k) ? values[(i * sizeY + j) * sizeZ + k] : 0
    }

    @inline(__always)
    private func add(_ sum: inout Double, _ i: Int, _ j: Int, _ k: Int, _ weight: Double) {
        if isInside(i, j, k) { sum += Double(values[(i * sizeY + j) * sizeZ + k]) * weight }
    }

    @inline(__always)
    private func isInside(_ i: Int, _ j: Int, _ k: Int) -> Bool {
        i >= 0 && i < sizeX && j >= 0 && j < sizeY && k >= 0 && k < sizeZ
    }

    /// Whether voxels lie beside a point; also false for what is no number or too large for an integer.
    @inline(__always)
    private func contains(_ x: Double, _ y: Double, _ z: Double) -> Bool {
        x > -1 && x < Double(sizeX) && y > -1 && y < Double(sizeY) && z > -1 && z < Double(sizeZ)
    }
}

/// The integer below a number larger than −1, without the library call that `rounded(.down)` is.
@inline(__always)
private func floorIndex(_ coordinate: Double) -> Int {
    coordinate < 0 ? -1 : Int(coordinate)
}

/// The integer nearest to a number of ordinary size; half-way, the even one, without a library call.
///
/// Adding 1.5 · 2⁵² leaves no bits for a fraction, and the processor rounds half to even.
@inline(__always)
func nearestIndex(_ coordinate: Double) -> Int {
    Int((coordinate + 0x1.8p52) - 0x1.8p52)
}
