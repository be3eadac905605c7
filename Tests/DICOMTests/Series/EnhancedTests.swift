import DICOM
import Foundation
import TestSupport
import Testing
import Voxels

@Suite("Enhanced multi-frame objects")
struct EnhancedTests {
    private static func frames(_ change: (Int, inout MadeFrame) -> Void = { _, _ in }) -> [MadeFrame] {
        (0..<5).map { k in
            // The frames come in no order that means anything.
            var frame = MadeFrame(position: [1, 2, 3 * Double(k * 2 % 5)])
            change(k, &frame)
            return frame
        }
    }

    private static func value(_ frame: Int, _ i: Int, _ j: Int, slope: Float, intercept: Float) -> Float {
        Float(100 * frame + 10 * j + i) * slope + intercept
    }

    @Test(
        "Frames are slices by their position, with their own slope or that which all share", arguments: [true, false])
    func volume(_ isShared: Bool) async throws {
        try await Scratch.with { scratch in
            let frames = Self.frames { if !isShared { $1.slope = Double($0 + 1) } }
            let file = try MadeEnhanced(frames: frames, isShared: isShared).write(to: scratch.path("made.dcm"))
            let reader = SeriesReader()
            let series = try reader.series(in: [file])
            #expect(series.shape == [4, 3, 5])
            #expect(series.slices.map(\.frameNumber) == [1, 4, 2, 5, 3])
            #expect(series.slices.allSatisfy { $0.sopInstanceUID.value == "1.2.3.1" })
            #expect(series.affineLPS.elements == [0.8, 0, 0, 1, 0, 0.5, 0, 2, 0, 0, 3, 0, 0, 0, 0, 1])
            let volume = try reader.volume(of: series)
            for (k, slice) in series.slices.enumerated() {
                let frame = try #require(slice.frameNumber) - 1
                let slope: Float = isShared ? 2 : Float(frame + 1)
                #expect(slice.rescaleSlope == Double(slope))
                for i in 0..<4 {
                    for j in 0..<3 {
                        let wanted = Self.value(frame, i, j, slope: slope, intercept: -10)
                        #expect(volume.elements[(i * 3 + j) * 5 + k] == wanted)
                    }
                }
            }
            let image = try reader.image(in: file, frame: 4)
            let pixels = try reader.pixels(of: image)
            #expect(image.frameNumber == 4 && image.frameCount == 5)
            #expect(pixels.elements[2 * 3 + 1] == Self.value(3, 2, 1, slope: isShared ? 2 : 4, intercept: -10))
        }
    }

    @Test("Without a transformation stored values count; several objects of one frame each are one volume, too")
    func plain() async throws {
        try await Scratch.with { scratch in
            let files = try (0..<4).map { k in
                var made = MadeEnhanced(frames: [MadeFrame(position: [0, 0, Double(k)], slope: nil)])
                made.instance = "1.2.3.\(k + 1)"
                return try made.write(to: scratch.path("\(k).dcm"))
            }
            let series = try SeriesReader().series(in: files)
            #expect(series.slices.map(\.frameNumber) == [nil, nil, nil, nil])
            #expect(try SeriesReader().volume(of: series).elements.max() == 23)
        }
    }

