import Testing

@testable import ModelBundles

@Suite("Merging, macros, references, components")
struct BundleConfigurationTests {
    @Test("every configuration gives MONAI's value, and fails where MONAI fails")
    func cases() {
        var tally = (equal: 0, failed: 0)
        for (configuration, id, expected) in ConfigurationCases.all {
            switch (Result { try Golden.json(value(configuration, id)) }, expected) {
            case (.success(let json), let expected?):
                #expect(json == expected, "\(configuration) \(id)")
                tally.equal += 1
            case (.success(let json), nil): Issue.record("\(configuration) \(id): MONAI fails, Portico gives \(json)")
            case (.failure, nil): tally.failed += 1
            case (.failure(let error), _): Issue.record("\(configuration) \(id): \(error)")
            }
        }
        print("configurations: \(tally.equal) equal, \(tally.failed) fail in both")
    }

    @Test("a component is one instance wherever it is referred to, and a macro or a deep copy is another")
    func identity() throws {
        let configuration = try BundleConfiguration(
            parsing: """
                {"i": "$import copy", "a": {"_target_": "Compose", "transforms": [{"_target_": "LoadImaged"}]},
                 "b": ["@a", "$@a", "%a", "$copy.deepcopy(@a)"], "c": {"_target_": "Invertd", "transform": "@a"}}
                """, named: "test.json")
        let compose = try #require(try configuration.resolve("a").component)
        let copies = try #require(try configuration.resolve("b").elements).map(\.component)
        #expect(copies.map { $0 === compose } == [true, true, false, false])
        #expect(copies.allSatisfy { $0?.target == "Compose" })
        #expect(try configuration.resolve("c").component?["transform"]?.component === compose)
        let inner = try configuration.resolve("a::transforms::0").component
        #expect(compose["transforms"]?.elements?.first?.component === inner && inner?.id == "a::transforms::0")
        #expect(copies[3]?["transforms"]?.elements?.first?.component !== inner)
    }

    @Test("an unknown class says which one is near")
    func suggestion() {
        let error = failure(#"{"c": {"_target_": "loadimaged"}}"#, "c")
        #expect(error?.code == .evaluation && error?.message.contains("LoadImaged") == true)
    }
}
