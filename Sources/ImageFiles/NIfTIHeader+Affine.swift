internal import Voxels

#if arch(x86_64)
    /// nibabel computes the quaternion in numpy's longdouble.
    private typealias Widest = Float80
#else
    private typealias Widest = Double
#endif

extension NIfTIHeader {
    /// The affine of the image in RAS: nibabel's choice, then MONAI's correction.
    ///
    /// sform if its code is set, else qform, else the voxel sizes alone around the middle (nibabel
    /// `Nifti1Header.get_best_affine`); where that contradicts the voxel sizes, the other form if it agrees with them
    /// (MONAI `correct_nifti_header_if_necessary`, data/utils.py:740).
    func affine(path: String) throws(ImageFileError) -> Affine {
        let best = try bestAffine(path: path)
        let rank = shape.count
        if rank >= 5 { return best }
        let zooms = Array(pixdim[1...rank])
        if Self.isClose(zooms, Self.spacing(best, rank)) { return best }

        let (sform, qform) = (self.sform, try self.qform(path: path))
        let sformFits = Self.isClose(Self.spacing(sform, rank), zooms)
        let qformFits = Self.isClose(Self.spacing(qform, rank), zooms)
        if sformCode != 0 {
            if sformFits { return best }
            // nibabel stores the rows in the header's own precision before it reads them back.
            if qformFits { return isVersion2 ? qform : Affine(qform.elements.map { Double(Float($0)) }) }
        }
        if qformCode != 0 && !qformFits && sformFits && sformCode == 0 {
            var changed = self
            changed.setQform(sform)
            return try changed.qform(path: path)
        }
        return best
    }

    private func bestAffine(path: String) throws(ImageFileError) -> Affine {
        if sformCode != 0 { return sform }
        if qformCode != 0 { return try qform(path: path) }
        var affine = Affine.identity
        for axis in 0..<3 {
            let length = axis < shape.count ? shape[axis] : 1
            let size = axis < shape.count ? pixdim[axis + 1] : 1
            // Without any form nibabel takes x to run from right to left.
            let zoom = axis == 0 ? -size : size
            affine[axis, axis] = zoom
            affine[axis, 3] = -(Double(length - 1) / 2 * zoom)
        }
        return affine
    }

    private var sform: Affine { Affine(rows + [0, 0, 0, 1]) }

    private func qform(path: String) throws(ImageFileError) -> Affine {
        let (b, c, d) = (Widest(quaternion[0]), Widest(quaternion[1]), Widest(quaternion[2]))
        let square = 1 - (b * b + c * c + d * d)
        let threshold = isVersion2 ? Widest(Double.ulpOfOne) * 3 : Widest(Float.ulpOfOne) * 3
        var a: Widest = 0
        if abs(square) >= threshold {
            guard square > 0 else {
                throw ImageFileError(.malformed, "\(path): the quaternion of the qform is no rotation")
            }
            a = square.squareRoot()
        }
        let s = 2 / (a * a + b * b + c * c + d * d)
        let (x, y, z) = (b * s, c * s, d * s)
        let rotation = [
            1 - (c * y + d * z), b * y - a * z, b * z + a * y,
            b * y + a * z, 1 - (b * x + d * z), c * z - a * x,
            b * z - a * y, c * z + a * x, 1 - (b * x + c * y),
        ]
        var affine = Affine.identity
        for row in 0..<3 {
            for column in 0..<3 {
                let size = column == 2 ? pixdim[3] * pixdim[0] : pixdim[column + 1]
                affine[row, column] = Double(rotation[row * 3 + column] * Widest(size))
            }
            affine[row, 3] = offset[row]
        }
        return affine
    }

    /// MONAI's `affine_to_spacing`: the lengths of the first columns of the upper left square, with 1 for 0.
    ///
    /// A file of four axes takes the translation for a fourth column, as MONAI does.
    private static func spacing(_ affine: Affine, _ rank: Int) -> [Double] {
        (0..<rank).map { column in
            let square = (0..<rank).reduce(0.0) { $0 + affine[$1, column] * affine[$1, column] }
            return square == 0 ? 1 : square.squareRoot()
        }
    }

    /// numpy's `allclose(values, reference)`.
    private static func isClose(_ values: [Double], _ reference: [Double]) -> Bool {
        zip(values, reference).allSatisfy { abs($0 - $1) <= 1e-8 + 1e-5 * abs($1) }
    }
}
