import Foundation
import TestSupport
import Testing
import Voxels

@testable import Inference

/// Networks of MONAI with random weights, converted and compared with libtorch. Tests/Benchmarks/engines.sh does it with
/// ten of them.
@Suite(.ownThread) struct ConversionTests {
    @Test("converted networks give what libtorch gives", .enabled(if: Places.python != nil))
    func agreement() throws {
        let folder = try TemporaryFolder()
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "make_networks.py").path
        try Places.run(Places.python ?? "", ["-W", "ignore", script, folder.path, "UNet", "DenseNet121"])
        for (name, item) in [("UNet", [1, 32, 32, 32]), ("DenseNet121", [3, 224, 224])] {
            let torch = try BackEnd.load().loadNetwork("\(folder.path)/\(name).ts", options: LoadOptions(threads: 2))
            for way in Converter.Way.allCases {
                for batch in [1, 3] {
                    let shape = [batch] + item
                    let converted = "\(folder.path)/\(name).xml"
                    try Converter.load().convert(torch.path, way: way, shape: shape, to: converted)
                    let options = LoadOptions(threads: 2, batchShape: shape)
                    let openVINO = try BackEnd.load(named: .openvino).loadNetwork(converted, options: options)
                    let input = Places.noise(shape)
                    let expected = try torch.forward(input)
                    let found = try openVINO.forward(input)
                    #expect(found.shape == expected.shape, "\(name) \(way)")
                    let agreement = Agreement(found, expected)
                    print("\(name), batch \(batch), \(way): \(agreement)")
                    #expect(agreement.difference <= 1e-4 * agreement.range, "\(name) \(way)")
                    #expect(agreement.sameClass >= 0.9999, "\(name) \(way)")
                    #expect(agreement.range > 1e-3, "\(name) gives nothing to compare")
                }
            }
        }
    }

    @Test("lists, tuples, integers, control flow and networks that work in place are converted")
    func kinds() throws {
        let folder = try TemporaryFolder()
        try Places.run(python: Self.networks, in: folder)
        let input = Tensor(shape: [2, 1, 2, 3], elements: (0..<12).map { Float($0) - 5 })
        for name in ["tuple_", "list_", "nested", "inplace", "integer", "view", "branch", "loop"] {
            let network = try BackEnd.load().loadNetwork("\(folder.path)/\(name).ts")
            for way in Converter.Way.allCases {
                let converted = "\(folder.path)/\(name).xml"
                try Converter.load().convert(network.path, way: way, shape: input.shape, to: converted)
                let openVINO = try BackEnd.load(named: .openvino).loadNetwork(converted)
                let found = try openVINO.forward(input)
                #expect(input.elements == (0..<12).map { Float($0) - 5 }, "\(name) wrote to its input")
                #expect(try openVINO.forward(input) == found, "\(name) \(way)")
                #expect(try found == network.forward(input), "\(name) \(way)")
            }
        }
        // OpenVINO gives nothing at all for it.
        let identity = folder.path + "/identity.xml"
        try Converter.load().convert(folder.path + "/identity.ts", way: .freeze, shape: input.shape, to: identity)
        let error = #expect(throws: InferenceError.self) { try BackEnd.load(named: .openvino).loadNetwork(identity) }
        #expect(error?.code == .unsupported)
        let parts = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains(".part") }
        #expect(parts.isEmpty)
    }

    @Test("what can't be converted is refused in words, and nothing is written")
    func refusals() throws {
        let folder = try TemporaryFolder()
        try Places.run(python: Self.networks, in: folder)
        let output = folder.path + "/out.xml"
        func refusal(_ name: String, _ way: Converter.Way, _ shape: [Int?] = [1, 1, 4]) throws -> InferenceError? {
            #expect(throws: InferenceError.self, "\(name) \(way)") {
                try Converter.load().convert("\(folder.path)/\(name).ts", way: way, shape: shape, to: output)
            }
        }
        for way in Converter.Way.allCases {
            let dictionary = try refusal("dictionary", way)
            #expect(dictionary?.code == .outputRefused)
            #expect(dictionary?.message.contains("a list or tuple that begins with one") == true)
            #expect(try refusal("noforward", way)?.code == .modelUnreadable)
            #expect(try refusal("absent", way)?.code == .modelUnreadable)
            let pair = try refusal("pair", way)
            #expect(pair?.code == .unsupported, "\(String(describing: pair))")
            #expect(try refusal("channels", way)?.code == .unsupported)
        }
        let open = try refusal("identity", .trace, [1, 1, nil])
        #expect(open?.code == .unsupported)
        #expect(open?.message.contains("open lengths need freezing") == true)
        #expect(open?.message.contains("[1, 1, any]") == true)
        #expect(try refusal("identity", .freeze, [])?.code == .badArgument)
        #expect(try refusal("identity", .freeze, [0])?.code == .badArgument)
        let whole = try Data(contentsOf: URL(filePath: folder.path + "/identity.ts"))
        _ = try folder.file("cut.ts", [UInt8](whole.prefix(whole.count / 2)))
        let cut = try refusal("cut", .freeze)
        #expect(cut?.code == .modelUnreadable)
        #expect(cut?.message.contains("frame #") == false)
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect(throws: InferenceError.self) {
            try Converter.load().convert(
                folder.path + "/identity.ts", way: .freeze, shape: [1, 1], to: "/nowhere/a.xml")
        }
        #expect(throws: InferenceError.self) {
            try Converter.load().convert(
                folder.path + "/identity.ts", way: .freeze, shape: [1, 1], to: folder.path + "/a.ts")
        }
    }

    @Test("a converter that isn't there, or is something else, is missed with the way out")
    func missing() throws {
        let error = #expect(throws: InferenceError.self) {
            try Converter.load(path: "/nowhere/libPorticoConversion.so")
        }
        #expect(error?.code == .backEndMissing)
        #expect(error?.message.contains("deploy/setup") == true)
        let backEnd = BackEnd.searchPaths(.openvino)[0]
        let other = #expect(throws: InferenceError.self) { try Converter.load(path: backEnd) }
        #expect(other?.code == .backEndIncompatible)
        #expect(other?.message.contains("portico_converter") == true)
    }

    static let networks = """
        import sys, torch
        out = sys.argv[1]
        class identity(torch.nn.Module):
            def forward(self, x): return x
        class tuple_(torch.nn.Module):
            def forward(self, x): return x + 1, x
        class list_(torch.nn.Module):
            def forward(self, x): return [x + 2, x]
        class nested(torch.nn.Module):
            def forward(self, x): return ([x * 3, x], x)
        class inplace(torch.nn.Module):
            def forward(self, x): return x.mul_(2).add_(1)
        class integer(torch.nn.Module):
            def forward(self, x): return x.to(torch.int64) * 2
        class view(torch.nn.Module):
            def forward(self, x): return x.transpose(2, 3)[:, :, 1:]
        class branch(torch.nn.Module):
            def forward(self, x):
                if x.shape[0] > 1: return x * 2
                return x
        class loop(torch.nn.Module):
            def forward(self, x):
                for _ in range(3): x = x + x
                return x
        class dictionary(torch.nn.Module):
            def forward(self, x): return {'a': x}
        class pair(torch.nn.Module):
            def forward(self, x, y): return x + y
        class channels(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = torch.nn.Conv1d(2, 1, 1)
            def forward(self, x): return self.layer(x)
        class noforward(torch.nn.Module):
            @torch.jit.export
            def other(self, x): return x
        for k in (identity, tuple_, list_, nested, inplace, integer, view, branch, loop, dictionary, pair, channels, noforward):
            torch.jit.script(k()).save(f'{out}/{k.__name__}.ts')
        """
}
