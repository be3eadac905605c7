import Foundation

/// What can stand in a peer's `hosts`.
enum HostPattern {
    /// Whether a text is an IPv4 or IPv6 address, a network in CIDR notation, or a host name (RFC 1123).
    static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let bits = Int(parts[1]), let most = addressBits(String(parts[0])) else { return false }
            return (0...most).contains(bits)
        }
        if addressBits(text) != nil { return true }
        // What consists of digits and dots only was meant as an address.
        guard parts.count == 1, text.contains(where: \.isLetter), text.utf8.count <= 253 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x5F }
        }
    }

    /// 32 for an IPv4 address, 128 for an IPv6 address, `nil` for anything else.
    private static func addressBits(_ text: String) -> Int? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return 32 }
        var six = in6_addr()
        return inet_pton(AF_INET6, text, &six) == 1 ? 128 : nil
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
