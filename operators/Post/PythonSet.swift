/// The order in which CPython goes through a set of numbers (Objects/setobject.c, 3.7 to 3.14).
enum PythonSet {
    /// The members in their order in the table that they are added to one by one.
    ///
    /// Numbers that are not whole have hashes of another kind; they come last here.
    static func order(_ numbers: [Double]) -> [Double] {
        var table = Table(size: 8)
        var (known, others): (Set<Double>, [Double]) = ([], [])
        for number in numbers where known.insert(number).inserted {
            guard let whole = Int(exactly: number) else {
                others.append(number)
                continue
            }
            table.add(whole)
        }
        return table.members.map { Double($0) } + others
    }

    private struct Table {
        private var slots: [Int?]
        private var used = 0

        var members: [Int] { slots.compactMap { $0 } }

        init(size: Int) { slots = Array(repeating: nil, count: size) }

        mutating func add(_ number: Int) {
            insert(number)
            used += 1
            guard used * 5 >= (slots.count - 1) * 3 else { return }
            var size = 8
            while size <= (used > 50_000 ? used * 2 : used * 4) { size *= 2 }
            let before = members
            slots = Array(repeating: nil, count: size)
            for member in before { insert(member) }
        }

        private mutating func insert(_ number: Int) {
            // −1 stands for an error in CPython, so its hash is −2.
            let hash = UInt(bitPattern: number == -1 ? -2 : number)
            let mask = UInt(slots.count - 1)
            var (slot, rest) = (hash & mask, hash)
            while true {
                for probe in 0...(slot + 9 <= mask ? 9 : 0) where slots[Int(slot) + probe] == nil {
                    slots[Int(slot) + probe] = number
                    return
                }
                rest >>= 5
                slot = (slot &* 5 &+ 1 &+ rest) & mask
            }
        }
    }
}
