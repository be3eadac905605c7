/// The title of an application entity (PS3.5 §6.2, VR AE): 1 to 16 printable ASCII characters without a backslash.
public struct AETitle: Hashable, Sendable, CustomStringConvertible {
    /// The title without leading and trailing blanks, which do not count.
    public let value: String

    /// Makes a title, or says what is wrong with it.
    public init(_ text: String) throws(DICOMError) {
        guard let title = AETitle(received: text) else {
            throw DICOMError(
                .invalidArgument,
                "\"\(harmless(text.utf8))\" is no AE title: 1 to 16 ASCII characters without a backslash or control characters"
            )
        }
        self = title
    }

    /// Makes a title of what a peer sent, or nil where it is none.
    init?(received text: some StringProtocol) {
        var bytes = Substring(text).utf8
        while bytes.first == 0x20 { bytes.removeFirst() }
        while bytes.last == 0x20 { bytes.removeLast() }
        guard (1...16).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x5C }) else {
            return nil
        }
        value = String(Substring(bytes))
    }

    /// The title itself.
    public var description: String { value }
}
