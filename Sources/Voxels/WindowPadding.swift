/// What lies beyond the edge of an image that is smaller than the window: torch's `F.pad` modes.
public enum WindowPadding: Sendable, Equatable {
    /// One value everywhere.
    case constant(Float)
    /// The image mirrored at its edge voxel, which is not repeated.
    case reflect
    /// The edge voxel repeated.
    case replicate
    /// The image repeated.
    case circular

    /// The voxel of the image that stands at each place of the padded axis; -1 is outside a constant border.
    ///
    /// - Throws: `WindowError` where torch refuses as well: a reflection needs a padding below the image's length, a
    ///   circular one at most that length.
    func sources(image: Int, padded: Int, before: Int) throws(WindowError) -> [Int] {
        let after = padded - image - before
        switch self {
        case .reflect where after >= image:
            throw WindowError("reflect padding of \(after) needs an image longer than that, not \(image)")
        case .circular where after > image:
            throw WindowError("circular padding of \(after) needs an image at least that long, not \(image)")
        default: break
        }
        return (0..<padded).map { place in
            let index = place - before
            if index >= 0 && index < image { return index }
            switch self {
            case .constant: return -1
            case .replicate: return index < 0 ? 0 : image - 1
            case .reflect: return index < 0 ? -index : 2 * (image - 1) - index
            case .circular: return index < 0 ? index + image : index - image
            }
        }
    }
}
