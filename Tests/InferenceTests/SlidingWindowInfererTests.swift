import Foundation
import ImageFiles
import TestSupport
import Testing
import Voxels

@testable import Inference

@Suite(.ownThread) struct SlidingWindowInfererTests {
    @Test("the golden windows come out as MONAI has them", .enabled(if: Places.shared != nil))
    func golden() throws {
        let folder = try #require(Places.shared) + "/golden/geometry/"
        for name in ["axial_LPS", "near_pixdim", "oblique", "sagittal", "slice1"] {
            let arrays = try NPZ.read(folder + name + ".npz")
            let image = try #require(arrays["final"]).tensor
            let constant = SlidingWindowInferer.Settings(window: .perAxis([16, 16, 8]), batchSize: 4, overlap: [0.5])
            var gaussian = constant
            gaussian.batchSize = 3
            gaussian.overlap = [0.625]
            gaussian.blending = .gaussian
            gaussian.padding = .replicate
            for (key, settings) in [("sw_const", constant), ("sw_gauss", gaussian)] {
                let expected = try #require(arrays[key])
                let result = try SlidingWindowInferer(settings).infer(image, with: ReferenceNetwork.waves())
                #expect([1] + result.shape == expected.shape)
                // Sine and cosine come of another library here; their values are at most 1.
                let worst = zip(result.elements, expected.floats).map { abs($0 - $1) }.max() ?? 1
                #expect(worst <= 1e-6, "\(name) \(key)")
                print("sliding window \(name) \(key): largest difference \(worst)")
            }
        }
    }

    @Test(
        "with a network that float32 represents exactly, every argument gives MONAI's numbers",
        .enabled(if: Places.python != nil))
    func peers() throws {
        let folder = try TemporaryFolder()
        let lines = try Places.run(python: Self.program, in: folder).split(separator: "\n")
        #expect(lines.count > 25)
        let network = ReferenceNetwork(outputs: [
            .affine(input: 0, scale: 2, offset: 1), .affine(input: 1, scale: -0.5, offset: 3),
            .affine(input: 0, scale: 1, offset: -4),
        ])
        for line in lines {
            let name = String(line)
            let image = try NPY.read("\(folder.path)/\(name).in.npy").tensor
            let expected = try NPY.read("\(folder.path)/\(name).out.npy")
            let arguments = try JSONDecoder().decode(
                [String: Argument].self, from: Data(contentsOf: URL(filePath: "\(folder.path)/\(name).json")))
            let description = try InfererDescription(
                target: "monai.inferers.SlidingWindowInferer",
                arguments: arguments.sorted { $0.key < $1.key }.map { ($0.key, $0.value.value) })
            let result = try description.makeInferer().infer(image, with: network)
            #expect(result.shape == expected.shape, "\(name) \(arguments)")
            let worst = zip(result.elements, expected.floats).map { abs($0 - $1) }.max() ?? 1
            let most = expected.floats.map(abs).max() ?? 1
            // MKL's exponential errs in the last bit now and then, so Gaussian weights may.
            #expect(name.hasPrefix("gauss") ? worst <= 4e-7 * most : worst == 0, "\(name) \(arguments): \(worst)")
        }
    }

