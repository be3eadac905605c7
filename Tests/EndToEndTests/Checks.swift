import Foundation
import TestSupport
import Testing

/// What `seg_equals.py` found: highdicom's reading of a SEG beside label maps.
struct SegmentationCheck: Decodable {
    /// Voxels that differ, for each label map.
    var differing: [Int]
    var voxels: Int
    var foreground: Int
    var framesWithForeground: Int
    var frames: Int
    var rows: Int
    var columns: Int
    /// Attributes of patient and study that are not the source's.
    var changedFromSource: [String]
    var sopInstanceUID: String
    var segments: [String]
    /// Manufacturer, model name, software versions and device UID of each processing algorithm.
    var models: [[String]]

    /// Reads a SEG over its source series and compares it with label maps.
    init(of segmentation: URL, series: URL, bundle: URL, labels: [URL]) async throws {
        let arguments = [segmentation.path, series.path, bundle.path] + labels.map(\.path)
        self = try await Peers.run(script: "seg_equals.py", arguments).checked().json(SegmentationCheck.self)
    }
}

/// What `check_iod.py` found: dciodvfy's errors, told apart by where they come from.
struct ConformanceCheck: Decodable {
    /// Complaints about values that are copied unchanged from every image of the source.
    var inherited: [String]
    /// All others.
    var own: [String]

    /// Validates an object that was made from a series.
    init(of object: URL, series: URL) async throws {
        self = try await Peers.run(script: "check_iod.py", [object.path, series.path]).checked()
            .json(ConformanceCheck.self)
    }
}

/// What `seg_anatomy.py` found for one label.
struct OrganCheck: Decodable {
    var dice: Double
    /// Millimetres in LPS: x grows to the patient's left, z to the head.
    var centroid: [Double]?
}

/// What `same_image.py` found.
struct ImageComparison: Decodable {
    var shapes: [[Int]]
    var types: [String]
    var differing: Int
    var foreground: Int
    var affine: Double

    /// Compares two NIfTI images.
    init(_ one: URL, _ other: URL) async throws {
        self = try await Peers.run(script: "same_image.py", [one.path, other.path]).checked()
            .json(ImageComparison.self)
    }
}

/// What `same_stages.py` found for one stage.
struct StageComparison: Decodable {
    var voxels: Int
    var sameShape: Bool
    var differing: Int
    var affine: Double
}

/// Label maps of a bundle on a DICOM series, made beside `serve`.
enum LabelMaps {
    /// Threads that everybody computes with: another number may round otherwise.
    static let threads = 2

    /// Portico's own, by `portico run --output-format nifti`.
    static func portico(_ bundle: URL, on series: URL, in scratch: Scratch) async throws -> URL {
        let folder = scratch.path("labels-portico")
        let result = try await Portico.run([
            "run", "--engine", "torch", "--bundle", bundle.path, "--input", series.path, "--output", folder.path,
            "--output-format",
            "nifti", "--threads", "\(threads)", "--format", "json",
        ]).checked().json(RunView.self)
        #expect(result.files.count == 1)
        return URL(fileURLWithPath: try #require(result.files.first))
    }

    /// MONAI's, run by Python on the same volume.
    static func monai(_ bundle: URL, on series: URL, in scratch: Scratch) async throws -> URL {
        let file = scratch.path("labels-monai.nii.gz")
        try await Peers.run(
            script: "monai_labels.py", [bundle.path, series.path, file.path, "\(threads)"]
        ).checked()
        return file
    }
}

/// What `portico run --format json` prints, as far as the tests look at it.
struct RunView: Decodable {
    struct Stage: Decodable {
        var name: String
        var seconds: Double
    }

    struct Provenance: Decodable {
        var deviceUID: String
        var engine: String
        var engineProof: String?
    }

    struct Score: Decodable {
        var label: String
        var value: Float
    }

    var provenance: Provenance
    var files: [String]
    var scores: [Score]
    var nothingFound: Bool
    var stages: [Stage]
}

/// Bundles that the tests make.
enum MadeBundle {
    /// A bundle without weights.
    ///
    /// - Parameter kind: `waves`, whose network gives sin 3x and cos 5x, or `nothing`, which finds nothing.
    static func withoutWeights(_ kind: String, in scratch: Scratch) async throws -> URL {
        let folder = scratch.path("bundle-\(kind)")
        try await Peers.run(script: "make_bundle.py", [folder.path, kind]).checked()
        return folder
    }

    /// The golden spleen bundle with coarser voxels: on the phantom study it computes for some seconds, window by
    /// window, and finds much.
    static func spleenInSteps(in scratch: Scratch) throws -> URL {
        let folder = scratch.path("bundle-spleen")
        let golden = try Samples.spleenRun
        for part in ["configs", "models"] {
            try FileManager.default.createDirectory(
                at: folder.appendingPathComponent(part), withIntermediateDirectories: true)
        }
        for file in ["configs/metadata.json", "models/model.ts"] {
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent(file), withDestinationURL: golden.appendingPathComponent(file))
        }
        let configuration = try String(
            contentsOf: golden.appendingPathComponent("configs/inference.json"), encoding: .utf8)
        let spacing = /"pixdim": \[[^\]]*\]/
        let coarser = configuration.replacing(spacing, with: "\"pixdim\": [2.4, 2.4, 2.4]")
        try Data(coarser.utf8).write(to: folder.appendingPathComponent("configs/inference.json"))
        return folder
    }
}
