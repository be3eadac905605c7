import Foundation

/// Makes the folders that results go into.
enum OutputFolder {
    /// Makes a folder and its parents where they are not there.
    ///
    /// - Throws: `RunError` that names the folder and the reason.
    static func make(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw RunError("\(folder.path): the folder can't be made (\(reason(error))); name another", isFinal: false)
        }
    }

    /// Makes a folder that holds nothing yet.
    ///
    /// - Throws: `RunError` where it holds something.
    static func makeEmpty(_ folder: URL) throws {
        try make(folder)
        guard try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty else {
            throw RunError("\(folder.path): the folder is not empty; name a new one")
        }
    }

    /// The system's own words for why a file operation failed.
    static func reason(_ error: any Error) -> String {
        var cause = error as NSError
        while let under = cause.userInfo[NSUnderlyingErrorKey] as? NSError { cause = under }
        if cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(cause.code))) }
        return CocoaError.Code(rawValue: cause.code) == .fileWriteFileExists ? "a file is there" : "error \(cause.code)"
    }
}
