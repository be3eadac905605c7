import DICOM
import Foundation
import Results
import TestSupport

/// A small series that the tests make themselves.
struct SyntheticSeries {
    var columns = 9
    var rows = 7
    var slices = 5
    var orientation = [1.0, 0, 0, 0, 1, 0]
    var origin = [-20.5, 12.25, 3]
    var pixelSpacing = [0.75, 1.5]
    var sliceSpacing = 2.5
    /// Adds what a test needs to each slice.
    var decorate: (DataSetBuilder, Int) throws -> Void = { _, _ in }

    private static let prefix = "2.25.99"

    /// Writes the files, last slice first and with shuffled instance numbers, so that order must come from positions.
    func write(to folder: URL) throws -> [URL] {
        let (r, c) = (orientation.prefix(3).map { $0 }, orientation.suffix(3).map { $0 })
        let normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]]
        return try (0..<slices).reversed().map { slice in
            let builder = try DataSetBuilder()
            try decorate(builder, slice)
            try header(builder, slice)
            let position = (0..<3).map { origin[$0] + normal[$0] * sliceSpacing * Double(slice) }
            try builder.set(.imagePositionPatient, position.map { SyntheticSeries.decimal($0) })
            try builder.set(.imageOrientationPatient, orientation.map { SyntheticSeries.decimal($0) })
            try builder.set(.pixelSpacing, pixelSpacing.map { SyntheticSeries.decimal($0) })
            let file = folder.appendingPathComponent("image\(slice).dcm")
            let pixels = (0..<rows * columns).flatMap { pixel in
                let value = UInt16(truncatingIfNeeded: slice * 1000 + pixel - 500)
                return [UInt8(value & 255), UInt8(value >> 8)]
            }
            try builder.write(
                to: file, pixelData: PixelDataStream(byteCount: pixels.count) { try pixels.withUnsafeBytes($0) })
            return file
        }
    }

    private func header(_ builder: DataSetBuilder, _ slice: Int) throws {
        func text(_ tag: Tag, _ value: String) throws {
            if !builder.dataSet.contains(tag) { try builder.set(tag, value) }
        }
        try text(.sopClassUID, "1.2.840.10008.5.1.4.1.1.2")
        try text(.sopInstanceUID, "\(SyntheticSeries.prefix).3.\(slice + 1)")
        try text(.studyInstanceUID, "\(SyntheticSeries.prefix).1")
        try text(.seriesInstanceUID, "\(SyntheticSeries.prefix).2")
        try text(.frameOfReferenceUID, "\(SyntheticSeries.prefix).4")
        try text(.positionReferenceIndicator, "")
        try text(.modality, "CT")
        try text(.imageType, "ORIGINAL\\PRIMARY\\AXIAL")
        try text(.patientName, "Doe^Jane")
        try text(.patientID, "4711")
        try text(.patientBirthDate, "19700101")
        try text(.patientSex, "F")
        try text(.studyDate, "20260101")
        try text(.studyTime, "120000")
        try text(.referringPhysicianName, "")
        try text(.studyID, "1")
        try text(.accessionNumber, "A1")
        try text(.instanceNumber, "\((slice * 3) % slices + 1)")
        try text(.photometricInterpretation, "MONOCHROME2")
        try text(.rescaleSlope, "2")
        try text(.rescaleIntercept, "-1024")
        try builder.set(.samplesPerPixel, 1)
        try builder.set(.rows, rows)
        try builder.set(.columns, columns)
        try builder.set(.bitsAllocated, 16)
        try builder.set(.bitsStored, 16)
        try builder.set(.highBit, 15)
        try builder.set(.pixelRepresentation, 1)
    }

    static func decimal(_ value: Double) -> String { String("\(value)".prefix(16)) }
}

extension SegmentationContext {
    /// A context for tests: the organs of an abdomen, and a model with everything in its metadata.
    static func test(_ series: ImageSeries, labels: [String] = ["liver", "spleen", "left kidney"]) throws -> Self {
        let model = ModelIdentity(
            manufacturer: "Acme Research", modelName: "abdomen", softwareVersion: "1.2.3",
            deviceUID: ResultUIDs(seed: "weights").uid("device"), algorithmName: "abdomen",
            digest: String(repeating: "ab", count: 32), description: "not for clinical use")
        var context = SegmentationContext(
            series: series, segments: labels.enumerated().map { SegmentDefinition(value: $0 + 1, label: $1) },
            model: model, gateway: GatewayIdentity(serialNumber: "test-1", softwareVersion: "0.1.0"),
            uids: ResultUIDs(seed: "job 1"), created: Date(timeIntervalSince1970: 1_767_225_600.25))
        context.timeZone = TimeZone(secondsFromGMT: 3600) ?? .current
        return context
    }
}

/// What `read_seg.py` prints.
struct ForeignReading: Decodable {
    var different: Int
    var off: Double
    var frames: Int
    var changed: [String]
    var name: String
    var sourceName: String
    var segments: [String]
    var tracking: [[String]]
    var equipment: [[String]]
    var schemes: [String]
}

/// The tools that nobody here wrote.
enum Foreign {
    /// Whether tests with foreign tools run: they fail where a tool is missing, unless the variable says to skip them.
    static let isWanted = ProcessInfo.processInfo.environment["PORTICO_SKIP_PEERS"] != "1"

    static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")

    /// Reads a segmentation with highdicom and compares it with a label map.
    static func read(_ file: URL, _ map: LabelMap, _ series: ImageSeries, _ scratch: Scratch) async throws
        -> ForeignReading
    {
        let raw = scratch.path("labels-\(UUID().uuidString).u16")
        try map.labels.withUnsafeBytes { Data($0) }.write(to: raw)
        return try await Command.run(
            Peers.python(),
            [scripts.appendingPathComponent("read_seg.py").path, file.path, raw.path] + map.shape.map { "\($0)" }
                + series.slices.map(\.file.path),
            environment: ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"]
        ).json(ForeignReading.self)
    }

    /// The errors that dciodvfy finds.
    static func dciodvfy(_ file: URL) async throws -> [String] {
        let result = try await Command.run("dciodvfy", ["-new", file.path])
        return (result.output + "\n" + result.errors).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("Error") }
    }

    /// What PixelMed's IOD validator complains about.
    static func pixelMed(_ file: URL) async throws -> [String] {
        let script = try SharedData.url("tools/pixelmed-validate.sh")
        let result = try await Command.run("sh", [script.path, "iod", file.path])
        return (result.output + "\n" + result.errors).split(separator: "\n").map(String.init)
            .filter { $0.contains("Error") }
    }
}

/// A pseudo-random but always equal stream of numbers.
struct Numbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}

extension LabelMap {
    /// A map without any symmetry: noise in one corner, labels from 1 to `count`.
    static func asymmetric(on series: ImageSeries, labels count: Int, seed: UInt64 = 1) throws -> LabelMap {
        var numbers = Numbers(seed)
        let shape = series.shape
        var labels = [UInt16](repeating: 0, count: shape.reduce(1, *))
        for x in 0..<shape[0] {
            for y in 0..<shape[1] {
                for z in 0..<shape[2] where x * 2 + y * 3 + z * 5 < shape.reduce(0, +) * 2 {
                    labels[(x * shape[1] + y) * shape[2] + z] = UInt16(numbers.next(count + 1))
                }
            }
        }
        return try LabelMap(shape: shape, affine: series.affine, labels: labels)
    }
}
