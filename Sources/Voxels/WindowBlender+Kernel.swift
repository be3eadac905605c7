internal import Dispatch

/// Windows of one size that are added to an image of three axes, or to many that lie one after another.
struct WindowSums: Sendable {
    /// The image's shape.
    let box: (Int, Int, Int)
    /// The windows' shape.
    let window: (Int, Int, Int)
    /// The first voxel of each window, in the order of the additions.
    let origins: [(Int, Int, Int)]

    init(box: [Int], window: [Int], origins: [(Int, Int, Int)]) {
        self.box = (box[0], box[1], box[2])
        self.window = (window[0], window[1], window[2])
        self.origins = origins
    }

    private var windowVoxels: Int { window.0 * window.1 * window.2 }
    private var boxVoxels: Int { box.0 * box.1 * box.2 }

    /// A part of the image that one thread works on: whole rows.
    struct Slab: Sendable {
        var x: Range<Int>
        var y: Range<Int>
    }

    /// Parts that make up the image, one where a second thread would cost more than it brings.
    func slabs(channels: Int) -> [Slab] {
        guard origins.count * windowVoxels * channels > 1 << 20 else { return [Slab(x: 0..<box.0, y: 0..<box.1)] }
        let (length, isX) = box.0 > 1 ? (box.0, true) : (box.1, false)
        let count = min(16, length)
        return (0..<count).map { part in
            let range = length * part / count..<length * (part + 1) / count
            return isX ? Slab(x: range, y: 0..<box.1) : Slab(x: 0..<box.0, y: range)
        }
    }

    /// Adds `[windows, channels, window…]`, weighted, to `[channels, box…]`.
    ///
    /// Every voxel gets its summands in the order of the windows, whatever the number of threads.
    ///
    /// - Returns: whether all summands were finite.
    func add(
        _ results: UnsafeBufferPointer<Float>, channels: Int, weights: [Float]?, into sums: inout Tensor.Elements
    ) -> Bool {
        let slabs = slabs(channels: channels)
        return sums.withUnsafeMutableBufferPointer { sums in
            weights.withOptionalBuffer { weights in
                guard let base = results.baseAddress, let target = sums.baseAddress else { return true }
                // `nonisolated(unsafe)` is right because the threads only read these.
                nonisolated(unsafe) let (from, weights) = (base, weights)
                // Right because each thread writes to voxels of its own.
                nonisolated(unsafe) let into = target
                let count = channels * slabs.count
                let worst = [Int32](unsafeUninitializedCapacity: count) { worst, filled in
                    // Right because each thread writes to elements of its own.
                    nonisolated(unsafe) let worst = worst
                    let work = { @Sendable (part: Int) in
                        let channel = part / slabs.count
                        let slab = slabs[part % slabs.count]
                        var most: Int32 = 0
                        for (place, origin) in origins.enumerated() {
                            let window = from + (place * channels + channel) * windowVoxels
                            let bits = add(window, at: origin, weights, to: into + channel * boxVoxels, within: slab)
                            most = max(most, bits)
                        }
                        worst[part] = most
                    }
                    if slabs.count > 1 {
                        DispatchQueue.concurrentPerform(iterations: count, execute: work)
                    } else {
                        for part in 0..<count { work(part) }
                    }
                    filled = count
                }
                // Infinities and NaN have all bits of the exponent set; every finite value is below.
                return worst.allSatisfy { $0 < Int32(bitPattern: Float.infinity.bitPattern) }
            }
        }
    }

    /// Divides `[channels, box…]` by the sum of the windows' weights over each voxel, taken in the windows' order.
    func divide(_ sums: inout Tensor.Elements, channels: Int, byWeights weights: [Float]) {
        let slabs = slabs(channels: channels)
        sums.withUnsafeMutableBufferPointer { sums in
            weights.withUnsafeBufferPointer { weights in
                guard let target = sums.baseAddress, let weights = weights.baseAddress else { return }
                // `nonisolated(unsafe)` is right because the threads only read the one and write to voxels of their
                // own in the other.
                nonisolated(unsafe) let (into, from) = (target, weights)
                let work = { @Sendable (part: Int) in divide(into, slabs[part], channels, from) }
                if slabs.count > 1 {
                    DispatchQueue.concurrentPerform(iterations: slabs.count, execute: work)
                } else {
                    work(0)
                }
            }
        }
    }

    private func divide(
        _ sums: UnsafeMutablePointer<Float>, _ slab: Slab, _ channels: Int, _ weights: UnsafePointer<Float>
    ) {
        // A few rows at a time, so that their weights stay in the cache until they divide.
        let rows = max(1, (1 << 15) / max(1, box.2 * slab.y.count))
        var counts = [Float](repeating: 0, count: min(rows, slab.x.count) * slab.y.count * box.2)
        for start in stride(from: slab.x.lowerBound, to: slab.x.upperBound, by: rows) {
            let part = Slab(x: start..<min(start + rows, slab.x.upperBound), y: slab.y)
            counts.withUnsafeMutableBufferPointer { counts in
                guard let counts = counts.baseAddress else { return }
                counts.update(repeating: 0, count: part.x.count * part.y.count * box.2)
                for origin in origins { count(weights, at: origin, within: part, into: counts) }
                for channel in 0..<channels {
                    var from = counts
                    for x in part.x {
                        let row = sums + ((channel * box.0 + x) * box.1 + part.y.lowerBound) * box.2
                        for place in 0..<part.y.count * box.2 { row[place] /= from[place] }
                        from += part.y.count * box.2
                    }
                }
            }
        }
    }

    /// Adds one window's weights to the rows of a part of the image.
    private func count(
        _ weights: UnsafePointer<Float>, at origin: (Int, Int, Int), within part: Slab,
        into counts: UnsafeMutablePointer<Float>
    ) {
        for x in part.x.clamped(to: origin.0..<origin.0 + window.0) {
            for y in part.y.clamped(to: origin.1..<origin.1 + window.1) {
                let line = weights + ((x - origin.0) * window.1 + (y - origin.1)) * window.2
                let row =
                    counts + ((x - part.x.lowerBound) * part.y.count + (y - part.y.lowerBound)) * box.2 + origin.2
                for z in 0..<window.2 { row[z] += line[z] }
            }
        }
    }

    /// Adds the part of one channel of one window that lies in a slab and returns the largest magnitude's bit pattern.
    private func add(
        _ results: UnsafePointer<Float>, at origin: (Int, Int, Int), _ weights: UnsafePointer<Float>?,
        to sums: UnsafeMutablePointer<Float>, within slab: Slab
    ) -> Int32 {
        var most: Int32 = 0
        for x in slab.x.clamped(to: origin.0..<origin.0 + window.0) {
            for y in slab.y.clamped(to: origin.1..<origin.1 + window.1) {
                let place = ((x - origin.0) * window.1 + (y - origin.1)) * window.2
                let row = sums + ((x * box.1 + y) * box.2 + origin.2)
                let line = results + place
                for z in 0..<window.2 {
                    most = max(most, Int32(bitPattern: line[z].bitPattern & 0x7fff_ffff))
                }
                if let weights {
                    let weight = weights + place
                    for z in 0..<window.2 { row[z] += line[z] * weight[z] }
                } else {
                    for z in 0..<window.2 { row[z] += line[z] }
                }
            }
        }
        return most
    }
}

extension [Float]? {
    /// Shows the values in place, or nothing where there are none.
    func withOptionalBuffer<Result>(_ body: (UnsafePointer<Float>?) -> Result) -> Result {
        guard let values = self else { return body(nil) }
        return values.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
