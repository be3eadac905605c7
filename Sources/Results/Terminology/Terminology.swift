/// The table from the labels of bundles to codes and colours.
///
/// No code is ever guessed: a label that is not in the table gets the neutral (85756007, SCT, "Tissue").
public struct Terminology: Sendable {
    /// A structure and the names that bundles give it.
    struct Entry: Sendable {
        let names: [String]
        let category: Category
        let type: CodedConcept
        let region: CodedConcept?
        let colour: RGBColour
        /// Whether a side in the label becomes the modifier.
        let isPaired: Bool
    }

    /// The categories in use (CID 7150).
    enum Category: Sendable {
        case anatomy, tissue, altered

        var concept: CodedConcept {
            switch self {
            case .anatomy: CodedConcept("123037004", "SCT", "Anatomical Structure")
            case .tissue: Terminology.neutral
            case .altered: CodedConcept("49755003", "SCT", "Morphologically Altered Structure")
            }
        }
    }

    /// The table that Portico brings along.
    public static let builtIn = Terminology(entries)

    static let neutral = CodedConcept("85756007", "SCT", "Tissue")
    static let left = CodedConcept("7771000", "SCT", "Left")
    static let right = CodedConcept("24028007", "SCT", "Right")

    private let table: [String: Entry]

    init(_ entries: [Entry]) {
        var table: [String: Entry] = [:]
        for entry in entries {
            for name in entry.names { table[name] = entry }
        }
        self.table = table
    }

    /// What a label stands for.
    ///
    /// Case, underscores and the place of the side do not matter: `kidney_right` is `Right Kidney`.
    public func concept(for label: String) -> SegmentConcept {
        let words = Terminology.words(label)
        if let entry = table[words.joined(separator: " ")] {
            return concept(entry, side: nil)
        }
        let sides = words.compactMap { Terminology.sides[$0] }
        let rest = words.filter { Terminology.sides[$0] == nil }.joined(separator: " ")
        if sides.count == 1, let entry = table[rest], entry.isPaired { return concept(entry, side: sides[0]) }
        return SegmentConcept(
            category: Terminology.neutral, type: Terminology.neutral, colour: Terminology.spare(label), isKnown: false)
    }

    /// Every concept of the table, with both sides of paired structures.
    var concepts: [SegmentConcept] {
        Terminology.entries.flatMap { entry in
            [concept(entry, side: nil)]
                + (entry.isPaired ? [Terminology.left, Terminology.right].map { concept(entry, side: $0) } : [])
        }
    }

    private func concept(_ entry: Entry, side: CodedConcept?) -> SegmentConcept {
        var colour = entry.colour
        // The right one of a pair is darker, so that a picture shows which is which.
        if side == Terminology.right {
            colour = RGBColour(shaded(colour.red), shaded(colour.green), shaded(colour.blue))
        }
        return SegmentConcept(
            category: entry.category.concept, type: entry.type, modifier: side, region: entry.region, colour: colour)
    }

    private func shaded(_ value: UInt8) -> UInt8 { UInt8(Int(value) * 7 / 10) }

    private static let sides = ["left": left, "right": right, "l": left, "r": right]

    private static func words(_ label: String) -> [String] {
        label.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// A colour for a label without one: always the same for the same label.
    private static func spare(_ label: String) -> RGBColour {
        let colours = [
            RGBColour(255, 127, 14), RGBColour(44, 160, 44), RGBColour(148, 103, 189), RGBColour(227, 119, 194),
            RGBColour(188, 189, 34), RGBColour(23, 190, 207), RGBColour(31, 119, 180), RGBColour(214, 39, 40),
        ]
        let sum = label.utf8.reduce(5381) { ($0 &* 33 &+ Int($1)) & 0xFFFF }
        return colours[sum % colours.count]
    }
}
