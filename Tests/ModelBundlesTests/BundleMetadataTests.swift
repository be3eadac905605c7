import Foundation
import Testing

@testable import ModelBundles

@Suite("The metadata of a bundle")
struct BundleMetadataTests {
    private func metadata(_ fields: String) throws -> BundleMetadata {
        let text = #"{"version": "0.6.10", \#(fields)}"#
        let node = try JSONReader.read(Array(text.utf8))
        let report = MetadataReport(node)
        node.renameDeprecatedFields()
        return try BundleMetadata(node, folderName: "folder", report: report)
    }

    private func port(_ fields: String) throws -> (port: NetworkPort, notes: [MetadataNote]) {
        let metadata = try metadata(#""network_data_format": {"outputs": {"pred": {\#(fields)}}}"#)
        return (try #require(metadata.outputs.first), metadata.report.notes)
    }

    @Test("shapes, ranges, channels and labels are read, and what nobody knows is kept")
    func ports() throws {
        let (port, notes) = try port(
            """
            "type": "image", "num_channels": 2.0, "spatial_shape": ["*", "16*n", "256", 64, 32.0, "2**p*n"],
            "value_range": [0, 1, 2], "channel_def": {"0": "a", "1": "b"}, "label_def": {"7": "liver"},
            "dtype": "float32", "is_patch_data": true, "colour": {"r": [1, null]}, "unit": "HU"
            """)
        #expect(port.numChannels == 2 && port.isPatchData)
        #expect(port.spatialShape.map(\.description) == ["*", "16*n", "256", "64", "32", "2**p*n"])
        #expect(port.spatialShape[0] == .any && port.spatialShape[2] == .fixed(256))
        #expect(port.valueRange == .enumeration([0, 1, 2]) && port.valueRange.description == "0, 1, 2")
        #expect(port.declaredChannels == [0: "a", 1: "b"] && port.declaredLabels == [7: "liver"])
        #expect(port.channelDefinition == port.declaredChannels)
        #expect(port.unknownFields.map(\.name) == ["colour", "unit"])
        #expect(port.unknownFields[0].value["r"]?.elements?[0].intValue == 1)
        #expect(notes.isEmpty)
        #expect(try self.port(#""label_def": {"7": "liver"}"#).port.channelDefinition == [7: "liver"])
        let ranges: [(String, ValueRange)] = [
            ("[]", .unspecified), ("[-1.5, 1]", .bounds(-1.5, 1)), ("[4]", .enumeration([4])),
            (#"["head", "pelvis"]"#, .choices(["head", "pelvis"])), (#"[0, "a"]"#, .unspecified), ("3", .unspecified),
        ]
        for (text, range) in ranges {
            #expect(try self.port(#""value_range": \#(text)"#).port.valueRange == range, "\(text)")
        }
    }

    @Test("every network is read, plain arguments and postprocessed outputs too")
    func networks() throws {
        let metadata = try metadata(
            """
            "network_data_format": {"inputs": {"image": {"type": "image"}, "steps": 1000, "regions": ["a", "b"]},
                "outputs": {"pred": {}}, "post_processed_outputs": {"mask": {"num_channels": 1}}, "more": true},
            "vae_data_format": {"inputs": {"x": {}}, "outputs": {}}, "coordinates": {"0": 10}, "supported_apps": {}
            """)
        #expect(metadata.dataFormats.map(\.field) == ["network_data_format", "vae_data_format"])
        #expect(metadata.dataFormats.map(\.network) == ["network", "vae"])
        let network = try #require(metadata.dataFormats.first)
        #expect(network.inputs.map(\.name) == ["image", "steps", "regions"])
        guard case .value(_, let steps) = network.inputs[1], case .value(_, let regions) = network.inputs[2] else {
            Issue.record("a plain argument is no value")
            return
        }
        #expect(steps.intValue == 1000 && regions.elements?.count == 2)
        #expect(network.postProcessedOutputs.first?.port?.numChannels == 1)
        #expect(network.unknownFields.map(\.name) == ["more"])
        #expect(metadata.inputs.map(\.name) == ["image"] && metadata.outputs.map(\.name) == ["pred"])
        #expect(metadata.unknownFields.map(\.name) == ["coordinates"])
    }

    @Test("packages have their versions, and the changelog its order")
    func packages() throws {
        let named = try metadata(
            """
            "required_packages_version": {"nibabel": "5.2.1", "itk": "any"}, "pytorch_version": "2.4.0",
            "changelog": {"0.6.10": "tenth", "0.6.9": ["ninth", "of many"]}
            """)
        #expect(named.requiredPackages.map(\.name) == ["nibabel", "itk"] && named.optionalPackages.isEmpty)
        #expect(named.requiredPackages.map(\.version) == [PackageVersion("5.2.1"), nil])
        #expect(named.changelog.map(\.version) == ["0.6.10", "0.6.9"] && named.changelog[1].text == "ninth, of many")
        #expect(named.packageVersion == PackageVersion("0.6.10") && named.pytorchVersion == "2.4.0")
        let old = try metadata(#""optional_packages_version": {"nibabel": "5.2.1"}"#)
        #expect(old.optionalPackages.map(\.versionText) == ["5.2.1"] && old.requiredPackages.isEmpty)
        #expect(old.report.notes.map(\.kind) == [.deprecatedField])
    }

    @Test("what a schema allows and a reader had better know is noted with its path")
    func notes() throws {
        let pred = "network_data_format::outputs::pred::"
        let cases: [(fields: String, notes: [(MetadataNote.Kind, String)])] = [
            (#""num_channels": 3, "channel_def": {"0": "a", "1": "b"}"#, [(.channelCount, "channel_def")]),
            (#""num_channels": 1, "channel_def": {"0": "a", "1": "b"}"#, [(.labelsInOneChannel, "channel_def")]),
            (#""num_channels": 1, "channel_def": {"0": "a"}"#, []),
            (#""num_channels": 1, "label_def": {"0": "a", "1": "b"}"#, []),
            (#""value_range": [1, 0]"#, [(.valueRange, "value_range")]),
            (#""value_range": [0, NaN]"#, [(.valueRange, "value_range")]),
            (#""value_range": [2, 1, 0]"#, []),
            (
                #""spatial_shape": [1, "16*k", -1]"#,
                [(.spatialShape, "spatial_shape::1"), (.spatialShape, "spatial_shape::2")]
            ),
            (#""dtype": "float31""#, [(.dtype, "dtype")]), (#""dtype": "torch.long""#, []),
            (#""modality": 3"#, [(.ignored, "modality")]),
            (#""channel_def": {"x": "y", "0": 1}"#, [(.ignored, "channel_def::x"), (.ignored, "channel_def::0")]),
            (#""channel_def": {"0": "a", "00": "b"}"#, [(.ignored, "channel_def::00")]),
        ]
        for (fields, expected) in cases {
            let notes = try port(fields).notes
            #expect(notes.map(\.kind) == expected.map(\.0), "\(fields)")
            #expect(notes.map(\.path) == expected.map { pred + $0.1 }, "\(fields)")
        }
        let changelogs: [(String, [MetadataNote.Kind])] = [
            (#"{"0.6.10": "", "0.6.9": ""}"#, []), (#"{"v0.6.10": ""}"#, []), ("{}", []),
            (#"{"0.6.9": ""}"#, [.changelogLacksVersion]), (#"{"0.6.10": "", "0.7.0": ""}"#, [.changelogIsAhead]),
            (#"{"0.10": ""}"#, [.changelogLacksVersion, .changelogIsAhead]),
        ]
        for (text, kinds) in changelogs {
            #expect(try metadata(#""changelog": \#(text)"#).report.notes.map(\.kind) == kinds, "\(text)")
        }
    }

    @Test("a field of another kind counts as missing and is reported, once, and the version must be there")
    func leniency() throws {
        let cases = [
            (#""name": 3"#, "name"), (#""task": 3"#, "task"), (#""network_data_format": []"#, "network_data_format"),
            (#""network_data_format": {"inputs": {"image": {"spatial_shape": 3}}}"#, "inputs::image::spatial_shape"),
            (#""network_data_format": {"outputs": {"pred": {"num_channels": -1}}}"#, "outputs::pred::num_channels"),
        ]
        for (field, path) in cases {
            let report = try metadata(#"\#(field), "schema": "meta_schema_20240725.json""#).report
            let paths = report.violations.map(\.path) + report.notes.map(\.path)
            #expect(paths.count { $0.hasSuffix(path) } == 1, "\(field): \(paths)")
        }
        #expect(try metadata(#""name": 3"#).name == "folder")
        let missing = try MetadataReport(parsing: #"{"dtype": 1, "value_range": [1, 0]}"#)
        #expect(missing.violations.contains { $0.path == "version" })
    }
}
