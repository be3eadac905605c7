import DICOM
import Foundation
import TestSupport
import Testing

@Suite("Negotiation of transfer syntaxes")
struct NegotiationTests {
    /// The preferred ones, the best first, and others in no order.
    private static let preferred = [
        "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
    ]
    private static let others = [
        "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201", "1.3.6.1.4.1.99.1",
    ]

    @Test("What is proposed in one context decides what is taken")
    func table() async throws {
        let explicit = "1.2.840.10008.1.2.1"
        let implicit = "1.2.840.10008.1.2"
        let (baseline, jpeg2000) = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90")
        let (rle, lossless, lossyLS) = ("1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.81")
        try await expect([
            ([jpeg2000, explicit], explicit), ([baseline, explicit], explicit), ([baseline, implicit], implicit),
            ([implicit, explicit], explicit), ([jpeg2000, baseline], jpeg2000), ([baseline, jpeg2000], baseline),
            ([jpeg2000, lossless], lossless), ([lossless, rle], rle), ([lossyLS, jpeg2000, rle], rle),
            ([lossyLS], lossyLS), (["1.2.3.4.5"], "1.2.3.4.5"), (["nonsense", jpeg2000], jpeg2000),
            (["nonsense"], nil), ([jpeg2000, jpeg2000], jpeg2000), ([explicit + " "], explicit),
        ])
    }

    @Test("Every single syntax is accepted, and every pair and triple of them is decided by the order of preference")
    func combinations() async throws {
        let all = Self.preferred + Self.others
        var proposals = all.map { [$0] }
        for first in all {
            for second in all where second != first {
                proposals.append([first, second])
                for third in all where third != first && third != second {
                    proposals.append([first, second, third])
                }
            }
        }
        proposals += [all, all.reversed()]
        try await expect(
            proposals.map { proposal in (proposal, Self.preferred.first(where: proposal.contains) ?? proposal.first) })
    }

    private func expect(_ cases: [(proposed: [String], taken: String?)]) async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            for begin in stride(from: 0, to: cases.count, by: 128) {
                let part = Array(cases[begin..<min(begin + 128, cases.count)])
                let request = AssociateRequest(contexts: part.map { (SmallObject.sopClass, $0.proposed) })
                let taken = try await onThread { try request.negotiate(port: intake.port) }
                for (item, taken) in zip(part, taken) { #expect(taken == item.taken, "\(item.proposed)") }
            }
        }
    }
}
