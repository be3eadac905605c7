/// The `_target_`s that an operator answers to, without MONAI's module path.
///
/// MONAI has each transform twice: one that works on an image (`Spacing`) and one that works on the images of a
/// dictionary under its `keys` (`Spacingd`, `SpacingD`, `SpacingDict`).
public struct OperatorNames: Sendable, ExpressibleByArrayLiteral {
    /// The spellings that work on an image.
    public let array: [String]

    /// The spellings that work on a dictionary.
    public let dictionary: [String]

    /// All spellings of transforms by the names of their classes that work on an image, such as `Spacing`.
    public init(_ names: String...) {
        array = names
        dictionary = names.flatMap { [$0 + "d", $0 + "D", $0 + "Dict"] }
    }

    /// The spellings of transforms that only work on a dictionary.
    public init(dictionary names: String...) {
        array = []
        dictionary = names.flatMap { [$0 + "d", $0 + "D", $0 + "Dict"] }
    }

    /// Names that work on a dictionary, as they are.
    public init(arrayLiteral names: String...) {
        array = []
        dictionary = names
    }

    /// All names.
    public var all: [String] { array + dictionary }
}
