extension Tensor {
    /// Joins tensors along the first axis (NumPy `concatenate`).
    ///
    /// - Precondition: there is one, and they differ in the length of the first axis alone.
    public init(joiningChannelsOf tensors: [Tensor]) {
        precondition(
            !tensors.isEmpty && tensors.allSatisfy { $0.spatialShape == tensors[0].spatialShape },
            "tensors of \(tensors.map(\.shape)) cannot be joined")
        let count = tensors.reduce(0) { $0 + $1.count }
        let values = Tensor.Elements(unsafeUninitializedCapacity: count) { buffer, initialized in
            for tensor in tensors {
                let end = buffer[initialized...].initialize(fromContentsOf: tensor.elements)
                initialized = end
            }
        }
        self.init(shape: [tensors.reduce(0) { $0 + $1.channels }] + tensors[0].spatialShape, elements: values)
    }

    /// Keeps the first channels and puts channels of zeros behind them.
    ///
    /// - Precondition: there are as many channels.
    public func keepingChannels(_ kept: Int, addingZeros added: Int) -> Tensor {
        precondition(0...channels ~= kept && added >= 0, "\(shape) has no \(kept) channels")
        let size = channels > 0 ? count / channels : 0
        let values = Slabs.fill((kept + added) * size) { range, out in
            for i in range { out[i] = i < kept * size ? elements[i] : 0 }
        }
        return Tensor(shape: [kept + added] + spatialShape, elements: values)
    }

    /// Makes one channel of all: of what a channel holds the first that is not 0 counts, times the channel's number.
    ///
    /// - Precondition: there is a channel.
    /// - Returns: `[1, …]`.
    public func mergedClasses() -> Tensor {
        precondition(channels > 0, "\(shape) has no channels")
        let size = count / channels
        let values = elements.withUnsafeBufferPointer { buffer -> Tensor.Elements in
            guard let base = buffer.baseAddress else { return [] }
            return Slabs.fill(size) { range, merged in
                for i in range { merged[i] = base[i] * 0 }
                for channel in 1..<max(channels, 1) {
                    let (line, factor) = (base + channel * size, Float(channel))
                    for i in range {
                        let value = line[i] * factor
                        // As the script adds, so that what is no number stays so.
                        merged[i] += value * (merged[i] != 0 && value != 0 ? 0 : 1)
                    }
                }
            }
        }
        return Tensor(shape: [1] + spatialShape, elements: values)
    }
}
