import DICOM
import Foundation
import TestSupport
import Testing
import Voxels

/// Series that are made for a test, slice by slice.
private struct MadeSlice {
    var position: [Double]
    var orientation = [1.0, 0, 0, 0, 1, 0]
    var spacing = [0.5, 0.8]
    var columns = 4
    var change: (DataSetBuilder) throws -> Void = { _ in }
}

@Suite("The geometry gate")
struct GeometryTests {
    @Test("Voxels, affine and order come from positions, slopes from each slice, signs from the stored bits")
    func volume() async throws {
        try await Scratch.with { scratch in
            let slices = (0..<5).map { k in
                MadeSlice(position: [1, 2, 10 - 3 * Double(k)]) { builder in
                    try builder.set(.rescaleSlope, "\(k + 1)")
                    try builder.set(.rescaleIntercept, "-\(k)")
                }
            }
            let series = try SeriesReader().series(in: write(slices, scratch))
            #expect(series.shape == [4, 3, 5])
            #expect(series.slices.map { $0.position[2] } == [-2, 1, 4, 7, 10])
            #expect(series.affineLPS.elements == [0.8, 0, 0, 1, 0, 0.5, 0, 2, 0, 0, 3, -2, 0, 0, 0, 1])
            let volume = try SeriesReader().volume(of: series)
            for i in 0..<4 {
                for j in 0..<3 {
                    for k in 0..<5 {
                        // Stored: 12 bits, two's complement, garbage above; made from the slice's place in the list.
                        let made = 4 - k
                        let stored = made * 100 + j * 10 + i - 205
                        let value = Float(stored * (made + 1) - made)
                        #expect(volume.elements[(i * 3 + j) * 5 + k] == value)
                    }
                }
            }
        }
    }

