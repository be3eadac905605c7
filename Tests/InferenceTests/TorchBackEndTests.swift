import Foundation
import ImageFiles
import TestSupport
import Testing
import Voxels

@testable import Inference

@Suite(.ownThread) struct TorchBackEndTests {
    private static let backEnd = Result { try BackEnd.load() }

    private func backEnd() throws -> BackEnd { try Self.backEnd.get() }

    @Test("the back end lies beside the executable and says what it is")
    func load() throws {
        let backEnd = try backEnd()
        #expect(backEnd.name == "torch")
        #expect(backEnd.libraryVersion.hasPrefix("2."))
    }

    @Test("the unmodified spleen network gives MONAI's logits", .enabled(if: Places.shared != nil))
    func spleen() throws {
        let folder = try #require(Places.shared) + "/golden/spleen_run/"
        let golden = try NPZ.read(folder + "golden.npz")
        let image = try #require(golden["pre"]).tensor
        let expected = try #require(golden["logits"]).tensor
        let network = try backEnd().loadNetwork(folder + "models/model.ts", options: LoadOptions(threads: 2))
        #expect(network.engine == "torch \(try backEnd().libraryVersion) cpu")
        let inferer = SlidingWindowInferer(.init(window: .uniform(96), batchSize: 4, overlap: [0.5]))
        var windows = 0
        let clock = ContinuousClock()
        let start = clock.now
        let result = try inferer.infer(image, with: network, options: PassOptions()) { windows = $0.total }.tensor
        let time = clock.now - start
        #expect(result.shape == expected.shape)
        let worst = zip(result.elements, expected.elements).map { abs($0 - $1) }.max() ?? 1
        let half = result.count / 2
        func label(_ tensor: Tensor, _ voxel: Int) -> Bool { tensor.elements[voxel] < tensor.elements[half + voxel] }
        let differing = (0..<half).count { label(result, $0) != label(expected, $0) }
        print(
            "spleen logits: largest difference \(worst), \(differing) of \(half) labels differ; \(windows) windows in \(time)"
        )
        #expect(worst <= 1e-5)
        #expect(differing == 0)
    }

