import Foundation
@testable import Results
import TestSupport
import Testing

@Suite("Terminology")
struct TerminologyTests {
    @Test(
        "Every coded triplet is one that an independent dictionary has",
        .enabled(if: Foreign.isWanted, "PORTICO_SKIP_PEERS is 1"), .needsSharedData)
    func codes() async throws {
        try await Scratch.with { scratch in
            let own = [
                CodedConcept("123110", "DCM", "Artificial Intelligence"),
                CodedConcept("113076", "DCM", "Segmentation"),
                CodedConcept("121322", "DCM", "Source image for image processing operation"),
                CodedConcept("109102", "DCM", "Processing Equipment"),
            ]
            let table = Terminology.builtIn.concepts.flatMap { concept -> [CodedConcept] in
                [concept.category, concept.type] + [concept.modifier, concept.region].compactMap { $0 }
            }
            let lines = (own + table).map { "\($0.value)\t\($0.scheme)\t\($0.meaning)\n" }
            let file = scratch.path("triplets")
            try Data(Set(lines).sorted().joined().utf8).write(to: file)
            let script = Foreign.scripts.appendingPathComponent("known_codes.py").path
            let folder = try SharedData.url("dicom/terminology").path
            let unknown = try await Command.run(
                "sh", ["-c", "exec \"$0\" \"$1\" \"$2\" < \"$3\"", Peers.python(), script, folder, file.path]
            ).json([[AnyText]].self)
            #expect(unknown.isEmpty, "\(unknown)")
        }
    }

    @Test("Spelling, case and the place of the side do not matter")
    func spellings() {
        let table = Terminology.builtIn
        for label in ["Right Kidney", "kidney_right", "right kidney", "RIGHT-KIDNEY"] {
            let concept = table.concept(for: label)
            #expect(concept.type.value == "64033007", "\(label)")
            #expect(concept.modifier?.value == "24028007", "\(label)")
        }
        #expect(table.concept(for: "Left Kideny").modifier?.value == "7771000")
        #expect(table.concept(for: "IVC").type.value == "64131007")
        #expect(table.concept(for: "lung_middle_lobe_right").type.value == "72481006")
        #expect(table.concept(for: "lung_upper_lobe_left").modifier?.value == "7771000")
        #expect(table.concept(for: "pancreatic tumor").region?.value == "15776009")
        #expect(table.concept(for: "heart_atrium_left").type.value == "82471001")
    }

    @Test("An unknown label gets the neutral codes, never a guess")
    func unknown() {
        for label in ["category 1", "left spleen", "right left kidney", "", "肝臓", "liver 2"] {
            let concept = Terminology.builtIn.concept(for: label)
            #expect(!concept.isKnown, "\(label)")
            #expect(concept.type == CodedConcept("85756007", "SCT", "Tissue"), "\(label)")
            #expect(concept.modifier == nil, "\(label)")
        }
    }

    @Test("Colours survive the way through CIELab")
    func colours() {
        for colour in [RGBColour(221, 130, 101), RGBColour(0, 0, 0), RGBColour(255, 255, 255), RGBColour(0, 151, 206)] {
            #expect(RGBColour(dicomLab: colour.dicomLab.map(Int.init)) == colour)
        }
        // White is L* 100, a* and b* 0.
        #expect(RGBColour(255, 255, 255).dicomLab[0] == 65535)
    }
}

/// A string or a list of strings, for messages.
struct AnyText: Decodable, CustomStringConvertible {
    let description: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        description = try (try? container.decode(String.self)) ?? container.decode([String].self).description
    }
}