    @Test("What is no regular volume is refused with its kind")
    func refusals() async throws {
        func slices(_ change: (Int, inout MadeSlice) -> Void) -> [MadeSlice] {
            (0..<5).map { k in
                var slice = MadeSlice(position: [1, 2, 3 * Double(k)])
                change(k, &slice)
                return slice
            }
        }
        let cases: [(SeriesRefusal.Kind, [MadeSlice])] = [
            (.gap, slices { if $0 > 2 { $1.position[2] += 3 } }),
            (.irregularSpacing, slices { if $0 == 2 { $1.position[2] += 0.2 } }),
            (.duplicates, slices { if $0 == 2 { $1.position[2] = 3 } }),
            (.tilt, slices { $1.position[1] += Double($0) * 0.5 }),
            (.shift, slices { if $0 == 2 { $1.position[0] += 0.3 } }),
            (.mixedOrientation, slices { if $0 == 2 { $1.orientation = [1, 0, 0, 0, 0, -1] } }),
            (.mixed, slices { if $0 == 2 { $1.columns = 6 } }),
            (.mixed, slices { if $0 == 2 { $1.spacing = [0.5, 0.81] } }),
            (.noGeometry, slices { if $0 == 2 { $1.orientation = [1, 0, 0, 1, 0, 0] } }),
            (.noGeometry, slices { if $0 == 2 { $1.change = { try $0.setEmpty(.imagePositionPatient) } } }),
            (.localizer, slices { $1.change = { try $0.set(.imageType, "ORIGINAL\\PRIMARY\\LOCALIZER") } }),
            (.colour, slices { $1.change = { try $0.set(.photometricInterpretation, "PALETTE COLOR") } }),
            (.multiFrame, slices { $1.change = { try $0.set(.numberOfFrames, "2") } }),
            (.unreadablePixels, slices { $1.change = { _ = try $0.append(.modalityLUTSequence) } }),
            (.patients, slices { if $0 == 2 { $1.change = { try $0.set(.patientID, "other") } } }),
            (.frameOfReference, slices { if $0 == 2 { $1.change = { try $0.set(.frameOfReferenceUID, "1.9") } } }),
            (.tooFewSlices, Array(slices { _, _ in }.prefix(2))),
        ]
        for (kind, made) in cases {
            try await Scratch.with { scratch in
                let files = try write(made, scratch)
                let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: files) }
                #expect(refusal?.reasons.first?.kind == kind, "\(kind.rawValue): \(refusal as Any)")
            }
        }
    }

    @Test("Rescaling that gives no values, or values in different units, is refused with the numbers")
    func rescale() async throws {
        let cases: [(String, SeriesRefusal.Kind, (DataSetBuilder, Int) throws -> Void)] = [
            (
                "1 of 5 objects have Rescale Slope (0028,1053) 0", .unreadablePixels,
                { builder, slice in
                    try builder.set(.rescaleSlope, slice == 2 ? "0" : "1")
                    try builder.set(.rescaleIntercept, "0")
                }
            ),
            (
                "5 of 5 objects have Rescale Slope (0028,1053) 1e+300", .unreadablePixels,
                { builder, _ in
                    try builder.set(.rescaleSlope, "1e300")
                    try builder.set(.rescaleIntercept, "0")
                }
            ),
            (
                "5 of 5 objects have Rescale Intercept (0028,1052) that is no finite number", .unreadablePixels,
                { builder, _ in
                    try builder.set(.rescaleSlope, "1")
                    try builder.set(.rescaleIntercept, "1e999")
                }
            ),
            (
                "neither in 1", .mixed,
                { builder, slice in
                    if slice == 4 { return }
                    try builder.set(.rescaleSlope, "1")
                    try builder.set(.rescaleIntercept, "-1024")
                }
            ),
            (
                "slope only in 2", .mixed,
                { builder, slice in
                    try builder.set(.rescaleSlope, "1")
                    if slice > 1 { try builder.set(.rescaleIntercept, "-1024") }
                }
            ),
        ]
        for (words, kind, change) in cases {
            try await Scratch.with { scratch in
                let slices = (0..<5).map { slice in
                    MadeSlice(position: [0, 0, Double(slice)]) { try change($0, slice) }
                }
                let files = try write(slices, scratch)
                let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: files) }
                #expect(refusal?.reasons.map(\.kind) == [kind], "\(words)")
                #expect(refusal?.description.contains(words) == true, "\(refusal as Any)")
            }
        }
    }

    @Test("A modality LUT takes the place of slope and intercept, and one that is none is refused")
    func modalityLUT() async throws {
        func table(_ builder: DataSetBuilder, _ descriptor: [Int], entries: Int, in scratch: Scratch) throws {
            let bytes = ElementBytes()
            func words(_ values: [Int]) -> Data {
                values.reduce(Data()) { $0 + bytes.number(UInt16(truncatingIfNeeded: $1)) }
            }
            let item =
                bytes.element(0x0028_3002, "US", words(descriptor))
                + bytes.element(0x0028_3006, "OW", words((0..<entries).map { $0 * 7 % 1000 }))
            let sequence = bytes.element(0x0028_3000, "SQ", bytes.element(0xFFFE_E000, "", item))
            let file = scratch.path("table.dcm")
            try ElementBytes.file(bytes.object(sopInstance: "2.25.1", extra: sequence)).write(to: file)
            try builder.copy(.modalityLUTSequence, from: DataSet(contentsOf: file))
        }
        try await Scratch.with { scratch in
            let slices = (0..<4).map { k in
                MadeSlice(position: [0, 0, Double(k)]) { try table($0, [300, -200, 16], entries: 300, in: scratch) }
            }
            let reader = SeriesReader()
            let series = try reader.series(in: write(slices, scratch))
            #expect(series.slices[0].modalityLUT?.entries.count == 300)
            let volume = try reader.volume(of: series)
            for (i, j, k) in [(0, 0, 0), (3, 2, 0), (1, 1, 1), (2, 2, 2), (3, 2, 3)] {
                let stored = k * 100 + j * 10 + i - 205
                let wanted = Float(min(max(stored + 200, 0), 299) * 7 % 1000)
                #expect(volume.elements[(i * 3 + j) * 4 + k] == wanted)
            }
        }
        let broken: [(String, (DataSetBuilder, Scratch) throws -> Void)] = [
            (
                "have both a Modality LUT Sequence",
                { builder, scratch in
                    try table(builder, [300, -200, 16], entries: 300, in: scratch)
                    try builder.set(.rescaleSlope, "1")
                }
            ),
            ("600 bytes, which are not 200 entries", { try table($0, [200, 0, 16], entries: 300, in: $1) }),
            ("entries of 12 bits", { try table($0, [300, 0, 12], entries: 300, in: $1) }),
            ("has not three whole numbers", { try table($0, [300, 0], entries: 300, in: $1) }),
            ("has 0 items", { builder, _ in try builder.setEmpty(.modalityLUTSequence) }),
        ]
        for (words, change) in broken {
            try await Scratch.with { scratch in
                let files = try write(
                    (0..<4).map { k in
                        MadeSlice(position: [0, 0, Double(k)]) { try change($0, scratch) }
                    }, scratch)
                let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: files) }
                #expect(refusal?.reasons.map(\.kind) == [.unreadablePixels], "\(words)")
                #expect(refusal?.description.contains(words) == true, "\(words): \(refusal as Any)")
            }
        }
    }

    @Test("Refusals say with numbers what is wrong, and all of it")
    func words() async throws {
        func slices(_ count: Int = 5, _ change: (Int, inout MadeSlice) -> Void) -> [MadeSlice] {
            (0..<count).map { k in
                var slice = MadeSlice(position: [1, 2, 3 * Double(k)])
                change(k, &slice)
                return slice
            }
        }
        let cases: [([String], [MadeSlice])] = [
            // Slices that all lie at one place, apart by their echoes.
            (
                [
                    "4 images lie at 1 position, so some positions have more than one; they differ in Echo Time (0018,0081)"
                ],
                slices(4) { k, slice in
                    slice.position[2] = 0
                    slice.change = { try $0.set(.echoTime, "\(k * 10)") }
                }
            ),
            (
                ["2 of 6 images lie in another direction than the first, by up to 90.0°"],
                slices(6) {
                    if $0 > 3 { $1.orientation = [1, 0, 0, 0, 0, -1] }
                }
            ),
            (
                [
                    "1 of 4 distances between slices are gaps: 6.0 mm between slices 3 and 4 where 3.0 mm is usual",
                    "the stack leans 4.76° against the normal of its slices, as under a tilted gantry",
                ],
                slices {
                    let step = Double($0 > 2 ? $0 + 1 : $0)
                    $1.position = [1, 2 + step * 0.25, step * 3]
                }
            ),
            (
                [
                    "slices are unequally spaced: slice 3 of 5 lies 0.2 mm before or behind its place on a grid of 3.0 mm"
                ],
                slices { if $0 == 2 { $1.position[2] += 0.2 } }
            ),
            (
                ["slices are shifted in their plane: slice 3 of 5 lies 0.3 mm beside its place"],
                slices { if $0 == 2 { $1.position[0] += 0.3 } }
            ),
            (
                ["the images have 2 pixel spacings (mm): 0.5 × 0.8 in 4, 0.5 × 0.81 in 1"],
                slices { if $0 == 2 { $1.spacing = [0.5, 0.81] } }
            ),
            (
                ["2 slices are fewer than 3; they are mosaics of slices (MOSAIC in Image Type (0008,0008))"],
                slices(2) { _, slice in slice.change = { try $0.set(.imageType, "ORIGINAL\\PRIMARY\\M\\MOSAIC") } }
            ),
        ]
        for (words, made) in cases {
            try await Scratch.with { scratch in
                let files = try write(made, scratch)
                let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: files) }
                for word in words { #expect(refusal?.description.contains(word) == true, "\(refusal as Any)") }
            }
        }
    }

    @Test("Positions that were rounded to a tenth of a millimetre are one regular grid")
    func roundedPositions() async throws {
        try await Scratch.with { scratch in
            let slices = (0..<20).map { MadeSlice(position: [0, 0, (0.625 * Double($0) * 10).rounded() / 10]) }
            let series = try SeriesReader().series(in: write(slices, scratch))
            #expect(series.notes.count == 1)
        }
    }

    @Test("An object that comes twice counts once; another content under its UID is refused")
    func resent() async throws {
        try await Scratch.with { scratch in
            var files = try write((0..<4).map { MadeSlice(position: [0, 0, Double($0)]) }, scratch)
            let copy = scratch.path("copy.dcm")
            try FileManager.default.copyItem(at: files[1], to: copy)
            files.append(copy)
            let series = try SeriesReader().series(in: files)
            #expect(series.duplicates == 1)
            #expect(series.slices.count == 4)
            var bytes = try Data(contentsOf: copy)
            bytes[bytes.count - 1] ^= 1
            try bytes.write(to: copy)
            let refusal = #expect(throws: SeriesRefusal.self) { try SeriesReader().series(in: files) }
            #expect(refusal?.reasons.map(\.kind) == [.duplicates])
        }
    }

    private func write(_ slices: [MadeSlice], _ scratch: Scratch) throws -> [URL] {
        try slices.enumerated().map { index, slice in
            let builder = try DataSetBuilder()
            let texts: [(DICOM.Tag, String)] = [
                (.sopClassUID, "1.2.840.10008.5.1.4.1.1.2"), (.sopInstanceUID, "1.2.3.\(index + 1)"),
                (.studyInstanceUID, "1.2.1"), (.seriesInstanceUID, "1.2.2"), (.frameOfReferenceUID, "1.2.4"),
                (.modality, "CT"), (.patientID, "1"), (.photometricInterpretation, "MONOCHROME2"),
                (.instanceNumber, "\((index * 7) % 5)"), (.imageType, "ORIGINAL\\PRIMARY\\AXIAL"),
                (.imagePositionPatient, slice.position.map { "\($0)" }.joined(separator: "\\")),
                (.imageOrientationPatient, slice.orientation.map { "\($0)" }.joined(separator: "\\")),
                (.pixelSpacing, slice.spacing.map { "\($0)" }.joined(separator: "\\")),
            ]
            for (tag, text) in texts { try builder.set(tag, text) }
            let numbers: [(DICOM.Tag, Int)] = [
                (.samplesPerPixel, 1), (.rows, 3), (.columns, slice.columns), (.bitsAllocated, 16), (.bitsStored, 12),
                (.highBit, 11), (.pixelRepresentation, 1),
            ]
            for (tag, number) in numbers { try builder.set(tag, number) }
            try slice.change(builder)
            let pixels = (0..<3 * slice.columns).flatMap { pixel in
                let stored = index * 100 + pixel / slice.columns * 10 + pixel % slice.columns - 205
                // The four bits above the stored ones hold an overlay, as old objects have it.
                let word = UInt16(truncatingIfNeeded: stored) & 0x0FFF | 0xA000
                return [UInt8(word & 255), UInt8(word >> 8)]
            }
            let file = scratch.path("slice\(index).dcm")
            try builder.write(
                to: file, pixelData: PixelDataStream(byteCount: pixels.count) { try pixels.withUnsafeBytes($0) })
            return file
        }
    }
}
