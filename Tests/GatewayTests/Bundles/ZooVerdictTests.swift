import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Verdicts on the model zoo", .needsSharedData)
struct ZooVerdictTests {
    /// The classes of `facts/monai-bundle.md` §3: A and B run with the generic engine, C once somebody exports it.
    static let runnable: Set<String> = [
        "brats_mri_segmentation", "breast_density_classification", "classification_template",
        "endoscopic_tool_segmentation", "pancreas_ct_dints_segmentation", "segmentation_template",
        "spleen_ct_segmentation", "swin_unetr_btcv_segmentation", "wholeBody_ct_segmentation",
        "wholeBrainSeg_Large_UNEST_segmentation",
    ]

    @Test("each bundle ends with a verdict, and every refusal with a reason and its id")
    func verdicts() throws {
        let inspections = try Zoo.inspections()
        #expect(inspections.count == 24)
        for (name, inspection) in inspections {
            #expect((inspection.verdict == .refused) == !inspection.reasons.isEmpty, "\(name)")
            for reason in inspection.reasons { #expect(!reason.id.isEmpty && !reason.message.isEmpty, "\(name)") }
            #expect(inspection.table.contains("Verdict        " + inspection.verdict.rawValue), "\(name)")
            #expect(inspection.deviceUID?.hasPrefix("2.25.") == true, "\(name)")
            #expect(inspection.metadata.violations.isEmpty, "\(name)")
            if inspection.verdict == .afterWeights { #expect(inspection.download?.url.hasPrefix("https://") == true) }
            if inspection.verdict == .afterExport { #expect(inspection.export != nil) }
        }
    }

    @Test("no bundle of class A, B or C is refused for its language")
    func language() throws {
        for (name, inspection) in try Zoo.inspections() where Self.runnable.contains(name) {
            let reasons = inspection.reasons.filter { [.language, .missing, .inferer, .file].contains($0.kind) }
            #expect(reasons.isEmpty, "\(name): \(reasons)")
        }
    }

    @Test("every bundle of class A, B and C runs, and says how it gets its weights")
    func complete() throws {
        let verdicts = Dictionary(uniqueKeysWithValues: try Zoo.inspections().map { ($0.name, $0.inspection.verdict) })
        let listed: Set<String> = [
            "brats_mri_segmentation", "endoscopic_tool_segmentation", "pancreas_ct_dints_segmentation",
            "spleen_ct_segmentation",
        ]
        for name in Self.runnable {
            #expect(verdicts[name] == (listed.contains(name) ? .afterWeights : .afterExport), "\(name)")
        }
    }

    @Test("what a bundle needs beyond one volume, and why serve may not run it, is told")
    func needs() throws {
        let needs = Dictionary(uniqueKeysWithValues: try Zoo.inspections().map { ($0.name, $0.inspection.needs) })
        func says(_ name: String, _ words: String) -> Bool { needs[name]?.contains { $0.contains(words) } == true }
        #expect(needs["spleen_ct_segmentation"]?.isEmpty == true)
        #expect(needs["wholeBody_ct_segmentation"]?.isEmpty == true)
        #expect(says("brats_mri_segmentation", "takes 4 images on one grid, in the order T1c, T1, T2, FLAIR"))
        #expect(says("brats_mri_segmentation", "no AsDiscreted with argmax"))
        #expect(says("endoscopic_tool_segmentation", "an image of two axes"))
        #expect(says("breast_density_classification", "gives scores, which predictions.csv holds"))
        #expect(says("classification_template", "gives scores"))
    }

    @Test("a bundle without its scripts is refused because of them, though there are operators for them")
    func scripts() throws {
        let inspections = Dictionary(uniqueKeysWithValues: try Zoo.inspections().map { ($0.name, $0.inspection) })
        for (name, file) in [
            ("renalStructures_CECT_segmentation", "scripts/my_transforms.py"),
            ("spleen_deepedit_annotation", "scripts/transforms.py"),
        ] {
            let reasons = inspections[name]?.reasons ?? []
            #expect(
                !reasons.isEmpty && reasons.allSatisfy { $0.message.contains("the bundle lacks \(file)") }, "\(name)")
        }
    }

    @Test("what only its own Python can do is refused with exactly that")
    func exact() throws {
        let inspections = Dictionary(uniqueKeysWithValues: try Zoo.inspections().map { ($0.name, $0.inspection) })
        func reasons(_ name: String, _ kinds: SupportReason.Kind...) -> Set<String> {
            Set(inspections[name]?.reasons.filter { kinds.contains($0.kind) }.map(\.id) ?? [])
        }
        #expect(reasons("lung_nodule_ct_detection", .language) == ["feature_extractor", "backbone"])
        #expect(reasons("brats_mri_generative_diffusion", .language) == ["load_diffusion", "load_autoencoder"])
        #expect(reasons("brats_mri_generative_diffusion", .missing) == ["preprocessing", "postprocessing"])
        #expect(reasons("maisi_ct_generative", .missing) == ["preprocessing", "inferer", "postprocessing"])
        #expect(reasons("lung_nodule_ct_detection", .inferer) == ["inferer"])
        #expect(reasons("pathology_tumor_detection", .source, .result) == ["preprocessing", "postprocessing"])
        #expect(reasons("renalStructures_CECT_segmentation", .source).isEmpty)
        #expect(reasons("vista3d", .inferer) == ["inferer"] && reasons("vista3d", .language).isEmpty)
        #expect(reasons("valve_landmarks", .inferer) == ["inferer"])
        #expect(reasons("pathology_nuclei_segmentation_classification", .network) == ["network_data_format"])
        #expect(reasons("renalStructures_CECT_segmentation", .operator).count == 2)
        let words = inspections["valve_landmarks"]?.reasons.map(\.message).joined() ?? ""
        #expect(words.contains("'scripts.valve_landmarks.LandmarkInferer' is Python code of the bundle itself"))
    }
}
