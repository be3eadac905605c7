import Foundation
import Testing
import Voxels

@testable import ImageFiles

@Suite struct NIfTIReadTests {
    @Test("the golden volumes come out as MONAI loads them, to the last bit", .enabled(if: Places.shared != nil))
    func golden() throws {
        let folder = try #require(Places.shared) + "/golden/geometry/"
        for name in ["axial_LPS", "near_pixdim", "oblique", "sagittal", "slice1"] {
            let image = try NIfTI.read(folder + name + ".nii.gz")
            let expected = try NPZ.read(folder + name + ".npz")
            let values = try #require(expected["x0"])
            #expect(image.tensor.elements == values.floats, "\(name)")
            #expect(image.affine.elements == expected["A0"]?.doubles, "\(name)")
            #expect([1] + image.tensor.shape == values.shape || image.tensor.shape == values.shape, "\(name)")
        }
    }

    @Test(
        "every type, byte order, scaling, form and rank gives what MONAI gives",
        .enabled(if: Places.python != nil))
    func peers() throws {
        let folder = try TemporaryFolder()
        let names = try Places.run(python: Self.makeCases, [folder.path]).split(separator: "\n")
        #expect(names.count > 60)
        for name in names {
            let path = "\(folder.path)/\(name)"
            let file = ["", ".gz"].map { path + ".nii" + $0 }.first { FileManager.default.fileExists(atPath: $0) }
            let image = try NIfTI.read(try #require(file))
            let values = try NPY.read(path + ".values.npy")
            let affine = try NPY.read(path + ".affine.npy")
            let facts = try NPY.read(path + ".facts.npy").doubles
            #expect(image.tensor.shape == values.shape, "\(name)")
            let wrong = zip(image.tensor.elements, values.floats).count { !($0 == $1 || $0.isNaN && $1.isNaN) }
            #expect(wrong == 0, "\(name)")
            #expect(image.affine.elements == affine.doubles, "\(name): \(image.affine) \(affine.doubles)")
            #expect(image.hasChannelAxis == (facts[0] == -1), "\(name)")
            #expect(image.spatialShape.map(Double.init) == Array(facts[1...]), "\(name)")
        }
    }

    @Test("a file that both of us refuse is refused with words", .enabled(if: Places.python != nil))
    func refused() throws {
        let folder = try TemporaryFolder()
        let cases = try Places.run(python: Self.makeRefused, [folder.path]).split(separator: "\n")
        #expect(cases.count == 4)
        for name in cases {
            let error = #expect(throws: ImageFileError.self) { try NIfTI.read("\(folder.path)/\(name)") }
            #expect(error?.message.contains(name) == true)
        }
    }

    /// Files by nibabel, and beside each what MONAI's LoadImage makes of it.
    private static let makeCases = """
        import sys, numpy as np, nibabel as nib, itertools
        from monai.transforms import LoadImage
        from monai.data import NibabelReader
        out = sys.argv[1]
        rng = np.random.default_rng(3)
        load = LoadImage(reader=NibabelReader(), image_only=True)
        def emit(name, img, ext='.nii.gz'):
            path = f'{out}/{name}{ext}'
            nib.save(img, path)
            finish(name, path)
        def finish(name, path):
            x = load(path)
            np.save(f'{out}/{name}.values.npy', np.ascontiguousarray(x.numpy()))
            np.save(f'{out}/{name}.affine.npy', np.ascontiguousarray(x.meta['original_affine']).astype('<f8'))
            ch = x.meta['original_channel_dim']
            ch = -1.0 if ch == -1 else 0.0
            np.save(f'{out}/{name}.facts.npy', np.array([ch, *x.meta['spatial_shape']], dtype='<f8'))
            print(name)
        def rot(a, b):
            ca, sa, cb, sb = np.cos(a), np.sin(a), np.cos(b), np.sin(b)
            return np.array([[ca,-sa,0],[sa,ca,0],[0,0,1]]) @ np.array([[1,0,0],[0,cb,-sb],[0,sb,cb]])
        A = np.eye(4); A[:3,:3] = rot(.4,-.7) @ np.diag([-.8,.9,2.5]); A[:3,3] = [10.25,-33.3,7.1]
        types = ['uint8','int8','int16','uint16','int32','uint32','int64','uint64','float32','float64']
        def data(t, shape):
            if t.startswith('float'): return (rng.normal(size=shape)*1000).astype(t)
            i = np.iinfo(t)
            return rng.integers(i.min, i.max, size=shape, dtype=t, endpoint=True)
        for t, cls, end in itertools.product(types, (nib.Nifti1Header, nib.Nifti2Header), '<>'):
            h = cls(endianness=end); h.set_data_dtype(t)
            d = data(t, (5, 18, 19))
            k = nib.Nifti1Image if cls is nib.Nifti1Header else nib.Nifti2Image
            img = k(d, A, header=h); img.set_sform(A, 1)
            emit(f'{t}_{cls.__name__}_{"le" if end=="<" else "be"}', img, '.nii' if t in ('int16','float64') else '.nii.gz')
        for i, (slope, inter) in enumerate([(2.5,-1024),(1,-1024),(.1,0),(-3.7,1e-3),(1,0),(np.nan,5),(0,9)]):
            for t in ('int16','float32','uint8'):
                name = f'scaled{i}{t}'; p = f'{out}/{name}.nii'
                nib.save(nib.Nifti1Image(data(t,(4,5,6)), A), p)
                b = bytearray(open(p,'rb').read()); b[112:120] = np.array([slope,inter],'<f4').tobytes(); open(p,'wb').write(b)
                finish(name, p)
        for i, shape in enumerate([(7,),(7,5),(7,5,3),(7,5,3,2),(7,5,3,1),(4,3,5,2,3),(6,4,1,3),(1,1,1),(33,17,35)]):
            emit(f'rank{i}', nib.Nifti1Image(data('int16', shape), A))
        d = data('int16', (3,4,5))
        S = A.copy(); S[0,1] += .3
        def forms(name, sa, sc, qa, qc, zooms=None, edit=None):
            h = nib.Nifti1Header(); h.set_data_shape(d.shape); h.set_data_dtype('int16')
            h.set_qform(qa, qc) if qa is not None else None
            h.set_sform(sa, sc) if sa is not None else None
            if zooms is not None: h.set_zooms(zooms)
            h['vox_offset'] = 352; h['magic'] = b'n+1'
            if edit: edit(h)
            p = f'{out}/{name}.nii'
            open(p,'wb').write(h.binaryblock + bytes(4) + d.tobytes(order='F'))
            finish(name, p)
        B = A.copy(); B[:3,:3] *= 1.5
        forms('none', None, 0, None, 0, (2,3,4))
        forms('sformonly', A, 1, None, 0, (.8,.9,2.5))
        forms('qformonly', None, 0, A, 1)
        forms('bothdiffer', S, 2, A, 1)
        forms('sformwrong', B, 1, A, 1)
        forms('sformwrong_noq', B, 1, A, 0)
        forms('zoomswrong', A, 1, A, 1, (5,6,7))
        forms('sheared', S, 1, S, 1)
        forms('negzoom', A, 1, A, 1, None, lambda h: h['pixdim'].__setitem__(slice(1,3), [-.8, 0]))
        forms('qfac0', None, 0, A, 1, None, lambda h: h['pixdim'].__setitem__(0, 0))
        forms('badcode', A, 1, A, 1, None, lambda h: h.__setitem__('sform_code', 9))
        for k in range(6):
            R = A.copy(); R[:3,:3] = rot(k*1.1, k*.7) @ np.diag([1,-1 if k%2 else 1,1.0+k])
            forms(f'q{k}', None, 0, R, 1)
        h180 = np.diag([-1.,-1,1,1]); forms('q180', None, 0, h180, 1)
        """

    /// Files that nibabel refuses.
    private static let makeRefused = """
        import sys, numpy as np, nibabel as nib
        out = sys.argv[1]
        def case(name, edit):
            h = nib.Nifti1Header(); h.set_data_shape((3,4,5)); h.set_data_dtype('int16'); h.set_sform(np.eye(4), 1)
            h['vox_offset'] = 352; h['magic'] = b'n+1'
            edit(h)
            p = f'{out}/{name}.nii'
            open(p,'wb').write(h.binaryblock + bytes(4) + bytes(120))
            try:
                img = nib.load(p); np.asanyarray(img.dataobj)
            except Exception:
                print(name + '.nii')
        def q(h):
            h['sform_code'] = 0; h['qform_code'] = 1; h['quatern_b'] = 2
        case('quaternion', q)
        case('inter', lambda h: (h.__setitem__('scl_slope', 2), h.__setitem__('scl_inter', np.inf)))
        case('offset', lambda h: h.__setitem__('vox_offset', 348))
        case('short', lambda h: h['dim'].__setitem__(1, 300))
        """
}
