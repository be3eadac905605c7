/// Why the objects of a series are no regular volume.
public struct SeriesRefusal: Error, Sendable, CustomStringConvertible {
    /// The kind of a reason: an open set, so that new kinds break no caller.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String

        /// Makes a kind by its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The objects hold no pixels, such as an RT Structure Set.
        public static let notAnImage = Self(rawValue: "not an image")
        /// Several frames in one object.
        public static let multiFrame = Self(rawValue: "multi-frame")
        /// Colour or palette images.
        public static let colour = Self(rawValue: "colour")
        /// A scout view.
        public static let localizer = Self(rawValue: "localizer")
        /// A transfer syntax, a sample size or a modality LUT that cannot be read.
        public static let unreadablePixels = Self(rawValue: "unreadable pixels")
        /// An attribute of the geometry is missing or makes no sense.
        public static let noGeometry = Self(rawValue: "no geometry")
        /// Images of different kinds, sizes, spacings or sample formats.
        public static let mixed = Self(rawValue: "mixed images")
        /// Images that lie in different directions.
        public static let mixedOrientation = Self(rawValue: "mixed orientation")
        /// More than one frame of reference, or none.
        public static let frameOfReference = Self(rawValue: "frame of reference")
        /// More than one image at a position, or two contents under one UID.
        public static let duplicates = Self(rawValue: "duplicates")
        /// A slice is missing.
        public static let gap = Self(rawValue: "gap")
        /// Slices are unequally spaced.
        public static let irregularSpacing = Self(rawValue: "irregular spacing")
        /// The stack leans against its slices, as under a tilted gantry.
        public static let tilt = Self(rawValue: "tilt")
        /// Slices are shifted within their plane.
        public static let shift = Self(rawValue: "shift")
        /// Fewer slices than asked for.
        public static let tooFewSlices = Self(rawValue: "too few slices")
        /// The images name more than one patient.
        public static let patients = Self(rawValue: "several patients")
    }

    /// One reason.
    public struct Reason: Sendable, Hashable {
        /// The kind of the reason.
        public let kind: Kind

        /// What is wrong, with the numbers.
        public let message: String

        /// Makes a reason.
        public init(_ kind: Kind, _ message: String) {
            self.kind = kind
            self.message = message
        }
    }

    /// The Study Instance UID.
    public let studyInstanceUID: UID

    /// The Series Instance UID.
    public let seriesInstanceUID: UID

    /// The modality, such as `RTSTRUCT`.
    public let modality: String

    /// The number of objects in the series.
    public let objectCount: Int

    /// Every reason that was found; never empty.
    public let reasons: [Reason]

    /// All reasons in one sentence.
    public var description: String {
        "series \(seriesInstanceUID) (\(modality), \(objectCount) \(objectCount == 1 ? "object" : "objects")) "
            + "is no regular volume: "
            + reasons.map(\.message).joined(separator: "; ")
    }
}
