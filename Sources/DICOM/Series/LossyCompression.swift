internal import CDCMTK

/// What lossy compression the images of a series went through (PS3.3 C.7.6.1.1.5).
public struct LossyCompression: Sendable, Hashable {
    /// Approximate ratios in the order of the methods, each the largest of all images; empty where one is not known.
    ///
    /// They are texts of Lossy Image Compression Ratio (0028,2112).
    public let ratios: [String]

    /// Defined terms of Lossy Image Compression Method (0028,2114), such as `ISO_10918_1`; empty where one is not known.
    public let methods: [String]

    /// A compression that an image went through.
    struct Step: Sendable, Hashable {
        var method: String?
        var ratio: String?
    }

    /// Gathers the steps of all images, or gives nil where none was compressed with loss.
    ///
    /// Images that went through the same methods count once. Ratios belong to methods one by one, so that either list
    /// is whole or left out.
    init?(_ images: [[Step]?]) {
        var chains: [[Step]] = []
        for chain in images.compactMap({ $0 }) {
            if let known = chains.firstIndex(where: { $0.map(\.method) == chain.map(\.method) }) {
                chains[known] = zip(chains[known], chain).map { Step(method: $0.method, ratio: larger($0, $1)) }
            } else {
                chains.append(chain)
            }
        }
        if chains.isEmpty { return nil }
        // What some images went through first is said by those that went through more.
        let steps = chains.enumerated().flatMap { index, chain in
            let isContained = chains.enumerated().contains { other, longer in
                other != index && longer.count > chain.count
                    && longer.map(\.method).starts(with: chain.map(\.method))
            }
            return isContained ? [] : chain
        }
        let (ratios, methods) = (steps.compactMap(\.ratio), steps.compactMap(\.method))
        self.ratios = ratios.count == steps.count ? ratios : []
        self.methods = methods.count == steps.count ? methods : []
    }
}

private func larger(_ a: LossyCompression.Step, _ b: LossyCompression.Step) -> String? {
    [a.ratio, b.ratio].compactMap { $0 }.max { (Double($0) ?? 0) < (Double($1) ?? 0) }
}

extension LossyCompression {
    /// The steps that one image went through, its present transfer syntax being the last; nil where nothing was lost.
    static func steps(of image: DataSet, decodedBytes: Double) throws -> [Step]? {
        let present = methods[image.transferSyntax]
        guard try present != nil || image.string(.lossyImageCompression) == "01" else { return nil }
        let names = (try? image.strings(.lossyImageCompressionMethod)) ?? []
        let numbers = (try? image.strings(.lossyImageCompressionRatio)) ?? []
        var steps = (0..<max(names.count, numbers.count)).map { index in
            Step(
                method: index < names.count && isTerm(names[index]) ? names[index] : nil,
                ratio: index < numbers.count && isRatio(numbers[index]) ? numbers[index] : nil)
        }
        guard let present else { return steps }
        if steps.last?.method == nil, !steps.isEmpty {
            steps[steps.count - 1].method = present
        } else if steps.last?.method != present {
            steps.append(Step(method: present))
        }
        if steps[steps.count - 1].ratio == nil {
            let compressed = pdx_dataset_encapsulated_pixel_bytes(image.owner.pointer)
            steps[steps.count - 1].ratio = compressed > 0 ? ratio(decodedBytes, compressed) : nil
        }
        return steps
    }

    private static func ratio(_ whole: Double, _ compressed: Int) -> String {
        "\((whole / Double(compressed) * 100).rounded() / 100)"
    }

    /// Whether a text can be copied as a Code String.
    private static func isTerm(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    /// Whether a text can be copied as a Decimal String.
    private static func isRatio(_ text: String) -> Bool {
        guard (1...16).contains(text.utf8.count), let value = Double(text) else { return false }
        return value.isFinite && value > 0 && text.utf8.allSatisfy { $0 != 0x78 && $0 != 0x58 }
    }

    /// The methods of transfer syntaxes that lose, or may lose, something (PS3.5 A.4).
    private static let methods: [String: String] = {
        let jpeg = [50, 51, 52, 53, 54, 55, 56, 59, 60, 61, 62, 63, 64].map { ("\($0)", "ISO_10918_1") }
        let others = [
            ("81", "ISO_14495_1"), ("91", "ISO_15444_1"), ("93", "ISO_15444_1"), ("203", "ISO_15444_15"),
            ("112", "ISO_18181_1"),
        ]
        let video =
            [("100", "ISO_13818_2"), ("101", "ISO_13818_2")]
            + [102, 103, 104, 105, 106].map { ("\($0)", "ISO_14496_10") }
            + [("107", "ISO_23008_2"), ("108", "ISO_23008_2")]
        let all = jpeg + others + video + video.map { ($0.0 + ".1", $0.1) }
        return Dictionary(all.map { ("1.2.840.10008.1.2.4." + $0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }()
}
