import Foundation
import TestSupport
import Testing

/// The tests of the whole program with real peers. One after the other: each starts several processes.
@Suite(.serialized)
enum EndToEnd {
    /// A guard against hanging, far above what any of these tests needs.
    static let guardTime = TimeLimitTrait.Duration.minutes(12)
}

/// Data that several tests use, read in place.
enum Samples {
    /// A real CT of a leg: 51 slices of 137 x 141, Study ID of 17 characters (IBSI, STS_008).
    static var leg: URL { get throws { try SharedData.url(legFolder + "/image") } }

    /// The same with the RTSTRUCT of its series.
    static var legWithStructures: URL { get throws { try SharedData.url(legFolder) } }

    /// A real CT of which each slice has a frame of reference of its own (LIDC-IDRI-0314).
    static var lung: URL { get throws { try SharedData.url("dicom/fnndsc-data/ct-lidc-idri-0314-low20") } }

    /// MONAI's spleen bundle with random weights, an input and what MONAI made of it.
    static var spleenRun: URL { get throws { try SharedData.url("golden/spleen_run") } }

    private static let legFolder = "dicom/ibsi/ibsi_validation/dicom/STS_008/CT"
}

/// What DCMTK's `dcmdump` reads of a file.
enum Dump {
    /// The value of an element at the top level.
    static func value(_ keyword: String, of file: URL) async throws -> String {
        // With the path before each element, those of items can be told from those of the data set itself.
        let output = try await Command.run("dcmdump", ["--load-short", "--prepend", "--search", keyword, file.path])
            .checked().output
        let lines = output.split(separator: "\n").filter { !$0.prefix { $0 != " " }.contains(".") }
        guard let line = lines.first, let start = line.firstIndex(of: "["), let end = line[start...].firstIndex(of: "]")
        else {
            throw SupportError("\(file.lastPathComponent) has no \(keyword): \(output)")
        }
        return String(line[line.index(after: start)..<end])
    }

    /// The Study Instance UID of the first file below a folder.
    static func study(of folder: URL) async throws -> String {
        guard let file = try Project.files(below: folder).first(where: { $0.pathExtension == "dcm" }) else {
            throw SupportError("\(folder.path) holds no DICOM file")
        }
        return try await value("StudyInstanceUID", of: file)
    }
}

/// Senders of DCMTK, as a tuned peer starts them.
enum Sender {
    /// The arguments of `dcmsend` for files and folders.
    static func dcmsend(_ paths: [URL], to portico: Portico, calling: String = "PACS") async throws -> CommandResult {
        try await Command.run(
            "dcmsend",
            ["-aet", calling, "-aec", Portico.aeTitle, "127.0.0.1", String(portico.port), "--scan-directories"]
                + ["--recurse", "--no-halt"] + paths.map(\.path),
            environment: ["TCP_NODELAY": "1"])
    }
}
