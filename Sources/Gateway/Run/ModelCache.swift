/// Values that are kept for later, such as loaded bundles, until their bytes exceed a bound; the one that was used
/// longest ago goes first.
struct ModelCache<Key: Equatable, Value> {
    private struct Entry {
        var key: Key
        var value: Value
        var bytes: Int64
    }

    /// In the order of their last use.
    private var entries: [Entry] = []
    private let bound: Int64

    /// - Parameter bound: bytes to keep at most; the value used last is kept whatever it takes.
    init(bound: Int64) {
        self.bound = bound
    }

    /// The keys of what is kept, in the order of their last use.
    var keys: [Key] { entries.map(\.key) }

    /// The value of a key, now the one used last; one that is no longer valid is dropped.
    mutating func take(_ key: Key, if isValid: (Value) -> Bool) -> Value? {
        guard let place = entries.firstIndex(where: { $0.key == key }) else { return nil }
        let entry = entries.remove(at: place)
        guard isValid(entry.value) else { return nil }
        entries.append(entry)
        return entry.value
    }

    /// Drops what has to go before so many bytes come in.
    mutating func makeRoom(for bytes: Int64) {
        while !entries.isEmpty, entries.reduce(bytes, { $0 + $1.bytes }) > bound { entries.removeFirst() }
    }

    /// Keeps a value, and drops others that no longer have room beside it.
    mutating func keep(_ value: Value, as key: Key, bytes: Int64) {
        makeRoom(for: bytes)
        entries.append(Entry(key: key, value: value, bytes: bytes))
    }
}
