import DICOM
import Foundation
import TestSupport
import Testing
import Voxels

@Suite("2D images")
struct PlanarImageTests {
    private struct Case: Decodable {
        var name: String
        var shape: [Int]
        var variants: [String]
    }

    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Scripts")

    private static func floats(_ file: URL) throws -> [Float] {
        let data = try Data(contentsOf: file)
        return data.withUnsafeBytes { raw in
            (0..<data.count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
    }

    @Test(
        "A PNG in MONAI and the DICOM objects of the same pixels are one tensor",
        .enabled(if: ProcessInfo.processInfo.environment["PORTICO_SKIP_PEERS"] != "1"))
    func png() async throws {
        try await Scratch.with { scratch in
            let script = Self.scripts.appendingPathComponent("planar_images.py")
            let cases = try await Command.run(Peers.python(), [script.path, scratch.folder.path]).json([Case].self)
            let reader = SeriesReader()
            var compared = 0
            for made in cases {
                let wanted = Tensor(shape: made.shape, elements: try Self.floats(scratch.path(made.name + ".f32")))
                for variant in made.variants {
                    let image = try reader.image(in: scratch.path("\(made.name)-\(variant).dcm"))
                    #expect(image.shape == made.shape)
                    #expect(try reader.pixels(of: image) == wanted, "\(made.name)-\(variant)")
                    compared += 1
                }
            }
            #expect(compared == 33)
        }
    }

    private struct Listed: Encodable {
        var name: String
        var path: String
        var colour: Bool
    }

    private struct Found: Decodable {
        var name: String
        var pydicom: Bool
        var dcmtk: Bool?
    }

    /// How far a peer's pixels may be from ours, and why; nil where the two mean different things.
    private static func tolerance(_ peer: String, _ image: PlanarImage, _ largest: Float, isPacked: Bool) -> Float? {
        if peer == "dcmtk" {
            // Its program writes 8 bits only, and cuts fractions off where it converts YBR that is not JPEG.
            if image.format.bitsAllocated != 8 { return nil }
            return image.format.photometricInterpretation == "YBR_FULL_422" && !isPacked ? 1 : 0
        }
        // pydicom does not turn MONOCHROME1 round and has no functional groups; it computes in float64.
        if image.format.photometricInterpretation == "MONOCHROME1" || image.frameCount > 1 { return nil }
        if image.isColour { return isPacked ? 1 : 0 }
        return largest * 1e-6
    }

    @Test(
        "Real images are what pydicom, and for colours DCMTK's own program, makes of them",
        .enabled(if: ProcessInfo.processInfo.environment["PORTICO_SKIP_PEERS"] != "1"), .needsSharedData)
    func peers() async throws {
        try await Scratch.with { scratch in
            let reader = SeriesReader()
            var listed: [Listed] = []
            var read: [(image: PlanarImage, pixels: Tensor)] = []
            for folder in ["pydicom/test_files", "pydicom-data", "highdicom", "orthanc-tests/TransferSyntaxes"] {
                for file in try Project.files(below: SharedData.url("dicom/" + folder)) {
                    guard let image = try? reader.image(in: file, frame: 1),
                        let pixels = try? reader.pixels(of: image)
                    else { continue }
                    read.append((image, pixels))
                    let name = "\(listed.count)-\(file.lastPathComponent)"
                    listed.append(Listed(name: name, path: file.path, colour: image.isColour))
                }
            }
            let list = scratch.path("list.json")
            try JSONEncoder().encode(listed).write(to: list)
            let script = Self.scripts.appendingPathComponent("planar_peers.py")
            let found = try await Command.run(Peers.python(), [script.path, list.path]).json([Found].self)
            var compared: [String: Int] = [:]
            for (peer, (image, pixels)) in zip(found, read) {
                for (name, isThere) in [("pydicom", peer.pydicom), ("dcmtk", peer.dcmtk ?? false)] where isThere {
                    let isPacked = try DataSet(contentsOf: image.file).nativePixelByteCount == 0
                    let top = pixels.elements.map(abs).max() ?? 0
                    guard let limit = Self.tolerance(name, image, top, isPacked: isPacked) else { continue }
                    let theirs = try Self.floats(scratch.path("\(peer.name).\(name).f32"))
                    #expect(theirs.count == pixels.count, "\(peer.name) \(name)")
                    let largest = zip(pixels.elements, theirs).map { abs($0 - $1) }.max() ?? 0
                    #expect(largest <= limit, "\(peer.name) \(name)")
                    compared[name, default: 0] += 1
                }
            }
            print("images equal to those of a peer: \(compared)")
            #expect(compared["pydicom", default: 0] > 40 && compared["dcmtk", default: 0] > 15, "\(compared)")
        }
    }

    @Test("What is no 2D image is refused in words, and a frame of several has to be named", .needsSharedData)
    func refusals() throws {
        let root = try SharedData.url("dicom")
        let reader = SeriesReader()
        let cases: [(String, SeriesRefusal.Kind, String)] = [
            ("highdicom/sm_image.dcm", .multiFrame, "frames are tiles (0048,0006)"),
            ("highdicom/seg_image_ct_true_fractional.dcm", .notAnImage, "is a segmentation"),
            ("pydicom/test_files/rtdose_1frame.dcm", .notAnImage, "is a dose"),
            ("pydicom/test_files/SC_rgb_rle_32bit.dcm", .unreadablePixels, "samples of 32 bits"),
            ("orthanc-tests/misc/2026-05-26-oob-monochrome-46341.dcm", .unreadablePixels, "has less pixel data"),
            ("orthanc-tests/misc/Issue56-NoPixelData.dcm", .notAnImage, "holds no pixels"),
        ]
        for (name, kind, words) in cases {
            let file = root.appendingPathComponent(name)
            let refusal = #expect(throws: PlanarRefusal.self) { try reader.image(in: file) }
            let reason = refusal?.reasons.first
            #expect(reason?.kind == kind && reason?.message.contains(words) == true, "\(name): \(refusal as Any)")
        }
        let several = root.appendingPathComponent("pydicom/test_files/SC_rgb_rle_2frame.dcm")
        #expect(reader.images(in: [several]).images.map(\.frameNumber) == [1, 2])
        let unnamed = #expect(throws: DICOMError.self) { try reader.image(in: several) }
        #expect(unnamed?.message.contains("there are 2 frames; name one of them") == true)
        let absent = #expect(throws: DICOMError.self) { try reader.image(in: several, frame: 3) }
        #expect(absent?.message.contains("no frame 3 of 2") == true)
        // What goes round is the range of the bits stored, as a dark room would have it.
        let inverted = try reader.image(in: root.appendingPathComponent("highdicom/dx_image.dcm"))
        #expect(inverted.modality == "DX" && inverted.pixelSpacing?.count == 2)
    }
}
