extension Tensor {
    /// The values of a tensor: an array of float32 whose memory comes from `VoxelMemory` where it is large.
    public struct Elements: Sendable {
        @usableFromInline var storage: Storage

        /// The number of values.
        public private(set) var count: Int

        /// Makes values that `body` writes, as `Array` does.
        ///
        /// - Parameter body: gets memory that is not initialised and says how many values it wrote from its beginning.
        public init(
            unsafeUninitializedCapacity capacity: Int,
            initializingWith body: (inout UnsafeMutableBufferPointer<Float>, inout Int) throws -> Void
        ) rethrows {
            storage = Storage(capacity)
            count = 0
            var buffer = UnsafeMutableBufferPointer(start: storage.base, count: capacity)
            try body(&buffer, &count)
            precondition((0...capacity).contains(count), "\(count) values do not fit into \(capacity)")
        }

        /// Makes values that are all the same.
        public init(repeating value: Float, count: Int) {
            self = Slabs.fill(count) { range, values in
                (values + range.lowerBound).initialize(repeating: value, count: range.count)
            }
        }

        /// Copies values.
        public init(_ values: some Collection<Float>) {
            self.init(unsafeUninitializedCapacity: values.count) { buffer, initialized in
                initialized = buffer.initialize(fromContentsOf: values)
            }
        }

        /// Shows the values in place.
        @inlinable
        public func withUnsafeBufferPointer<Result, Failure: Error>(
            _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            defer { withExtendedLifetime(storage) {} }
            return try body(UnsafeBufferPointer(start: storage.base, count: count))
        }

        /// Shows the bytes of the values in place.
        public func withUnsafeBytes<Result, Failure: Error>(
            _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try withUnsafeBufferPointer { values throws(Failure) in try body(UnsafeRawBufferPointer(values)) }
        }

        /// Gives the values to be changed in place.
        @inlinable
        public mutating func withUnsafeMutableBufferPointer<Result, Failure: Error>(
            _ body: (inout UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            makeUnique()
            defer { withExtendedLifetime(storage) {} }
            var buffer = UnsafeMutableBufferPointer(start: storage.base, count: count)
            return try body(&buffer)
        }

        /// Makes sure that nobody else sees these values change.
        @inlinable
        mutating func makeUnique() {
            if !isKnownUniquelyReferenced(&storage) { storage = copied() }
        }

        @usableFromInline
        func copied() -> Storage {
            Slabs.fill(count) { range, values in
                (values + range.lowerBound).initialize(from: storage.base + range.lowerBound, count: range.count)
            }.storage
        }
    }
}

extension Tensor.Elements {
    /// Owns the memory of values.
    ///
    /// `@unchecked Sendable` is right because nobody writes to it but an owner that knows to be the only one.
    @usableFromInline
    final class Storage: @unchecked Sendable {
        @usableFromInline let base: UnsafeMutablePointer<Float>
        private let pages: UnsafeMutableRawBufferPointer?

        init(_ capacity: Int) {
            let bytes = capacity * MemoryLayout<Float>.stride
            if bytes >= VoxelMemory.leastBytes {
                let pages = VoxelMemory.take(bytes)
                self.pages = pages
                base = pages.bindMemory(to: Float.self).baseAddress.unsafelyUnwrapped
            } else {
                pages = nil
                base = .allocate(capacity: capacity)
            }
        }

        deinit {
            if let pages { VoxelMemory.give(pages) } else { base.deallocate() }
        }
    }
}

extension Tensor.Elements: RandomAccessCollection, MutableCollection {
    /// The place of the first value.
    @inlinable public var startIndex: Int { 0 }

    /// The place behind the last value.
    @inlinable public var endIndex: Int { count }

    /// A value.
    ///
    /// - Precondition: the place is one of `indices`.
    @inlinable
    public subscript(place: Int) -> Float {
        get {
            precondition(place >= 0 && place < count, "there is no such value")
            return storage.base[place]
        }
        set {
            precondition(place >= 0 && place < count, "there is no such value")
            makeUnique()
            storage.base[place] = newValue
        }
    }

    /// Shows the values in place.
    @inlinable
    public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result? {
        try withUnsafeBufferPointer(body)
    }
}

extension Tensor.Elements: Equatable, ExpressibleByArrayLiteral {
    /// Makes values of a literal.
    public init(arrayLiteral elements: Float...) { self.init(elements) }

    /// Whether the values are the same ones; like arrays, what shares memory is equal whatever it holds.
    public static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage && left.count == right.count || left.elementsEqual(right)
    }

    /// Whether the values are those of an array.
    public static func == (left: Self, right: [Float]) -> Bool { left.elementsEqual(right) }
}
