import Foundation
import TestSupport
import Testing
import Voxels

@testable import Inference

@Suite(.ownThread) struct OpenVINOBackEndTests {
    private static let backEnd = Result { try BackEnd.load(named: .openvino) }
    private func backEnd() throws -> BackEnd { try Self.backEnd.get() }

    /// A network that was converted once: a convolution and one that sums a batch's items where it shouldn't.
    private struct Converted {
        let folder: TemporaryFolder
        var torch: String { folder.path + "/layer.ts" }
        var network: String { folder.path + "/layer.xml" }

        init(shape: [Int?] = [2, 1, 6, 6]) throws {
            folder = try TemporaryFolder()
            try Places.run(
                python: """
                    import sys, torch
                    torch.manual_seed(3)
                    layers = torch.nn.Sequential(torch.nn.Conv2d(1, 3, 3, padding=1), torch.nn.PReLU(), torch.nn.Conv2d(3, 2, 1))
                    torch.jit.script(layers.eval()).save(f'{sys.argv[1]}/layer.ts')
                    """, in: folder)
            try Converter.load().convert(torch, way: .freeze, shape: shape, to: network)
        }
    }

    @Test("the back end says what it is and what it runs on, and torch's too")
    func description() throws {
        #expect(try backEnd().name == "openvino")
        #expect(try backEnd().libraryVersion.hasPrefix("2026."))
        for name in BackEnd.Name.allCases {
            let backEnd = try BackEnd.load(named: name)
            let description = try backEnd.describe()
            #expect(description.version == backEnd.libraryVersion)
            #expect(description.devices.first?.name == "cpu")
            #expect(description.devices.first?.description.isEmpty == false)
            #expect(description.threads > 0)
            #expect(description.precisions.first == "float32")
        }
    }

    @Test("batches of another number of items are run in parts, and of another shape are refused")
    func parts() throws {
        let converted = try Converted()
        let torch = try BackEnd.load().loadNetwork(converted.torch)
        let options = LoadOptions(threads: 1, batchShape: [2, 1, 6, 6])
        let network = try backEnd().loadNetwork(converted.network, options: options)
        #expect(network.engine == "openvino \(try backEnd().libraryVersion) cpu")
        for items in 1...5 {
            let input = Places.noise([items, 1, 6, 6])
            let expected = try torch.forward(input)
            let found = try network.forward(input)
            #expect(found.shape == expected.shape)
            #expect(Agreement(found, expected).difference < 1e-6, "\(items)")
        }
        for shape in [[2, 1, 6, 5], [2, 1, 6], [2, 2, 6, 6], [6, 2]] {
            let error = #expect(throws: InferenceError.self) { try network.forward(Tensor(shape: shape)) }
            #expect(error?.code == .inputRefused)
            #expect(error?.message.contains("[2,1,6,6]") == true, "\(String(describing: error))")
        }
    }

    @Test("a network with open lengths takes images of any size")
    func open() throws {
        let converted = try Converted(shape: [nil, 1, nil, nil])
        let torch = try BackEnd.load().loadNetwork(converted.torch)
        let network = try backEnd().loadNetwork(converted.network)
        for shape in [[1, 1, 6, 6], [2, 1, 9, 4], [1, 1, 30, 20], [1, 1, 6, 6]] {
            let input = Places.noise(shape)
            let found = try network.forward(input)
            let expected = try torch.forward(input)
            #expect(found.shape == expected.shape)
            #expect(Agreement(found, expected).difference < 1e-6)
        }
        let error = #expect(throws: InferenceError.self) { try network.forward(Tensor(shape: [1, 2, 6, 6])) }
        #expect(error?.message.contains("failed on a batch of shape [1, 2, 6, 6]") == true)
        // One shape may still be compiled for, with its own batch.
        let fixed = try backEnd().loadNetwork(converted.network, options: LoadOptions(batchShape: [1, 1, 6, 6]))
        #expect(throws: InferenceError.self) { try fixed.forward(Tensor(shape: [1, 1, 7, 6])) }
        #expect(try fixed.forward(Places.noise([1, 1, 6, 6])).shape == [1, 2, 6, 6])
    }

    @Test("the compiled network is written once, read afterwards, and damage means compiling anew")
    func cache() throws {
        let converted = try Converted()
        let path = converted.folder.path + "/layer.blob"
        let input = Places.noise([2, 1, 6, 6])
        func load(_ options: LoadOptions? = nil) throws -> (CacheUse, Tensor) {
            let ours = LoadOptions(threads: 1, batchShape: [2, 1, 6, 6], cachePath: path)
            let network = try backEnd().loadNetwork(converted.network, options: options ?? ours)
            return (network.cache, try network.forward(input))
        }
        let (first, expected) = try load()
        #expect(first == .written(replacing: nil))
        var (again, found) = try load()
        #expect(again == .read && found == expected)
        let whole = try Data(contentsOf: URL(filePath: path))
        for (length, flipped) in [(0, nil), (100, nil), (4096, nil), (whole.count - 1, nil), (whole.count, 4000 + 500)]
        {
            var changed = whole.prefix(length)
            if let flipped { changed[flipped] ^= 1 }
            try changed.write(to: URL(filePath: path))
            (again, found) = try load()
            guard case .written(let reason) = again else {
                Issue.record("\(length): \(again)")
                continue
            }
            #expect(reason?.contains(length > 4096 ? "is damaged" : "is cut") == true, "\(reason ?? "")")
            #expect(found == expected)
            #expect(try load().0 == .read)
        }
        // What says that another processor or version made it.
        var other = whole
        other.replaceSubrange(30..<40, with: Data(repeating: 0x78, count: 10))
        try other.write(to: URL(filePath: path))
        guard case .written(let reason) = try load().0 else {
            Issue.record("a file of another OpenVINO was used")
            return
        }
        #expect(reason?.contains("another network, or for other options") == true)
        let parts = try FileManager.default.contentsOfDirectory(atPath: converted.folder.path)
        #expect(!parts.contains { $0.contains(".part") })
        let nowhere = LoadOptions(batchShape: [2, 1, 6, 6], cachePath: "/nowhere/layer.blob")
        guard case .failed(let why) = try load(nowhere).0 else {
            Issue.record("nowhere was written to")
            return
        }
        #expect(why.contains("/nowhere/layer.blob"))
    }

