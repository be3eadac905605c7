internal import Dispatch

extension WindowBlender {
    /// Adds weighted windows to `[channels, shape…]`, one thread per share of the channels where there is enough to do.
    ///
    /// Every voxel gets its summands in the order of the windows, whatever the number of threads.
    ///
    /// - Returns: whether all summands were finite.
    static func accumulate(
        _ results: UnsafeBufferPointer<Float>, _ origins: [(Int, Int, Int)], shape: [Int], _ channels: Int,
        _ size: [Int], _ weights: [Float]?, into sums: inout [Float]
    ) -> Bool {
        let box = (shape[0], shape[1], shape[2])
        let window = (size[0], size[1], size[2])
        let voxels = size.reduce(1, *)
        // Below about a million values a second thread costs more than it brings.
        let parallel = channels > 1 && origins.count * voxels * channels > 1 << 20
        // `nonisolated(unsafe)` is right because the threads only read it.
        nonisolated(unsafe) let from = results
        return sums.withUnsafeMutableBufferPointer { sums in
            // Right because each thread writes to channels of its own.
            nonisolated(unsafe) let into = sums
            let worst = [Int32](unsafeUninitializedCapacity: channels) { worst, count in
                // Right because each thread writes to elements of its own.
                nonisolated(unsafe) let worst = worst
                let work = { @Sendable (channel: Int) in
                    var most: Int32 = 0
                    for (place, origin) in origins.enumerated() {
                        let offset = (place * channels + channel) * voxels
                        let bits = add(
                            from, offset, origin, window, weights, into, channel * box.0 * box.1 * box.2, box)
                        most = max(most, bits)
                    }
                    worst[channel] = most
                }
                if parallel {
                    DispatchQueue.concurrentPerform(iterations: channels, execute: work)
                } else {
                    for channel in 0..<channels { work(channel) }
                }
                count = channels
            }
            // Infinities and NaN have all bits of the exponent set; every finite value is below.
            return worst.allSatisfy { $0 < Int32(bitPattern: Float.infinity.bitPattern) }
        }
    }

    /// Adds one channel of one window and returns the largest magnitude's bit pattern.
    private static func add(
        _ results: UnsafeBufferPointer<Float>, _ offset: Int, _ origin: (Int, Int, Int), _ window: (Int, Int, Int),
        _ weights: [Float]?, _ sums: UnsafeMutableBufferPointer<Float>, _ base: Int, _ box: (Int, Int, Int)
    ) -> Int32 {
        guard let from = results.baseAddress, let into = sums.baseAddress else { return 0 }
        var most: Int32 = 0
        var place = 0
        for x in origin.0..<origin.0 + window.0 {
            for y in origin.1..<origin.1 + window.1 {
                let row = into + (base + (x * box.1 + y) * box.2 + origin.2)
                let line = from + (offset + place)
                for z in 0..<window.2 {
                    most = max(most, Int32(bitPattern: line[z].bitPattern & 0x7fff_ffff))
                }
                if let weights {
                    weights.withUnsafeBufferPointer { weights in
                        for z in 0..<window.2 { row[z] += line[z] * weights[place + z] }
                    }
                } else {
                    for z in 0..<window.2 { row[z] += line[z] }
                }
                place += window.2
            }
        }
        return most
    }
}
