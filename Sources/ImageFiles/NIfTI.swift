public import Voxels

/// Files of the Neuroimaging Informatics Technology Initiative: `.nii` and `.nii.gz`, versions 1 and 2.
///
/// Values and affines are those that nibabel 5.4 and MONAI 1.6.1's `NibabelReader` give.
public enum NIfTI {
    /// Whether a path is named like a NIfTI file.
    public static func isNIfTI(path: String) -> Bool {
        let name = path.lowercased()
        return name.hasSuffix(".nii") || name.hasSuffix(".nii.gz")
    }
}

/// The types that a NIfTI file's voxels can have here, by their code in the header.
public enum NIfTIType: Int16, Sendable, CaseIterable {
    case uint8 = 2
    case int16 = 4
    case int32 = 8
    case float32 = 16
    case float64 = 64
    case int8 = 256
    case uint16 = 512
    case uint32 = 768
    case int64 = 1024
    case uint64 = 1280

    /// The bytes of one voxel.
    public var size: Int {
        switch self {
        case .uint8, .int8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// The type by numpy's name, such as `uint8`.
    public init?(numpyName: String) {
        let names = Dictionary(uniqueKeysWithValues: Self.allCases.map { ("\($0)", $0) })
        guard let type = names[numpyName] else { return nil }
        self = type
    }
}

/// An image that was read from a NIfTI file.
public struct NIfTIImage: Sendable {
    /// The scaled values in float32 on the file's own axes, `[X, Y, Z]` or `[X, Y, Z, C]`; the last is the fastest.
    public var tensor: Tensor

    /// Takes voxel indices to millimetres in RAS.
    public var affine: Affine

    /// Whether there is an axis behind the spatial ones (MONAI's `original_channel_dim` −1).
    public var hasChannelAxis: Bool

    /// The lengths of the spatial axes: three, or as many as the file has if it has fewer.
    public var spatialShape: [Int]

    /// The type of the voxels in the file.
    public var storedType: NIfTIType

    /// Makes an image.
    public init(tensor: Tensor, affine: Affine, hasChannelAxis: Bool, spatialShape: [Int], storedType: NIfTIType) {
        self.tensor = tensor
        self.affine = affine
        self.hasChannelAxis = hasChannelAxis
        self.spatialShape = spatialShape
        self.storedType = storedType
    }
}
