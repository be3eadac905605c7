import Foundation
import Testing
import Voxels

@testable import ImageFiles

@Suite struct NIfTIWriteTests {
    private static let oblique = Affine([
        -0.61, -0.2, 1.1, 12.5, 0.33, -0.84, 0.4, -7.25, 0.05, 0.31, 2.1, 100.125, 0, 0, 0, 1,
    ])

    private func unpacked(_ path: String) throws -> [UInt8] {
        let stream = try InputStream(path)
        var bytes: [UInt8] = []
        while let byte = try? stream.read(1) { bytes += byte }
        return bytes
    }

    @Test("MONAI's own saved label image is written again byte by byte", .enabled(if: Places.shared != nil))
    func golden() throws {
        let path = try #require(Places.shared) + "/golden/spleen_run/out/case0/case0_trans.nii.gz"
        let image = try NIfTI.read(path)
        let folder = try TemporaryFolder()
        let again = folder.path + "/again.nii.gz"
        try NIfTI.write(image.tensor, affine: image.affine, to: again, type: image.storedType)
        let (written, expected) = (try unpacked(again), try unpacked(path))
        #expect(written.count == expected.count)
        #expect(written.indices.filter { written[$0] != expected[$0] } == [])
    }

    @Test(
        "the header agrees with MONAI's NibabelWriter for each type and layout", .enabled(if: Places.python != nil))
    func peers() throws {
        let folder = try TemporaryFolder()
        let program = """
            import sys, numpy as np, nibabel as nib
            from monai.data import NibabelWriter
            out = sys.argv[1]
            A = np.array([float(v) for v in sys.argv[2].split(',')]).reshape(4, 4)
            for t in ('uint8','int16','int32','float32','float64','int8','uint16','uint32'):
                for name, shape, ch in (('v', (5,18,19), None), ('c1', (1,5,18,19), 0), ('c3', (3,5,18,19), 0)):
                    d = (np.arange(np.prod(shape)).reshape(shape) % 120).astype(np.float32) + .75
                    w = NibabelWriter(output_dtype=np.dtype(t))
                    w.set_data_array(d, channel_dim=ch)
                    w.set_metadata({'affine': A, 'original_affine': A}, resample=False)
                    w.write(f'{out}/{name}_{t}.nii')
            """
        let text = Self.oblique.elements.map { "\($0)" }.joined(separator: ",")
        _ = try Places.run(python: program, [folder.path, text])
        for type in [NIfTIType.uint8, .int16, .int32, .float32, .float64, .int8, .uint16, .uint32] {
            for (name, shape) in [("v", [5, 18, 19]), ("c1", [1, 5, 18, 19]), ("c3", [3, 5, 18, 19])] {
                let count = shape.reduce(1, *)
                let tensor = Tensor(shape: shape, elements: (0..<count).map { Float($0 % 120) + 0.75 })
                let path = folder.path + "/ours.nii"
                try NIfTI.write(tensor, affine: Self.oblique, to: path, type: type, channelFirst: name != "v")
                let ours = try unpacked(path)
                let theirs = try unpacked("\(folder.path)/\(name)_\(type).nii")
                #expect(ours.count == theirs.count, "\(name) \(type)")
                // The quaternion comes of another algorithm and may differ in the last bit.
                let differing = zip(ours, theirs).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
                #expect(
                    differing.allSatisfy { (256..<268).contains($0) && $0 % 4 == 0 }, "\(name) \(type): \(differing)")
                let (mine, his) = (try NIfTI.read(path), try NIfTI.read("\(folder.path)/\(name)_\(type).nii"))
                #expect(mine.tensor == his.tensor && mine.affine == his.affine, "\(name) \(type)")
            }
        }
    }

    @Test("every type comes back as it went", arguments: NIfTIType.allCases)
    func roundTrip(type: NIfTIType) throws {
        let folder = try TemporaryFolder()
        for shape in [[3], [4, 5], [7, 33, 18], [4, 3, 5, 2], [2, 3, 4, 2, 3]] {
            let count = shape.reduce(1, *)
            let tensor = Tensor(shape: shape, elements: (0..<count).map { Float($0 % 128) })
            for name in ["a.nii", "a.nii.gz"] {
                try NIfTI.write(tensor, affine: Self.oblique, to: folder.path + "/" + name, type: type)
                let image = try NIfTI.read(folder.path + "/" + name)
                #expect(image.tensor == tensor, "\(shape) \(name)")
                #expect(image.storedType == type)
                #expect(image.affine.elements == Self.oblique.elements.map { Double(Float($0)) })
            }
        }
    }

    @Test("a value that the type can't hold is refused, and no file is left")
    func overflow() throws {
        let folder = try TemporaryFolder()
        for value in [Float(256), -1, .nan, .infinity] {
            #expect(throws: ImageFileError.self, "\(value)") {
                try NIfTI.write(
                    Tensor(shape: [2, 1, 1], elements: [0, value]), affine: .identity, to: folder.path + "/a.nii",
                    type: .uint8)
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        #expect(throws: ImageFileError.self) {
            try NIfTI.write(Tensor(shape: [2]), affine: .identity, to: folder.path + "/none/a.nii")
        }
        #expect(throws: ImageFileError.self) {
            try NIfTI.write(
                Tensor(shape: [2, 2, 2]), affine: Affine(Array(repeating: 0, count: 16)), to: folder.path + "/a.nii")
        }
    }
}
