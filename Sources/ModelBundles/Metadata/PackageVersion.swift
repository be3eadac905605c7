/// A version of a bundle or a package, ordered as PEP 440 orders them.
///
/// MONAI compares versions as strings, so that `0.6.10` lies before `0.6.9` (MONAI 1.6.1 bundle/scripts.py:325).
public struct PackageVersion: Sendable, CustomStringConvertible {
    /// The version as it was written.
    public let text: String

    /// The numbers between the dots, without the zeros at the end.
    let release: [Int]

    let epoch: Int
    let pre: Stage?
    let post: Int?
    let dev: Int?
    let local: [LocalPart]

    /// What comes before a release: `a` for alpha, `b` for beta, `rc` for a release candidate.
    struct Stage: Hashable, Comparable {
        var rank: Int
        var number: Int

        static func < (left: Stage, right: Stage) -> Bool { (left.rank, left.number) < (right.rank, right.number) }
    }

    /// A part of the local version such as `cu118`; a number lies after every text.
    enum LocalPart: Hashable, Comparable {
        case text(String)
        case number(Int)
    }

    /// Reads a version such as `0.6.10`, `v1.4.0rc1`, `1.5.0.dev2347` or `1.3.0+cu118`.
    ///
    /// It is nil for what PEP 440 calls no version, text behind a version included: where such a one lies is a guess.
    public init?(_ text: String) {
        var reader = VersionReader(text)
        _ = reader.take(["v"])
        guard let first = reader.number() else { return nil }
        var numbers = [first]
        if reader.take(["!"]) {
            guard let number = reader.number() else { return nil }
            epoch = first
            numbers = [number]
        } else {
            epoch = 0
        }
        while let number = reader.attempt({ $0.take(["."]) ? $0.number() : nil }) { numbers.append(number) }
        pre = reader.attempt { $0.stage() }
        post = reader.attempt { $0.post() }
        dev = reader.attempt { $0.suffix(["dev"]) }
        local = reader.attempt { $0.local() } ?? []
        guard reader.isAtEnd else { return nil }
        self.text = text
        release = Array(numbers.prefix((numbers.lastIndex { $0 != 0 } ?? 0) + 1))
    }

    /// The version as it was written.
    public var description: String { text }

    /// Whether it is one that comes before a release.
    public var isPrerelease: Bool { pre != nil || dev != nil }
}

extension PackageVersion: Comparable, Hashable {
    /// Whether both name one version; `2.0` and `2.0.0` do.
    public static func == (left: PackageVersion, right: PackageVersion) -> Bool {
        left.epoch == right.epoch && left.release == right.release && left.pre == right.pre && left.post == right.post
            && left.dev == right.dev && left.local == right.local
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(epoch)
        hasher.combine(release)
        hasher.combine(pre)
        hasher.combine(post)
        hasher.combine(dev)
        hasher.combine(local)
    }

    /// Whether the left one is the earlier one.
    public static func < (left: PackageVersion, right: PackageVersion) -> Bool {
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        if left.release != right.release { return left.release.lexicographicallyPrecedes(right.release) }
        if left.stage != right.stage { return left.stage < right.stage }
        if left.post != right.post { return (left.post ?? -1) < (right.post ?? -1) }
        if left.dev != right.dev { return (left.dev ?? Int.max) < (right.dev ?? Int.max) }
        return left.local.lexicographicallyPrecedes(right.local)
    }

    /// The place among the stages: a bare `.dev` lies before all of them, a release behind them.
    private var stage: Stage {
        if let pre { return pre }
        return Stage(rank: post == nil && dev != nil ? -1 : 3, number: 0)
    }
}

/// Reads the parts of a version; upper case and white space around it do not matter.
private struct VersionReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = ConfigNode.stripped(text).lowercased()[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes what a closure takes, or nothing where it gives nil.
    mutating func attempt<T>(_ body: (inout VersionReader) -> T?) -> T? {
        var copy = self
        guard let result = body(&copy) else { return nil }
        self = copy
        return result
    }

    mutating func take(_ words: [String]) -> Bool {
        guard let word = words.first(where: { rest.starts(with: $0.utf8) }) else { return false }
        rest = rest.dropFirst(word.utf8.count)
        return true
    }

    /// A number of at most 18 digits, so that it fits.
    mutating func number() -> Int? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...18).contains(digits.count), let number = Int(String(Substring(digits))) else { return nil }
        rest = rest.dropFirst(digits.count)
        return number
    }

    /// A word, perhaps with separators around it, and its number; none counts as 0.
    mutating func suffix(_ words: [String]) -> Int? {
        _ = take([".", "-", "_"])
        guard take(words) else { return nil }
        let number: Int? = attempt { reader in
            _ = reader.take([".", "-", "_"])
            return reader.number()
        }
        return number ?? 0
    }

    mutating func stage() -> PackageVersion.Stage? {
        // A longer spelling comes before the shorter one that it starts with.
        let spellings = [["alpha", "a"], ["beta", "b"], ["preview", "pre", "rc", "c"]]
        for (rank, words) in spellings.enumerated() {
            if let number = attempt({ $0.suffix(words) }) { return PackageVersion.Stage(rank: rank, number: number) }
        }
        return nil
    }

    mutating func post() -> Int? {
        attempt { $0.suffix(["post", "rev", "r"]) } ?? attempt { $0.take(["-"]) ? $0.number() : nil }
    }

    mutating func local() -> [PackageVersion.LocalPart]? {
        guard take(["+"]) else { return nil }
        var parts: [PackageVersion.LocalPart] = []
        repeat {
            let word = rest.prefix { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            }
            guard !word.isEmpty, word.count <= 64 else { return nil }
            let text = String(Substring(word))
            parts.append(Int(text).map { .number($0) } ?? .text(text))
            rest = rest.dropFirst(word.count)
        } while take([".", "-", "_"])
        return parts
    }
}
