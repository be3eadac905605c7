import Dispatch

/// Splits loops over voxels among the processor's cores.
enum Slabs {
    /// Runs `body` on ranges that together make up `0..<count`, several at a time, and returns when all are done.
    ///
    /// - Parameter grain: fewer than this many are not worth a thread.
    static func perform(_ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void) {
        // More slabs than cores, so that a core that is kept busy by others holds up little.
        let slabs = min(16, max(1, count / max(1, grain)))
        guard slabs > 1 else { return body(0..<count) }
        withoutActuallyEscaping(body) { body in
            // `nonisolated(unsafe)` is right because each slab writes to its own range, which no other one reads, and
            // all have ended when this returns.
            nonisolated(unsafe) let work = body
            DispatchQueue.concurrentPerform(iterations: slabs) { slab in
                work(count * slab / slabs..<count * (slab + 1) / slabs)
            }
        }
    }

    /// Makes an array whose values are written slab by slab; every value of a slab's range has to be written.
    static func fill(
        _ count: Int, grain: Int = 1 << 14, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
    ) -> Tensor.Elements {
        guard count > 0 else { return [] }
        return Tensor.Elements(unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            perform(count, grain: grain) { body($0, base) }
            initialized = count
        }
    }

    /// Makes an array of lines of one length, whose values are written slab by slab of whole lines.
    static func fillLines(
        _ count: Int, length: Int, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
    ) -> Tensor.Elements {
        Tensor.Elements(unsafeUninitializedCapacity: count * length) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            perform(count, grain: max(1, (1 << 14) / max(1, length))) { body($0, base) }
            initialized = count * length
        }
    }

    /// Changes an array's values in place, slab by slab.
    static func change(
        _ values: inout Tensor.Elements, grain: Int = 1 << 14, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
    ) {
        values.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            perform(buffer.count, grain: grain) { body($0, base) }
        }
    }
}
