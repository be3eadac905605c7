internal import CDCMTK

/// Turns the errors of the C shim into `DICOMError`.
enum ShimError {
    /// Calls a function that returns a code.
    ///
    /// - Parameter naming: what the message is about, such as a file's name.
    static func check(
        naming subject: String? = nil, _ body: (UnsafeMutablePointer<pdx_error>) throws -> Int32
    ) throws {
        var error = pdx_error()
        if try body(&error) != 0 { throw make(error, subject) }
    }

    /// Calls a function that returns something, or null and an error.
    static func check<Value>(
        naming subject: String? = nil, _ body: (UnsafeMutablePointer<pdx_error>) throws -> Value?
    ) throws -> Value {
        var error = pdx_error()
        guard let value = try body(&error) else { throw make(error, subject) }
        return value
    }

    private static func make(_ error: pdx_error, _ subject: String?) -> DICOMError {
        let text = withUnsafeBytes(of: error.message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let message = subject.map { "\($0): \(text)" } ?? text
        return DICOMError(.init(shim: error.code), message, foreignCode: error.code)
    }
}
