/// What a segment is: its codes and the colour in which it is shown (PS3.3 C.8.20.2).
public struct SegmentConcept: Sendable, Hashable {
    /// Segmented Property Category.
    public var category: CodedConcept

    /// Segmented Property Type.
    public var type: CodedConcept

    /// Segmented Property Type Modifier: the side of a paired structure.
    public var modifier: CodedConcept?

    /// Anatomic Region, where the type is no anatomy itself.
    public var region: CodedConcept?

    /// The recommended colour, sRGB.
    public var colour: RGBColour

    /// Whether the terminology knew the label; if not, the codes are the neutral ones.
    public var isKnown: Bool

    /// Makes a concept.
    public init(
        category: CodedConcept, type: CodedConcept, modifier: CodedConcept? = nil, region: CodedConcept? = nil,
        colour: RGBColour, isKnown: Bool = true
    ) {
        self.category = category
        self.type = type
        self.modifier = modifier
        self.region = region
        self.colour = colour
        self.isKnown = isKnown
    }
}

/// A colour of the sRGB space.
public struct RGBColour: Sendable, Hashable {
    /// Red, 0 to 255.
    public var red: UInt8
    /// Green, 0 to 255.
    public var green: UInt8
    /// Blue, 0 to 255.
    public var blue: UInt8

    /// Makes a colour.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}
