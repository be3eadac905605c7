public import DICOM

/// A concept of a coding scheme (PS3.3 §8): never a bare string.
public struct CodedConcept: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The code, such as `10200004`; at most 16 characters.
    public let value: String

    /// The designator of the coding scheme, such as `SCT`; at most 16 characters.
    public let scheme: String

    /// What the code means, such as `Liver`; at most 64 characters.
    public let meaning: String

    /// Makes a concept.
    public init(_ value: String, _ scheme: String, _ meaning: String) {
        self.value = value
        self.scheme = scheme
        self.meaning = meaning
    }

    /// The concept as documents write it, such as `(10200004, SCT, "Liver")`.
    public var description: String { "(\(value), \(scheme), \"\(meaning)\")" }

    /// Reads the concept of an item of a code sequence, or gives nil where it has no code.
    public init?(_ item: DataSet) throws {
        guard let value = try item.text(.codeValue) ?? item.string(.longCodeValue) ?? item.string(.urnCodeValue)
        else { return nil }
        self.init(value, try item.text(.codingSchemeDesignator) ?? "", try item.text(.codeMeaning) ?? "")
    }

    /// The concept as it is written: with a meaning that fits its element.
    var written: CodedConcept { CodedConcept(value, scheme, FittedText.longString(meaning)) }

    /// Writes the concept into a new item of a code sequence.
    func append(to item: DataSetBuilder, _ tag: Tag) throws {
        let code = try item.append(tag)
        try code.set(.codeValue, text: value)
        try code.set(.codingSchemeDesignator, text: scheme)
        try code.set(.codeMeaning, text: FittedText.longString(meaning))
    }
}

/// A coding scheme that no registry names, described in the object that uses it: an item of the Coding Scheme
/// Identification Sequence (0008,0110).
public struct CodingScheme: Sendable, Hashable {
    /// The designator, such as `99IHE`.
    public let designator: String
    /// Its name.
    public let name: String
    /// Who is responsible for it.
    public let responsibleOrganization: String

    /// Describes a coding scheme.
    public init(designator: String, name: String, responsibleOrganization: String) {
        self.designator = designator
        self.name = name
        self.responsibleOrganization = responsibleOrganization
    }

    /// The scheme of codes that IHE uses before the standard has them.
    public static let ihe = CodingScheme(
        designator: "99IHE", name: "IHE codes not yet in a standard", responsibleOrganization: "IHE International")
}
