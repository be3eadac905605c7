internal import CVoxels

extension Array where Element == Float {
    /// Makes an array whose values are written by `body`, as `init(unsafeUninitializedCapacity:initializingWith:)` does,
    /// in memory of large pages where the system has them.
    ///
    /// A volume has tens of thousands of small pages, and touching each for the first time takes longer than most loops
    /// that fill them.
    public init(
        inLargePages count: Int,
        initializingWith body: (inout UnsafeMutableBufferPointer<Float>, inout Int) throws -> Void
    ) rethrows {
        try self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress { pvx_prefer_large_pages(base, buffer.count * MemoryLayout<Float>.stride) }
            try body(&buffer, &initialized)
        }
    }

    /// Makes an array of one value, in memory of large pages where the system has them.
    init(inLargePages count: Int, repeating value: Float) {
        self.init(inLargePages: count) { buffer, initialized in
            buffer.initialize(repeating: value)
            initialized = count
        }
    }
}
