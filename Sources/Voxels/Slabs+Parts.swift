import Dispatch

extension Slabs {
    /// Makes a part of a result of each slab.
    ///
    /// - Returns: the parts in the order of the slabs, which depends on `count` and `grain` alone.
    static func parts<Part>(_ count: Int, grain: Int = 1 << 14, _ body: (Range<Int>) -> Part) -> [Part] {
        let slabs = min(16, max(1, count / max(1, grain)))
        guard slabs > 1 else { return [body(0..<count)] }
        return [Part](unsafeUninitializedCapacity: slabs) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            withoutActuallyEscaping(body) { body in
                // `nonisolated(unsafe)` is right because each slab makes its own part, and all have ended when this
                // returns.
                nonisolated(unsafe) let (work, parts) = (body, base)
                DispatchQueue.concurrentPerform(iterations: slabs) { slab in
                    (parts + slab).initialize(to: work(count * slab / slabs..<count * (slab + 1) / slabs))
                }
            }
            initialized = slabs
        }
    }
}