    @Test("a network file that is cut, absent or something else is refused and the process lives on")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let absent = #expect(throws: InferenceError.self) { try backEnd().loadNetwork(folder.path + "/absent.ts") }
        #expect(absent?.code == .modelUnreadable)
        var files: [(String, [UInt8])] = [("empty", []), ("text", Array("no network".utf8))]
        if let shared = Places.shared {
            let whole = [UInt8](try Data(contentsOf: URL(filePath: shared + "/golden/spleen_run/models/model.ts")))
            for length in [4, 1000, whole.count / 2, whole.count - 1] {
                files.append(("\(length)", Array(whole[..<length])))
            }
            var changed = whole
            for place in stride(from: whole.count / 3, to: whole.count, by: 997) { changed[place] ^= 0xff }
            files.append(("changed", changed))
        }
        for (name, bytes) in files {
            let path = try folder.file("model.ts", bytes)
            let error = #expect(throws: InferenceError.self, "\(name)") { try backEnd().loadNetwork(path) }
            #expect(error?.code == .modelUnreadable, "\(name)")
            #expect(error?.message.contains(path) == true)
            // No trace of C++ frames reaches a reader.
            #expect(error?.message.contains("frame #") == false, "\(String(describing: error))")
        }
    }

    @Test(
        "a device that isn't there is refused with words", arguments: ["cuda", "cuda:0", "cuda:7", "tpu", "", "cuda:x"])
    func devices(name: String) throws {
        guard let shared = Places.shared else { return }
        let path = shared + "/golden/spleen_run/models/model.ts"
        do {
            let network = try backEnd().loadNetwork(path, options: LoadOptions(device: name))
            // On a machine that has the device.
            #expect(name.hasPrefix("cuda") && network.engine.hasSuffix(name))
        } catch let error as InferenceError {
            #expect(error.code == .deviceUnavailable)
            #expect(name.isEmpty || error.message.contains(name))
        }
    }

    @Test("an input that the network refuses is an error with the network's reason", .enabled(if: Places.shared != nil))
    func channels() throws {
        let path = try #require(Places.shared) + "/golden/spleen_run/models/model.ts"
        let network = try backEnd().loadNetwork(path, options: LoadOptions(threads: 2))
        let error = #expect(throws: InferenceError.self) { try network.forward(Tensor(shape: [1, 2, 16, 16, 16])) }
        #expect(error?.code == .networkFailed)
        #expect(
            error?.message.contains("to have 1 channels, but got 2 channels") == true, "\(String(describing: error))")
        #expect(error?.message.contains("Traceback") == false)
        #expect(throws: InferenceError.self) { try network.forward(Tensor(shape: [5])) }
        #expect(throws: InferenceError.self) { try network.forward(Tensor(shape: [1, 0, 4])) }
        #expect(throws: InferenceError.self) { try network.forward(Tensor(shape: Array(repeating: 1, count: 9))) }
        // The network is as good as before.
        #expect(try network.forward(Tensor(shape: [1, 1, 16, 16, 16])).shape == [1, 2, 16, 16, 16])
    }

    @Test(
        "lists, tuples, integers, views and networks that work in place are understood",
        .enabled(if: Places.python != nil))
    func kinds() throws {
        let folder = try TemporaryFolder()
        try Places.run(python: Self.networks, in: folder)
        let batch = Tensor(shape: [2, 1, 2, 3], elements: (0..<12).map { Float($0) })
        func run(_ name: String) throws -> (Tensor, Tensor) {
            let network = try backEnd().loadNetwork("\(folder.path)/\(name).ts")
            let first = try network.forward(batch)
            #expect(batch.elements == (0..<12).map { Float($0) }, "\(name) wrote to its input")
            let second = try network.forward(batch)
            #expect(batch.elements == (0..<12).map { Float($0) }, "\(name) wrote to its input")
            return (first, second)
        }
        for name in ["identity", "tuple", "list", "nested", "inplace", "integer", "half", "view", "single"] {
            let (first, second) = try run(name)
            #expect(first == second, "\(name)")
            let expected = try NPY.read("\(folder.path)/\(name).npy")
            #expect(first.shape == expected.shape && first.elements == expected.floats, "\(name)")
        }
        for name in ["dictionary", "text", "complex", "noforward"] {
            let error = #expect(throws: InferenceError.self, "\(name)") { try run(name) }
            #expect([.outputRefused, .modelUnreadable].contains(error?.code), "\(name): \(String(describing: error))")
        }
    }

    @Test("several threads may run one network", .enabled(if: Places.shared != nil))
    func threads() throws {
        let path = try #require(Places.shared) + "/golden/spleen_run/models/model.ts"
        let network = try backEnd().loadNetwork(path, options: LoadOptions(threads: 1))
        let batch = Tensor(shape: [1, 1, 32, 32, 32], elements: (0..<32768).map { Float($0 % 100) / 100 })
        let expected = try network.forward(batch)
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            let result = try? network.forward(batch)
            #expect(result == expected)
        }
    }

    /// Small networks as TorchScript, and what torch makes of them.
    private static let networks = """
        import sys, numpy as np, torch
        from typing import List, Tuple, Dict
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
        class half(torch.nn.Module):
            def forward(self, x): return x.half()
        class view(torch.nn.Module):
            def forward(self, x): return x.transpose(2, 3)[:, :, 1:]
        class single(torch.nn.Module):
            def forward(self, x): return x.sum()
        class dictionary(torch.nn.Module):
            def forward(self, x): return {'a': x}
        class text(torch.nn.Module):
            def forward(self, x): return 'a'
        class complex_(torch.nn.Module):
            def forward(self, x): return torch.complex(x, x)
        class noforward(torch.nn.Module):
            @torch.jit.export
            def other(self, x): return x
        for k in (identity, tuple_, list_, nested, inplace, integer, half, view, single, dictionary, text, complex_, noforward):
            name = k.__name__.rstrip('_')
            m = torch.jit.script(k())
            m.save(f'{out}/{name}.ts')
            if name in ('dictionary', 'text', 'complex', 'noforward'): continue
            y = m(torch.arange(12, dtype=torch.float32).reshape(2, 1, 2, 3))
            while not isinstance(y, torch.Tensor): y = y[0]
            np.save(f'{out}/{name}.npy', np.ascontiguousarray(y.float().numpy()).reshape(tuple(y.shape)))
        """
}
