/// An object on its way to a destination.
struct OutgoingObject: Sendable, Hashable {
    /// The file, absolute.
    var path: String
    var sopClass: String
    var sopInstance: String
}

/// What came of sending one object.
enum SendAnswer: Sendable, Hashable {
    /// The peer has answered C-STORE with this status; the comment is its (0000,0902).
    case answered(status: UInt16, comment: String)
    /// The object did not get to the peer, for this reason; a permanent one does not pass by waiting.
    case unsent(reason: String, isPermanent: Bool = false)
}

/// Sends objects over one association; the real one is ``DICOMResultSender``.
protocol ResultSender: Sendable {
    /// Sends and waits for all answers; blocks.
    /// - Returns: One answer for each object, in their order.
    /// - Throws: When nothing was sent for a reason that may pass, such as a peer that is not there; its words are
    ///   kept.
    func send(_ objects: [OutgoingObject], to destination: Destination) throws -> [SendAnswer]
}

/// What a DIMSE status of C-STORE means (PS3.4 §B.2.3, PS3.7 §C).
enum StoreAnswer {
    /// The peer has the object: success or a warning.
    static func isDelivered(_ status: UInt16) -> Bool {
        status == 0 || status == 1 || status == 0x0107 || status == 0x0116 || status & 0xF000 == 0xB000
    }

    /// The peer may take the same object at another time: it is out of resources (A7xx, 0213H), or its processing
    /// failed (0110H).
    static func mayPass(_ status: UInt16) -> Bool {
        status & 0xFF00 == 0xA700 || status == 0x0110 || status == 0x0213
    }

    /// The status in words.
    static func words(_ status: UInt16) -> String {
        let digits = String(status, radix: 16, uppercase: true)
        let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "H"
        return "\(number) (\(meaning(status)))"
    }

    private static func meaning(_ status: UInt16) -> String {
        switch status {
        case 0x0000: "success"
        case 0x0105: "no such attribute"
        case 0x0106: "invalid attribute value"
        case 0x0107: "attribute list error"
        case 0x0110: "processing failure"
        case 0x0111: "duplicate SOP instance"
        case 0x0112: "no such SOP instance"
        case 0x0116: "attribute value out of range"
        case 0x0117: "invalid SOP instance"
        case 0x0118: "no such SOP class"
        case 0x0122: "the peer does not support this SOP class"
        case 0x0124: "not authorised"
        case 0x0210: "duplicate invocation"
        case 0x0211: "unrecognised operation"
        case 0x0212: "mistyped argument"
        case 0x0213: "resource limitation"
        case 0xB000: "coercion of data elements"
        case 0xB006: "elements discarded"
        case 0xB007: "data set does not match the SOP class"
        case 0xA700...0xA7FF: "the peer is out of resources"
        case 0xA900...0xA9FF: "the peer says that the data set does not match the SOP class"
        case 0xC000...0xCFFF: "the peer cannot understand the object"
        case 0xFE00: "cancelled"
        default: status & 0xF000 == 0xB000 ? "warning" : "failure"
        }
    }
}
