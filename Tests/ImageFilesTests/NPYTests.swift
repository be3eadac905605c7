import Foundation
import Testing
import Voxels

@testable import ImageFiles

@Suite struct NPYTests {
    @Test("tensors and affines come back as they went")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let tensor = Tensor(shape: [2, 3, 4], elements: (0..<24).map { Float($0) / 7 })
        try NPY.write(tensor, to: folder.path + "/t.npy")
        #expect(try NPY.read(folder.path + "/t.npy").tensor == tensor)
        var affine = Affine.identity
        affine[0, 3] = 1.0 / 3
        try NPY.write(affine, to: folder.path + "/a.npy")
        #expect(try NPY.read(folder.path + "/a.npy").affine == affine)
        let single = Tensor(shape: [1], elements: [5])
        try NPY.write(single, to: folder.path + "/s.npy")
        #expect(try NPY.read(folder.path + "/s.npy").tensor == single)
    }

    @Test("numpy reads what we write, and we read what numpy writes", .enabled(if: Places.python != nil))
    func peers() throws {
        let folder = try TemporaryFolder()
        try NPY.write(Tensor(shape: [2, 3], elements: [0, 1, 2, 3, 4, 5.5]), to: folder.path + "/ours.npy")
        let program = """
            import sys, numpy as np
            out = sys.argv[1]
            x = np.load(out + '/ours.npy'); print(x.dtype.str, x.shape, x.tolist())
            a = np.arange(24).reshape(2, 3, 4)
            arrays = {t: a.astype(t) for t in ('u1','i1','u2','i2','u4','i4','u8','i8','f4','f8','?')}
            arrays['fortran'] = np.asfortranarray(a.astype('f4')); arrays['scalar'] = np.float64(2.5); arrays['empty'] = np.zeros((0, 3))
            np.savez(out + '/plain.npz', **arrays); np.savez_compressed(out + '/packed.npz', **arrays)
            np.save(out + '/object.npy', np.array([{}], dtype=object)); np.save(out + '/big.npy', a.astype('>f4'))
            """
        let text = try Places.run(python: program, [folder.path])
        #expect(text == "<f4 (2, 3) [[0.0, 1.0, 2.0], [3.0, 4.0, 5.5]]\n")
        for name in ["plain", "packed"] {
            let arrays = try NPZ.read("\(folder.path)/\(name).npz")
            #expect(arrays.count == 14)
            #expect(arrays["scalar"]?.doubles == [2.5] && arrays["scalar"]?.shape == [])
            #expect(arrays["empty"]?.doubles == [] && arrays["empty"]?.shape == [0, 3])
            #expect(arrays["?"]?.doubles == [0] + Array(repeating: 1, count: 23))
            for type in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", "fortran"] {
                #expect(arrays[type]?.doubles == (0..<24).map(Double.init), "\(type)")
            }
        }
        #expect(throws: ImageFileError.self) { try NPY.read(folder.path + "/object.npy") }
        #expect(throws: ImageFileError.self) { try NPY.read(folder.path + "/big.npy") }
    }

    @Test("damaged arrays and archives are refused")
    func damaged() throws {
        let folder = try TemporaryFolder()
        try NPY.write(Tensor(shape: [5, 5]), to: folder.path + "/t.npy")
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/t.npy")))
        for length in [0, 5, 11, 60, 127, whole.count - 1] {
            let path = try folder.file("cut.npy", Array(whole[..<length]))
            #expect(throws: ImageFileError.self, "\(length)") { try NPY.read(path) }
        }
        #expect(throws: ImageFileError.self) { try NPZ.read(folder.path + "/t.npy") }
        #expect(throws: ImageFileError.self) { try NPZ.read(folder.path + "/absent.npz") }
        guard let shared = Places.shared else { return }
        var archive = [UInt8](try Data(contentsOf: URL(filePath: shared + "/golden/geometry/slice1.npz")))
        archive[200] ^= 1
        let path = try folder.file("bad.npz", archive)
        #expect(throws: ImageFileError.self) { try NPZ.read(path) }
        for length in stride(from: 0, to: archive.count, by: 97) {
            let path = try folder.file("cut.npz", Array(archive[..<length]))
            #expect(throws: ImageFileError.self, "\(length)") { try NPZ.read(path) }
        }
    }
}