    private func refuse(_ made: MadeEnhanced, _ kind: SeriesRefusal.Kind, _ words: String) async throws {
        try await Scratch.with { scratch in
            let file = try made.write(to: scratch.path("made.dcm"))
            let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: [file]) }
            #expect(refusal?.objectCount == 1)
            let found = refusal?.reasons.contains { $0.kind == kind && $0.message.contains(words) }
            #expect(found == true, "\(words): \(refusal as Any)")
        }
    }

    /// Two frames at each of some positions.
    private static func pairs(_ change: @escaping (Int, DataSetBuilder) throws -> Void) -> MadeEnhanced {
        MadeEnhanced(
            frames: (0..<6).map { k in
                MadeFrame(position: [0, 0, Double(k / 2)], change: { try change(k, $0) })
            })
    }

    @Test("What tells frames at one position apart is named")
    func distinctions() async throws {
        let temporal = (0..<10).map { MadeFrame(position: [0, 0, Double($0 / 2)], temporal: $0 % 2 + 1) }
        let words = "10 frames lie at 5 positions, so some positions have more than one; they differ in "
        try await refuse(
            MadeEnhanced(frames: temporal), .duplicates, words + "Temporal Position Index (0020,9128)")
        let types = Self.pairs { k, item in
            let type = k % 2 == 0 ? "M" : "P"
            try item.append(.mrImageFrameTypeSequence).set(.frameType, "ORIGINAL\\PRIMARY\\\(type)\\NONE")
        }
        try await refuse(types, .duplicates, "they differ in Frame Type (0008,9007)")
        var dimensions = Self.pairs { k, item in
            let values: [Double] = [Double(k / 2 + 1), Double(k % 2 + 1), Double(k % 2)]
            try item.lastItem(of: .frameContentSequence).set(.dimensionIndexValues, values)
        }
        dimensions.change = { (builder: DataSetBuilder) in
            let pointers: [DICOM.Tag] = [.inStackPositionNumber, .effectiveEchoTime, DICOM.Tag(0x2005, 0x1011)]
            for pointer in pointers { try builder.append(.dimensionIndexSequence).set(.dimensionIndexPointer, pointer) }
        }
        try await refuse(
            dimensions, .duplicates, "they differ in the dimension of (0018,9082), the dimension of (2005,1011)")
    }

    @Test("What is no regular volume is refused in words")
    func refusals() async throws {
        func made(_ change: (Int, inout MadeFrame) -> Void) -> MadeEnhanced {
            MadeEnhanced(frames: Self.frames(change))
        }
        try await refuse(
            made { $1.stack = $0 < 3 ? "1" : "2" }, .mixed,
            "2 stacks (0020,9056), each of which is a volume of its own: 1 in 3, 2 in 2")
        try await refuse(made { if $1.position[2] > 5 { $1.position[2] += 6 } }, .gap, "1 of 4 distances")
        let turned = made { if $0 == 2 { $1.orientation = [1, 0, 0, 0, 0, -1] } }
        try await refuse(turned, .mixedOrientation, "1 of 5 images lie in another direction")
        try await refuse(made { if $0 == 2 { $1.slope = nil } }, .mixed, "neither in 1")
        try await refuse(
            made { if $0 == 2 { $1.spacing = nil } }, .noGeometry, "1 of 5 frames have no usable Pixel Spacing")
        let real = made {
            $1.slope = nil
            $1.change = { _ = try $0.append(.realWorldValueMappingSequence) }
        }
        try await refuse(
            real, .unreadablePixels, "values whose meaning only a Real World Value Mapping (0040,9096) tells")
        var object = MadeEnhanced(frames: Self.frames(), change: { try $0.set(.numberOfFrames, "4") })
        try await refuse(
            object, .multiFrame, "have 4 frames (0028,0008) and 5 items in Per-Frame Functional Groups")
        object = MadeEnhanced(frames: Self.frames(), sopClass: "1.2.840.10008.5.1.4.1.1.7.3")
        try await refuse(object, .multiFrame, "are no enhanced CT, MR or PET")
        object = MadeEnhanced(frames: Self.frames(), change: { try $0.set(.rows, 30) })
        try await refuse(object, .unreadablePixels, "have less pixel data (7FE0,0010) than rows")
    }

    @Test("An object that comes twice counts once, and other frames under its UID are refused")
    func resent() async throws {
        try await Scratch.with { scratch in
            let first = try MadeEnhanced(frames: Self.frames()).write(to: scratch.path("a.dcm"))
            let same = try MadeEnhanced(frames: Self.frames(), change: { try $0.set(.instanceNumber, "5") })
                .write(to: scratch.path("b.dcm"))
            #expect(try SeriesReader().series(in: [first, same]).duplicates == 1)
            let other = try MadeEnhanced(frames: Self.frames { $1.slope = 3 }).write(to: scratch.path("c.dcm"))
            let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: [first, other]) }
            #expect(refusal?.reasons.map(\.kind) == [.duplicates])
        }
    }

    @Test("Real objects are read or refused by name", .needsSharedData)
    func real() throws {
        let root = try SharedData.url("dicom")
        var rules = GeometryRules()
        (rules.minimumSlices, rules.needsFrameOfReference) = (2, false)
        let reader = SeriesReader(rules: rules)
        let readable: [(String, [Int])] = [
            ("dicom2nifti/philips_enhanced/anatomical/001/IM-0001-0170-0001.dcm", [256, 256, 8]),
            ("dicom2nifti/hyperfine/anatomical/001/001.dcm", [112, 138, 8]),
            ("dcmqi/segmentations/24x38x3/multiframe/mf.dcm", [24, 38, 3]),
            ("pydicom-data/eCT_Supplemental.dcm", [512, 512, 2]),
            ("ibsi/ibsi_1_digital_phantom/dicom_deprecated/image/phantom.deprecated", [5, 4, 4]),
        ]
        for (name, shape) in readable {
            let series = try reader.series(in: [root.appendingPathComponent(name)])
            #expect(try reader.volume(of: series).shape == shape, "\(name)")
            #expect(Set(series.slices.map(\.frameNumber)) == Set(1...shape[2]), "\(name)")
        }
        let refused: [(String, SeriesRefusal.Kind, String)] = [
            (
                "dcm_qa_enh/In/Philips/IM_0027_fMAP.dcm", .duplicates,
                "64 frames lie at 32 positions, so some positions have more than one; they differ in Effective Echo "
                    + "Time (0018,9082), Frame Type (0008,9007)"
            ),
            (
                "dicom2nifti/philips_enhanced/fmri/001_implicit/IM-0001-9600-0001.dcm", .duplicates,
                "32 frames lie at 8 positions, so some positions have more than one; they differ in Temporal Position"
            ),
            ("pydicom-data/emri_small.dcm", .multiFrame, "10 frames (0028,0008) and 0 items"),
            ("orthanc-tests/misc/Issue22-NoPixelData.dcm", .notAnImage, "24 of 24 frames hold no pixels"),
            ("dcm4che/NM-MONO2-16-13x-heart", .multiFrame, "are no enhanced CT, MR or PET"),
        ]
        for (name, kind, words) in refused {
            let file = root.appendingPathComponent(name)
            let refusal = #expect(throws: SeriesRefusal.self) { try reader.series(in: [file]) }
            let reason = refusal?.reasons.first
            #expect(reason?.kind == kind && reason?.message.contains(words) == true, "\(name): \(refusal as Any)")
        }
    }
}
