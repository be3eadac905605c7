internal import Glibc

/// Who may open an association.
public enum PeerPolicy: Sendable, Hashable {
    /// Every peer.
    case anyone
    /// The peers that one of the rules names.
    case listed([PeerRule])

    /// Whether a peer may come in. Host names in the rules are looked up now.
    func allows(callingTitle: String, address: String) -> Bool {
        switch self {
        case .anyone: true
        case .listed(let rules): rules.contains { $0.allows(callingTitle: callingTitle, address: address) }
        }
    }
}

/// One line of a list of peers: a calling AE title and the hosts it may come from.
public struct PeerRule: Sendable, Hashable {
    /// The title, or nil for any.
    public var aeTitle: AETitle?

    /// IP addresses, blocks such as `10.1.0.0/16` or `fd00::/8`, and host names; empty for any host.
    public var hosts: [String]

    /// Makes a rule.
    public init(aeTitle: AETitle?, hosts: [String] = []) {
        self.aeTitle = aeTitle
        self.hosts = hosts
    }

    func allows(callingTitle: String, address: String) -> Bool {
        if let aeTitle, aeTitle != AETitle(received: callingTitle) { return false }
        guard !hosts.isEmpty else { return true }
        guard let peer = NetworkAddress(address) else { return false }
        return hosts.contains { host in
            if let block = AddressBlock(host) { return block.contains(peer) }
            return NetworkAddress.resolve(host).contains(peer)
        }
    }
}

/// The bytes of an IPv4 or IPv6 address.
struct NetworkAddress: Hashable {
    let bytes: [UInt8]

    /// Reads a numeric address; a scope such as `%eth0` does not count.
    init?(_ text: some StringProtocol) {
        let plain = String(text.prefix { $0 != "%" })
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, plain, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    /// The addresses of a host name; empty where it has none. Blocks.
    static func resolve(_ name: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var item = list
        while let entry = item?.pointee {
            var host = [CChar](repeating: 0, count: 64)
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &host, 64, nil, 0, NI_NUMERICHOST) == 0,
                let address = NetworkAddress(String(decoding: host.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
            {
                found.append(address)
            }
            item = entry.ai_next
        }
        return found
    }
}

/// An address with the number of its leading bits that count.
struct AddressBlock {
    let address: NetworkAddress
    let bits: Int

    /// Reads `10.1.0.0/16`, or a single address.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = NetworkAddress(first) else { return nil }
        let most = address.bytes.count * 8
        guard parts.count <= 2, let bits = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(bits) else {
            return nil
        }
        self.address = address
        self.bits = bits
    }

    func contains(_ other: NetworkAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        for (index, (mine, theirs)) in zip(address.bytes, other.bytes).enumerated() {
            let counting = min(8, max(0, bits - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> counting)
            if (mine ^ theirs) & mask != 0 { return false }
        }
        return true
    }
}
