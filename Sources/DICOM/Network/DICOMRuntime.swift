internal import CDCMTK

/// DCMTK as a whole.
public enum DICOMRuntime {
    /// Prepares DCMTK for this process: its data dictionary must be there, its logging goes off (it prints values of
    /// data sets), and so does its reverse DNS.
    ///
    /// The listener and the sender call this themselves; call it first in `main` to say early what is missing.
    public static func start() throws(DICOMError) {
        try checked { pdx_start($0) }
    }
}

/// Calls a function of the shim that returns a code, and throws its error.
func checked(_ body: (UnsafeMutablePointer<pdx_error>) -> Int32) throws(DICOMError) {
    var error = pdx_error()
    let code = body(&error)
    if code != PDX_OK { throw DICOMError(.init(shim: code), text(of: error.message), foreignCode: code) }
}

/// The text in a fixed array of C characters, which Swift sees as a tuple.
func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}

/// Puts text into a fixed array of C characters, cut to fit and ended with a NUL.
func put<Characters>(_ text: String, into characters: inout Characters) {
    withUnsafeMutableBytes(of: &characters) { bytes in
        let count = min(text.utf8.count, bytes.count - 1)
        bytes.copyBytes(from: text.utf8.prefix(count))
        bytes[count] = 0
    }
}

extension DICOMRuntime {
    /// The version of DCMTK that the program was built with, such as `3.6.7`.
    public static var libraryVersion: String { String(cString: pdx_library_version()) }
}
