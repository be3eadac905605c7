import Foundation
import Testing

@testable import ModelBundles

@Suite("The model zoo", .enabled(if: SharedData.isThere, SharedData.missing))
struct ZooTests {
    /// What MONAI does not have a value for itself, because a file or package was missing.
    private static func isComparable(_ node: ConfigNode) -> Bool { !node.json.contains("$error") }

    @Test("device, preprocessing, inferer and postprocessing resolve to MONAI's trees")
    func trees() throws {
        var tally = (equal: 0, comparable: 0)
        let folder = SharedData.folder.appending(path: "golden/resolved")
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            let golden = try SharedData.node("golden/resolved/" + file)
            let name = try #require(golden.mapping?["bundle"]?.text)
            let config = try #require(golden.mapping?["config"]?.text)
            let resolved = try #require(golden.mapping?["resolved"]?.mapping)
            let bundle = try ModelBundle(
                opening: SharedData.folder.appending(path: "zoo/" + name), configurations: ["configs/" + config])
            let root = bundle.root
            for id in ["device", "preprocessing", "inferer", "postprocessing"] {
                guard let expected = resolved[id], Self.isComparable(expected) else { continue }
                tally.comparable += 1
                do {
                    let json = Golden.json(try bundle.resolve(id), root: root)
                    #expect(json == expected.json, "\(name) \(id)")
                    if json == expected.json { tally.equal += 1 }
                } catch {
                    Issue.record("\(name) \(id): \(error)")
                }
            }
        }
        print("golden/resolved: \(tally.equal) of \(tally.comparable) trees equal")
        #expect(tally.comparable == 84)
        #expect(tally.equal == 84)
    }

    @Test("the metadata of every bundle is read, and what cannot be resolved says why")
    func metadata() throws {
        for folder in try SharedData.zoo() {
            let bundle = try ModelBundle(opening: folder)
            #expect(!bundle.metadata.version.isEmpty)
            let provenance = try bundle.provenance
            #expect((1...64).contains(provenance.manufacturer.unicodeScalars.count))
            #expect(provenance.deviceUID.utf8.count <= 64)
            #expect(bundleError { try bundle.requireWeights() }?.code == .weightsMissing)
            for id in WellKnownID.allCases {
                let error = bundleError { _ = try bundle.resolve(id) }
                if let error { print("\(folder.lastPathComponent) \(id.rawValue): \(error)") }
                #expect(
                    error == nil || error?.code == .unsupported || error?.code == .unknownID,
                    "\(folder.lastPathComponent)")
            }
        }
    }

    @Test("the metadata of every bundle keeps to the schema it declares")
    func schemas() throws {
        let zoo = SharedData.folder.appending(path: "zoo")
        let files = try #require(FileManager.default.enumerator(atPath: zoo.path))
            .compactMap { $0 as? String }
            .filter { $0.hasSuffix("configs/metadata.json") }
        var declared: [MetadataSchema: Int] = [:]
        for file in files.sorted() {
            let report = MetadataReport(try SharedData.node("zoo/" + file))
            #expect(report.violations.isEmpty, "\(file)")
            guard case .known(let schema) = report.schema else {
                Issue.record("\(file): \(report.schema)")
                continue
            }
            declared[schema, default: 0] += 1
            for note in report.notes where note.kind != .deprecatedField { print("\(file): \(note)") }
            #expect(report.notes.allSatisfy { $0.kind != .ignored && $0.kind != .spatialShape }, "\(file)")
        }
        print("zoo: \(files.count) metadata files keep to their schemas")
        #expect(declared.values.reduce(0, +) == files.count && files.count >= 24)
        #expect(declared.count == 6 && declared[.network20220324] ?? 0 > 10)
    }

    @Test("the spleen bundle says what it is")
    func spleen() throws {
        let bundle = try ModelBundle(opening: SharedData.folder.appending(path: "golden/spleen_run"))
        #expect(bundle.metadata.name == "Spleen CT segmentation")
        #expect(bundle.metadata.version == "0.5.9")
        let input = try #require(bundle.metadata.inputs.first)
        #expect(input.name == "image" && input.modality == "CT" && input.numChannels == 1)
        #expect(input.spatialShape == [.fixed(96), .fixed(96), .fixed(96)] && input.valueRange == .bounds(0, 1))
        let output = try #require(bundle.metadata.outputs.first)
        #expect(output.channelDefinition == [0: "background", 1: "spleen"])
        #expect(bundle.hasWeights)
        #expect(try bundle.provenance.manufacturer == "MONAI team")
        // The whole pipeline, and the very Compose that Invertd names.
        let preprocessing = try #require(try bundle.preprocessing?.component)
        let postprocessing = try #require(try bundle.postprocessing?.component)
        let inverse = try #require(postprocessing["transforms"]?.elements?[1].component)
        #expect(inverse.name == "Invertd" && inverse["transform"]?.component === preprocessing)
        #expect(try bundle.resolve("preprocessing").component === preprocessing)
        #expect(inverse.id == "postprocessing::transforms::1")
        #expect(try bundle.device?.deviceName == "cpu")
        #expect(try bundle.resolve("dataset::transform").component === preprocessing)
        // What a gateway has no use for is refused only when it is asked for.
        let error = bundleError { _ = try bundle.resolve("datalist") }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("glob.glob") == true && error?.description.contains("^") == true)
    }

    @Test("CUDA is there when the context says so")
    func cuda() throws {
        let folder = SharedData.folder.appending(path: "golden/spleen_run")
        let bundle = try ModelBundle(opening: folder, context: EvaluationContext(cudaIsAvailable: true))
        #expect(try bundle.device?.deviceName == "cuda:0")
        #expect(try bundle.digest == ModelBundle(opening: folder).digest)
    }

    @Test("the zoo's TensorRT configurations lie over the plain ones as overlays")
    func overlays() throws {
        let folder = SharedData.folder.appending(path: "zoo/spleen_ct_segmentation")
        let overlay = folder.appending(path: "configs/inference_trt.json")
        let bundle = try ModelBundle(opening: folder, overlays: BundleOverlays(files: [overlay]))
        #expect(try bundle.resolve("evaluator::amp").boolValue == false)
        #expect(try bundle.digest != ModelBundle(opening: folder).digest)
    }
}
