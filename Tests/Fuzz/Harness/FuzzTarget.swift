/// A part of Portico that reads what came from anywhere, with what has to hold for any bytes whatsoever.
///
/// libFuzzer's executables and the ordinary tests run the same checks.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case expression = "FuzzExpression"
    case configuration = "FuzzConfiguration"
    case archive = "FuzzArchive"

    /// Runs the bytes through the part; a crash or a hang is found by whoever calls.
    ///
    /// - Throws: `Finding` where something that has to hold does not.
    public func check(_ bytes: [UInt8]) throws(Finding) {
        switch self {
        case .expression: try ExpressionChecks.run(bytes)
        case .configuration: try ConfigurationChecks.run(bytes)
        case .archive: try ArchiveChecks.run(bytes)
        }
    }

    /// Checks and ends the process where something does not hold, so that libFuzzer keeps the input.
    static func call(_ target: FuzzTarget, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        do { try target.check(Array(UnsafeBufferPointer(start: bytes, count: count))) } catch {
            fatalError("\(target.rawValue): \(error.message)")
        }
        return 0
    }
}

/// Something that has to hold, and does not.
public struct Finding: Error {
    /// What does not hold.
    public let message: String

    /// Throws where a condition is false.
    static func unless(_ condition: Bool, _ message: @autoclosure () -> String) throws(Finding) {
        if !condition { throw Finding(message: message()) }
    }
}

@_cdecl("portico_fuzz_expression")
func fuzzExpression(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.call(.expression, bytes, count)
}

@_cdecl("portico_fuzz_configuration")
func fuzzConfiguration(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.call(.configuration, bytes, count)
}

@_cdecl("portico_fuzz_archive")
func fuzzArchive(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.call(.archive, bytes, count)
}
