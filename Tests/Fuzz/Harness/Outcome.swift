@testable import ModelBundles

/// What came of one attempt: a value, or an error that says something.
enum Outcome {
    case value(ConfigValue)
    case failure(BundleError)

    init(_ attempt: () throws(BundleError) -> ConfigValue) {
        do { self = .value(try attempt()) } catch { self = .failure(error) }
    }

    /// Throws where the value is beyond the limits or the error says nothing.
    func check() throws(Finding) {
        switch self {
        case .value(let value):
            var size = Size()
            try size.add(value, depth: 0)
        case .failure(let error): try Self.check(error)
        }
    }

    static func check(_ error: BundleError) throws(Finding) {
        try Finding.unless(!error.message.isEmpty, "an error without a message")
        try Finding.unless(
            error.message.utf8.count <= 10_000, "a message of \(error.message.utf8.count) bytes")
        let isClean = error.description.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7F }
        try Finding.unless(isClean, "a control character in a message: \(error.description.debugDescription)")
    }

    /// What is left of it to be compared with: the error's words, or the value's hash.
    var fingerprint: String {
        switch self {
        case .failure(let error): return "\(error.code): \(error)"
        case .value(let value):
            var hasher = Hasher()
            value.feed(&hasher)
            return "a value of hash \(hasher.finalize())"
        }
    }
}

/// How large a value is, unfolded.
private struct Size {
    private var values = 0

    mutating func add(_ value: ConfigValue, depth: Int) throws(Finding) {
        values += 1
        try Finding.unless(values <= Limits.allocation, "a value of more than \(Limits.allocation) values")
        // A component inside of components counts levels of its own.
        try Finding.unless(depth <= 2 * Limits.valueDepth, "a value deeper than \(Limits.valueDepth) levels")
        switch value {
        case .string(let text), .symbol(let text), .device(let text):
            try Finding.unless(text.utf8.count <= 2 * Limits.fileSize, "a text of \(text.utf8.count) bytes")
        case .list(let members), .tuple(let members):
            for member in members { try add(member, depth: depth + 1) }
        case .mapping(let members):
            for member in members { try add(member.value, depth: depth + 1) }
        case .component(let component):
            try Finding.unless(component.depth <= Limits.valueDepth, "a component of \(component.depth) levels")
        case .lambda(let source):
            do throws(BundleError) { _ = try source.compile(id: "e") } catch { try Outcome.check(error) }
        case .null, .bool, .int, .double: break
        }
    }
}