    @Test("another network under the same name is not taken from the file of the first")
    func otherNetwork() throws {
        let converted = try Converted()
        let options = LoadOptions(batchShape: [2, 1, 6, 6], cachePath: converted.folder.path + "/layer.blob")
        let input = Places.noise([2, 1, 6, 6])
        let first = try backEnd().loadNetwork(converted.network, options: options).forward(input)
        let weights = URL(filePath: converted.folder.path + "/layer.bin")
        var changed = try Data(contentsOf: weights)
        // The sign of the first weight.
        changed[3] ^= 0x80
        try changed.write(to: weights)
        let network = try backEnd().loadNetwork(converted.network, options: options)
        guard case .written(let reason) = network.cache else {
            Issue.record("\(network.cache)")
            return
        }
        #expect(reason != nil)
        #expect(try network.forward(input) != first)
    }

    @Test("streams run at once, and outputs outlive what made them")
    func streams() throws {
        let converted = try Converted()
        let options = LoadOptions(threads: 1, batchShape: [2, 1, 6, 6], streams: 2)
        let inputs = (1...8).map { Places.noise([$0, 1, 6, 6]) }
        var network: LoadedNetwork? = try backEnd().loadNetwork(converted.network, options: options)
        let torch = try BackEnd.load().loadNetwork(converted.torch)
        let expected = try inputs.map { try torch.forward($0) }
        let running = try #require(network)
        DispatchQueue.concurrentPerform(iterations: 64) { index in
            let found = try? running.forward(inputs[index % 8])
            #expect(found.map { Agreement($0, expected[index % 8]).difference < 1e-6 } == true)
        }
        let kept = try [3, 1].map { try running.output(of: inputs[$0]) }
        network = nil
        for (output, item) in zip(kept, [3, 1]) {
            let found = output.withValues { Tensor(shape: output.shape, elements: Array($0)) }
            #expect(Agreement(found, expected[item]).difference < 1e-6)
        }
    }

    @Test("a network that is cut, changed or none is refused in words and the process lives on")
    func damaged() throws {
        let converted = try Converted()
        let network = URL(filePath: converted.network)
        let weights = URL(filePath: converted.folder.path + "/layer.bin")
        let (text, values) = (try Data(contentsOf: network), try Data(contentsOf: weights))
        func refusal(_ what: String) throws {
            let error = #expect(throws: InferenceError.self, "\(what)") { try backEnd().loadNetwork(converted.network) }
            #expect(error?.code == .modelUnreadable, "\(what): \(String(describing: error))")
            #expect(error?.message.contains("Exception from") == false, "\(String(describing: error))")
        }
        for length in [0, 10, text.count / 2, text.count - 8] {
            try text.prefix(length).write(to: network)
            try refusal("\(length) bytes of the graph")
        }
        try text.write(to: network)
        for length in [0, 1, values.count / 2, values.count - 1] {
            try values.prefix(length).write(to: weights)
            try refusal("\(length) bytes of the weights")
        }
        try FileManager.default.removeItem(at: weights)
        try refusal("no weights")
        try Data("not a network".utf8).write(to: network)
        try refusal("text")
        let torch = #expect(throws: InferenceError.self) { try backEnd().loadNetwork(converted.torch) }
        #expect(torch?.code == .modelUnreadable)
    }

    @Test("what a back end doesn't do is refused before anything is loaded")
    func options() throws {
        let converted = try Converted()
        func refusal(_ name: BackEnd.Name, _ options: LoadOptions) throws -> InferenceError? {
            let path = name == .torch ? converted.torch : converted.network
            return #expect(throws: InferenceError.self) {
                try BackEnd.load(named: name).loadNetwork(path, options: options)
            }
        }
        #expect(try refusal(.openvino, LoadOptions(device: "cuda:0"))?.code == .deviceUnavailable)
        #expect(try refusal(.torch, LoadOptions(precision: .bfloat16))?.code == .unsupported)
        #expect(try refusal(.torch, LoadOptions(streams: 2))?.code == .unsupported)
        for options in [LoadOptions(threads: -1), LoadOptions(batchShape: [1, 0]), LoadOptions(streams: 0)] {
            #expect(try refusal(.openvino, options)?.code == .badArgument)
        }
        #expect(try refusal(.openvino, LoadOptions(batchShape: [2, 5, 6, 6]))?.code == .modelUnreadable)
        let half = LoadOptions(precision: .bfloat16)
        if try backEnd().describe().precisions.contains("bfloat16") {
            #expect(try backEnd().loadNetwork(converted.network, options: half).engine.hasSuffix("cpu bfloat16"))
        } else {
            #expect(try refusal(.openvino, half)?.code == .unsupported)
        }
    }
}
