/// Reads JSON as Python's `json.load` does, with the order of the keys kept and integers told from numbers.
///
/// Like Python it takes `NaN`, `Infinity` and `-Infinity`, and the last of two equal keys wins. Unlike Python it
/// refuses lone surrogates, integers beyond 64 bits where their value is asked for, and it bounds size and depth.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private let budget: NodeBudget

    /// Reads a whole document.
    static func read(_ bytes: [UInt8], budget: NodeBudget = NodeBudget()) throws(BundleError) -> ConfigNode {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw BundleError(.malformed, "the file is not UTF-8")
        }
        var reader = JSONReader(bytes: bytes, budget: budget)
        let node = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.error("text after the end of the document") }
        return node
    }

    private init(bytes: [UInt8], budget: NodeBudget) {
        self.bytes = bytes
        self.budget = budget
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func error(_ message: String, _ code: BundleError.Code = .malformed) -> BundleError {
        let place = place
        return BundleError(code, "line \(place.line), column \(place.column): \(message)")
    }

    /// Where the reader stands, from 1.
    private var place: (line: Int, column: Int) {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        return (line, before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        position += count
        return true
    }

    private mutating func value(depth: Int) throws(BundleError) -> ConfigNode {
        guard depth <= Limits.depth else { throw error("nested deeper than \(Limits.depth) levels", .limit) }
        try budget.take()
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return ConfigNode(.mapping(try object(depth: depth)))
        case UInt8(ascii: "["): return ConfigNode(.list(try array(depth: depth)))
        case UInt8(ascii: "\""): return ConfigNode(.string(try string()))
        case nil: throw error("the document ends where a value should be")
        default: break
        }
        if take("true") { return ConfigNode(.bool(true)) }
        if take("false") { return ConfigNode(.bool(false)) }
        if take("null") { return ConfigNode(.null) }
        if take("NaN") { return ConfigNode(.double(.nan)) }
        if take("Infinity") { return ConfigNode(.double(.infinity)) }
        if take("-Infinity") { return ConfigNode(.double(-.infinity)) }
        return ConfigNode(try number())
    }

    private mutating func object(depth: Int) throws(BundleError) -> ConfigMapping {
        position += 1
        var mapping = ConfigMapping()
        skipSpace()
        if take("}") { return mapping }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a key in double quotes should be here") }
            let key = try string()
            guard key.utf8.count <= Limits.keyLength else {
                throw error("a key longer than \(Limits.keyLength) bytes", .limit)
            }
            skipSpace()
            guard take(":") else { throw error("a colon should be here") }
            if mapping[key] != nil { budget.noteRepeated(key, line: place.line) }
            mapping.set(key, try value(depth: depth + 1))
            skipSpace()
            if take("}") { return mapping }
            guard take(",") else { throw error("a comma or a closing brace should be here") }
        }
    }

    private mutating func array(depth: Int) throws(BundleError) -> [ConfigNode] {
        position += 1
        var nodes: [ConfigNode] = []
        skipSpace()
        if take("]") { return nodes }
        while true {
            nodes.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return nodes }
            guard take(",") else { throw error("a comma or a closing bracket should be here") }
        }
    }

    private mutating func number() throws(BundleError) -> ConfigNode.Content {
        let start = position
        var isInteger = true
        _ = take("-")
        let firstDigit = position
        skipDigits()
        guard position > firstDigit else {
            position = start
            throw error("a value should be here")
        }
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
            throw error("a number with a zero in front")
        }
        if let byte = next, byte == UInt8(ascii: ".") {
            position += 1
            let first = position
            skipDigits()
            guard position > first else { throw error("digits should follow the decimal point") }
            isInteger = false
        }
        if let byte = next, byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            position += 1
            if let sign = next, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            let first = position
            skipDigits()
            guard position > first else { throw error("digits should follow the exponent") }
            isInteger = false
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger {
            // One beyond 64 bits is an error only for whoever asks for it: as an expression it says so then.
            return Int(text).map(ConfigNode.Content.int) ?? .string("$" + text)
        }
        guard let number = Double(text) else { throw error("a number that cannot be read") }
        return .double(number)
    }

    private mutating func skipDigits() {
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    }

    private mutating func string() throws(BundleError) -> String {
        position += 1
        var result: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"): result += try escape()
            case 0..<0x20: throw error("a control character inside a string")
            default: result.append(byte)
            }
        }
        throw error("the document ends inside a string")
    }

    private mutating func escape() throws(BundleError) -> [UInt8] {
        guard let byte = next else { throw error("the document ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw error("an unknown escape")
        }
        var code = try hex()
        if (0xD800..<0xDC00).contains(code), take("\\u") {
            let low = try hex()
            guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair") }
        return Array(String(scalar).utf8)
    }

    private mutating func hex() throws(BundleError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("four hexadecimal digits should be here") }
        var code: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw error("four hexadecimal digits should be here")
            }
            code = code << 4 + UInt32(digit)
        }
        position += 4
        return code
    }
}
