internal import Glibc

extension RGBColour {
    /// The reference white D65 of sRGB (IEC 61966-2-1), as DCMTK, dcmqi and 3D Slicer use it for these values.
    private static let white = [0.950456, 1.0, 1.088754]

    /// The colour as Recommended Display CIELab Value (0062,000D) encodes it: L* 0…100 and a*, b* −128…127 over the
    /// whole range of 16 bits (PS3.3 C.10.7.1.1).
    public var dicomLab: [UInt16] {
        let linear = [red, green, blue].map { RGBColour.linear(Double($0) / 255) }
        let xyz = [
            0.412453 * linear[0] + 0.357580 * linear[1] + 0.180423 * linear[2],
            0.212671 * linear[0] + 0.715160 * linear[1] + 0.072169 * linear[2],
            0.019334 * linear[0] + 0.119193 * linear[1] + 0.950227 * linear[2],
        ]
        let f = zip(xyz, RGBColour.white).map { RGBColour.compressed($0 / $1) }
        let lab = [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
        return [
            RGBColour.encoded(lab[0] * 65535 / 100), RGBColour.encoded((lab[1] + 128) * 65535 / 255),
            RGBColour.encoded((lab[2] + 128) * 65535 / 255),
        ]
    }

    /// Decodes a Recommended Display CIELab Value; colours outside sRGB are cut off.
    public init?(dicomLab values: [Int]) {
        guard values.count == 3 else { return nil }
        let lightness = Double(values[0]) * 100 / 65535
        let a = Double(values[1]) * 255 / 65535 - 128
        let b = Double(values[2]) * 255 / 65535 - 128
        let fy = (lightness + 16) / 116
        let xyz = zip([fy + a / 500, fy, fy - b / 200], RGBColour.white).map { RGBColour.expanded($0) * $1 }
        let linear = [
            3.240479 * xyz[0] - 1.537150 * xyz[1] - 0.498535 * xyz[2],
            -0.969256 * xyz[0] + 1.875992 * xyz[1] + 0.041556 * xyz[2],
            0.055648 * xyz[0] - 0.204043 * xyz[1] + 1.057311 * xyz[2],
        ]
        let bytes = linear.map { UInt8((RGBColour.gamma(min(max($0, 0), 1)) * 255).rounded()) }
        self.init(bytes[0], bytes[1], bytes[2])
    }

    private static func linear(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    private static func gamma(_ value: Double) -> Double {
        value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
    }

    private static func compressed(_ value: Double) -> Double {
        value > 0.008856 ? cbrt(value) : 7.787 * value + 16.0 / 116
    }

    private static func expanded(_ value: Double) -> Double {
        let cube = value * value * value
        return cube > 0.008856 ? cube : (value - 16.0 / 116) / 7.787
    }

    private static func encoded(_ value: Double) -> UInt16 { UInt16(min(max(value.rounded(), 0), 65535)) }
}