    @Test("progress counts windows, and what it throws ends the pass")
    func progress() throws {
        struct Stop: Error {}
        let image = Tensor(shape: [1, 10, 10, 10])
        let inferer = SlidingWindowInferer(.init(window: .uniform(4), batchSize: 5, overlap: [0.25]))
        var seen: [WindowProgress] = []
        _ = try inferer.infer(image, with: ReferenceNetwork.waves(), options: PassOptions()) { seen.append($0) }
        #expect(seen.map(\.done) == [5, 10, 15, 20, 25, 27])
        #expect(seen.allSatisfy { $0.total == 27 })
        #expect(throws: Stop.self) {
            try inferer.infer(image, with: ReferenceNetwork.waves(), options: PassOptions()) {
                if $0.done > 9 { throw Stop() }
            }
        }
    }

    @Test("outputs that are not finite or of another shape are refused")
    func outputs() throws {
        let image = Tensor(shape: [1, 12, 12, 12], repeating: 1)
        let inferer = SlidingWindowInferer(.init(window: .uniform(8), batchSize: 2))
        for bad in [Float.nan, .infinity, -.infinity] {
            for place in [0, 511, 1023] {
                let network = Stub { batch in
                    var batch = batch
                    batch.elements[min(place, batch.count - 1)] = bad
                    return batch
                }
                let error = #expect(throws: InferenceError.self) { try inferer.infer(image, with: network) }
                #expect(error?.code == .outputRefused)
                #expect(throws: InferenceError.self) { try SimpleInferer().infer(image, with: network) }
            }
        }
        let shapes: [[Int]] = [
            [1, 1, 8, 8, 8], [2, 0, 8, 8, 8], [2, 8, 8, 8], [2], [], [2, 1, 8, 8, 8, 1],
        ]
        for shape in shapes {
            let error = #expect(throws: InferenceError.self, "\(shape)") {
                try inferer.infer(image, with: Stub { _ in Tensor(shape: shape) })
            }
            #expect(error?.code == .outputRefused && error?.message.contains("\(shape)") == true)
        }
        var calls = 0
        let error = #expect(throws: InferenceError.self) {
            try inferer.infer(
                image,
                with: Stub { batch in
                    calls += 1
                    return Tensor(shape: [batch.shape[0], calls] + batch.shape[2...])
                })
        }
        #expect(error?.code == .outputRefused, "a number of channels that changes")
    }

    @Test("a batch is no larger than the windows that there are")
    func fewWindows() throws {
        let image = Tensor(shape: [1, 12, 12, 12], repeating: 1)
        // A batch in full would be 128 GB.
        let settings = SlidingWindowInferer.Settings(window: .uniform(80), batchSize: 1 << 16)
        let network = Stub { batch in
            #expect(batch.shape == [1, 1, 80, 80, 80])
            return batch
        }
        #expect(try SlidingWindowInferer(settings).infer(image, with: network) == image)
    }

    @Test("a pass that does not fit is refused before it runs, by the argument's path")
    func tooLarge() throws {
        let cases: [([Int], SlidingWindowInferer.Settings, String)] = [
            ([1, 4, 4], .init(window: .uniform(1 << 20)), "inferer::roi_size: "),
            ([5, 4, 4], .init(window: .perAxis([1 << 18, 1 << 13])), "inferer::sw_batch_size: "),
            ([1, 4, 4], .init(window: .perAxis([2, 2, 2])), "inferer::roi_size: "),
            ([1, 4, 4], .init(window: .uniform(2), overlap: [0, 0, 0]), "inferer::overlap: "),
            ([1, 4, 4], .init(window: .uniform(2), bufferSteps: 1, bufferAxis: 2), "inferer::buffer_dim: "),
        ]
        for (shape, settings, path) in cases {
            let error = #expect(throws: InferenceError.self, "\(path)") {
                try SlidingWindowInferer(settings).infer(Tensor(shape: shape), with: Stub { $0 })
            }
            #expect(
                error?.code == .badArgument && error?.message.hasPrefix(path) == true, "\(String(describing: error))")
        }
        let line = Tensor(shape: [1, 1 << 20])
        let error = #expect(throws: InferenceError.self) {
            try SlidingWindowInferer(.init(window: .uniform(1), overlap: [0])).infer(
                line, with: Echo(Tensor(shape: [1, 1 << 14, 1])))
        }
        #expect(error?.code == .outputRefused && error?.message.contains("2³³") == true)
    }

    @Test("outputs of another resolution are put together only where MONAI does, and stay of one shape")
    func resolutions() throws {
        let image = Tensor(shape: [1, 22], repeating: 1)
        let inferer = SlidingWindowInferer(.init(window: .uniform(11), overlap: [0]))
        var lengths = [22, 22]
        #expect(
            try inferer.infer(image, with: Stub { _ in Tensor(shape: [1, 1, lengths.removeLast()]) }).shape == [1, 44])
        for wrong in [[15, 15], [11, 22], [22, 11]] {
            lengths = wrong
            let error = #expect(throws: InferenceError.self, "\(wrong)") {
                try inferer.infer(image, with: Stub { _ in Tensor(shape: [1, 1, lengths.removeLast()]) })
            }
            #expect(error?.code == .outputRefused)
        }
    }

    @Test("large finite values pass the check")
    func extremes() throws {
        let image = Tensor(shape: [1, 4, 4, 4], repeating: -.greatestFiniteMagnitude)
        let result = try SlidingWindowInferer(.init(window: .uniform(4))).infer(
            image, with: ReferenceNetwork(outputs: [.affine(input: 0, scale: 1, offset: 0)]))
        #expect(result == image)
    }

    @Test("settings that don't fit the image are refused with their name")
    func misfits() throws {
        let image = Tensor(shape: [1, 3, 10, 10])
        func refuse(_ word: String, _ settings: SlidingWindowInferer.Settings) {
            let error = #expect(throws: InferenceError.self, "\(word)") {
                try SlidingWindowInferer(settings).infer(image, with: ReferenceNetwork.waves())
            }
            #expect(error?.message.contains(word) == true, "\(String(describing: error))")
        }
        refuse("roi_size", .init(window: .perAxis([4, 4])))
        refuse("overlap", .init(window: .uniform(4), overlap: [0.5, 0.5]))
        refuse("overlap", .init(window: .uniform(4), overlap: [1]))
        refuse("overlap", .init(window: .uniform(4), overlap: [-0.1]))
        refuse("sigma_scale", .init(window: .uniform(4), blending: .gaussian, sigmaScale: [0]))
        refuse("sw_batch_size", .init(window: .uniform(4), batchSize: 0))
        refuse("reflect", .init(window: .uniform(16), padding: .reflect))
        refuse("circular", .init(window: .uniform(16), padding: .circular))
        refuse("buffer_dim", .init(window: .uniform(4), bufferSteps: 2, bufferAxis: 3))
        refuse("too large", .init(window: .uniform(.max)))
    }

    @Test("the whole image goes through the simple inferer; scores come back without the batch axis")
    func simple() throws {
        let image = Tensor(shape: [2, 3, 4], elements: (0..<24).map(Float.init))
        let network = ReferenceNetwork(outputs: [.affine(input: 1, scale: 1, offset: 0)])
        #expect(try SimpleInferer().infer(image, with: network).elements == Array(image.elements[12...]))
        let scores = try SimpleInferer().infer(image, with: Stub { _ in Tensor(shape: [1, 3], elements: [1, 2, 3]) })
        #expect(scores == Tensor(shape: [3], elements: [1, 2, 3]))
        #expect(throws: InferenceError.self) {
            try SimpleInferer().infer(image, with: Stub { _ in Tensor(shape: [2, 3]) })
        }
        #expect(throws: InferenceError.self) {
            try SimpleInferer().infer(image, with: Stub { _ in Tensor(shape: [1]) })
        }
    }

    @Test(
        "how long an image of 256 × 256 × 128 takes with a network that takes no time",
        .enabled(if: ProcessInfo.processInfo.environment["PORTICO_BENCHMARKS"] == "1"))
    func benchmark() throws {
        let image = Tensor(shape: [1, 256, 256, 128], repeating: 0.5)
        for (channels, batchSize) in [(2, 4), (2, 1), (1, 4)] {
            let network = Echo(Tensor(shape: [batchSize, channels, 96, 96, 96], repeating: 0.25))
            let inferer = SlidingWindowInferer(
                .init(window: .uniform(96), batchSize: batchSize, overlap: [0.5], blending: .gaussian))
            for _ in 0..<4 {
                let (start, used) = (ContinuousClock.now, clock())
                let result = try inferer.infer(image, with: network)
                let seconds = Double(clock() - used) / Double(CLOCKS_PER_SEC)
                print(
                    "\(channels) channels, batch \(batchSize): \(ContinuousClock.now - start), processor \(seconds) s")
                #expect(result.shape == [channels, 256, 256, 128])
            }
        }
    }

    /// Runs MONAI's SlidingWindowInferer over many settings.
    private static let program = """
        import sys, json, itertools, numpy as np, torch
        from monai.inferers import SlidingWindowInferer
        out = sys.argv[1]
        rng = np.random.default_rng(5)
        def net(x):
            return torch.cat([x[:, :1] * 2 + 1, x[:, 1:2] * -.5 + 3, x[:, :1] - 4], 1)
        count = 0
        def case(kind, shape, **args):
            global count
            name = f'{kind}{count}'; count += 1
            x = rng.integers(-200, 200, size=(2, *shape)).astype(np.float32)
            y = SlidingWindowInferer(**args)(torch.from_numpy(x)[None], net)[0].numpy()
            np.save(f'{out}/{name}.in.npy', x); np.save(f'{out}/{name}.out.npy', np.ascontiguousarray(y))
            json.dump(args, open(f'{out}/{name}.json', 'w')); print(name)
        case('const', (20, 21, 13), roi_size=[8, 8, 8])
        case('const', (20, 21, 13), roi_size=8, sw_batch_size=4, overlap=0.5)
        case('const', (33, 17, 40), roi_size=[16, 16, 16], sw_batch_size=3, overlap=[0.1, 0.7, 0.99])
        case('const', (33, 17, 40), roi_size=[16, 0, -1], sw_batch_size=7, overlap=0.7)
        case('const', (100, 3, 5), roi_size=[96, 3, 5], overlap=0.7)
        case('const', (200, 3, 5), roi_size=[96, 2, 4], overlap=0.7)
        case('const', (5, 6, 7), roi_size=[5, 6, 7])
        case('const', (16, 17), roi_size=[8, 5], overlap=0.25)
        case('const', (16, 17), roi_size=12, sw_batch_size=2, overlap=0.6, progress=False, device='cpu', sw_device='cpu', cpu_thresh=5)
        case('const', (9, 20, 11), roi_size=[16, 8, 16], cval=7.5)
        case('const', (7, 30), roi_size=[12, 12], cval=-3)
        for mode in ('constant', 'reflect', 'replicate', 'circular'):
            case('const', (9, 20, 11), roi_size=[16, 8, 16], padding_mode=mode)
            case('const', (7, 30), roi_size=[13, 12], padding_mode=mode)
        case('const', (1, 20, 20), roi_size=[8, 8, 8], padding_mode='replicate')
        for steps, dim in itertools.product((1, 2, 3, 50), (0, 1, -1)):
            case('const', (30, 21, 26), roi_size=[12, 10, 8], sw_batch_size=3, overlap=0.4, buffer_steps=steps, buffer_dim=dim)
        case('const', (30, 21, 26), roi_size=[12, 10, 8], overlap=0.4, buffer_steps=None)
        case('const', (6, 21, 26), roi_size=[12, 10, 8], overlap=0.4, buffer_steps=2, buffer_dim=2)
        for sigma in (0.125, 0.3, [0.1, 0.2, 0.05]):
            case('gauss', (20, 21, 33), roi_size=[12, 10, 16], overlap=0.5, mode='gaussian', sigma_scale=sigma)
            case('gauss', (9, 21, 33), roi_size=[12, 10, 16], overlap=[0.5, 0.1, 0.8], mode='gaussian', sigma_scale=sigma, cache_roi_weight_map=True, sw_batch_size=3)
        case('gauss', (50, 40), roi_size=[24, 24], overlap=0.5, mode='gaussian')
        case('gauss', (30, 21, 26), roi_size=[12, 10, 8], overlap=0.4, mode='gaussian', buffer_steps=2, buffer_dim=0, sw_batch_size=2)
        """
}
