public import Foundation
public import Testing

/// The data that lies beside the project and is read in place: real DICOM, golden results of MONAI.
public enum SharedData {
    /// The folder: `PORTICO_SHARED`, else `../shared`; `nil` where there is none.
    public static let root: URL? = {
        let named = ProcessInfo.processInfo.environment["PORTICO_SHARED"].map { URL(fileURLWithPath: $0) }
        let folder = named ?? Project.root.deletingLastPathComponent().appendingPathComponent("shared")
        return FileManager.default.fileExists(atPath: folder.appendingPathComponent("golden").path) ? folder : nil
    }()

    /// Whether the data is there.
    public static var isPresent: Bool { root != nil }

    /// A path below the folder.
    ///
    /// - Throws: `SupportError` where the data, or this part of it, is absent.
    public static func url(_ path: String) throws -> URL {
        guard let url = root?.appendingPathComponent(path), FileManager.default.fileExists(atPath: url.path) else {
            throw SupportError("shared data '\(path)' is not there; PORTICO_SHARED names its folder")
        }
        return url
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test, with a message, where the shared data is absent.
    public static var needsSharedData: Self {
        .enabled(
            if: SharedData.isPresent,
            "the shared data is not there: neither PORTICO_SHARED nor ../shared names its folder")
    }
}
