import Testing
import Voxels

@testable import Inference

@Suite struct InfererDescriptionTests {
    @Test("MONAI's defaults stand where nothing is said")
    func defaults() throws {
        let description = try InfererDescription(
            target: "SlidingWindowInferer", arguments: [("roi_size", .list([.int(96), .int(96), .int(-1)]))])
        let expected = SlidingWindowInferer.Settings(
            window: .perAxis([96, 96, -1]), batchSize: 1, overlap: [0.25], blending: .constant, sigmaScale: [0.125],
            padding: .constant(0), bufferSteps: nil, bufferAxis: -1)
        #expect(description == .slidingWindow(expected))
        #expect(try InfererDescription(target: "monai.inferers.SimpleInferer", arguments: []) == .simple)
    }

    @Test("every argument is read, and those that change no number are passed over")
    func arguments() throws {
        let description = try InfererDescription(
            target: "monai.inferers.SlidingWindowInferer",
            arguments: [
                ("roi_size", .int(64)), ("sw_batch_size", .int(4)), ("overlap", .list([.double(0.5), .int(0)])),
                ("mode", .text("gaussian")), ("sigma_scale", .list([.double(0.1), .double(0.2)])),
                ("padding_mode", .text("replicate")), ("cval", .int(0)), ("sw_device", .text("cuda:0")),
                ("device", .text("cpu")), ("progress", .bool(true)), ("cache_roi_weight_map", .bool(true)),
                ("cpu_thresh", .int(5)), ("buffer_steps", .int(2)), ("buffer_dim", .int(0)),
                ("with_coord", .bool(false)),
            ])
        let expected = SlidingWindowInferer.Settings(
            window: .uniform(64), batchSize: 4, overlap: [0.5, 0], blending: .gaussian, sigmaScale: [0.1, 0.2],
            padding: .replicate, bufferSteps: 2, bufferAxis: 0)
        #expect(description == .slidingWindow(expected))
    }

    @Test("a slice inferer has the arguments of a sliding window and the axis across the slices")
    func slices() throws {
        let size: (name: String, value: InfererArgument) = ("roi_size", .list([.int(64), .null]))
        let description = try InfererDescription(
            target: "monai.inferers.SliceInferer",
            arguments: [
                ("spatial_dim", .int(2)), size, ("sw_batch_size", .int(4)), ("padding_mode", .text("replicate")),
            ])
        let settings = SlidingWindowInferer.Settings(window: .perAxis([64, -1]), batchSize: 4, padding: .replicate)
        #expect(description == .slices(try SliceInferer(axis: 2, settings)))
        let inferer = try #require(description.makeInferer() as? SliceInferer)
        #expect(inferer.axis == 2 && inferer.settings.window == .perAxis([64, -1, 1]))
        #expect(
            try InfererDescription(target: "SliceInferer", arguments: [size])
                == .slices(try SliceInferer(axis: 0, .init(window: .perAxis([64, -1])))))
    }

    @Test("what Portico doesn't do or understand is refused by name")
    func refused() throws {
        let size: (name: String, value: InfererArgument) = ("roi_size", .int(8))
        let slice: (name: String, value: InfererArgument) = ("roi_size", .list([.int(8), .int(8)]))
        let cases: [(String, InferenceError.Code, String, [(name: String, value: InfererArgument)])] = [
            ("PatchInferer", .unsupported, "PatchInferer", [size]),
            ("scripts.SliceInferer", .unsupported, "scripts.SliceInferer", [size]),
            ("SliceInferer", .badArgument, "roi_size", [size]),
            ("SliceInferer", .badArgument, "roi_size", []),
            ("SliceInferer", .badArgument, "roi_size", [("roi_size", .list(Array(repeating: .int(2), count: 3)))]),
            ("SliceInferer", .badArgument, "spatial_dim", [slice, ("spatial_dim", .int(3))]),
            ("SliceInferer", .badArgument, "spatial_dim", [slice, ("spatial_dim", .int(-1))]),
            ("SliceInferer", .badArgument, "spatial_dim", [slice, ("spatial_dim", .text("z"))]),
            ("SliceInferer", .unsupported, "with_coord", [slice, ("with_coord", .bool(true))]),
            ("SliceInferer", .badArgument, "overlap", [slice, ("overlap", .double(1))]),
            ("SlidingWindowInferer", .badArgument, "roi_size", []),
            ("SlidingWindowInferer", .badArgument, "roi_size", [("roi_size", .text("big"))]),
            (
                "SlidingWindowInferer", .badArgument, "roi_size",
                [("roi_size", .list(Array(repeating: .int(2), count: 4)))]
            ),
            ("SlidingWindowInferer", .badArgument, "overlap", [size, ("overlap", .double(1))]),
            ("SlidingWindowInferer", .badArgument, "overlap", [size, ("overlap", .list([]))]),
            ("SlidingWindowInferer", .badArgument, "mode", [size, ("mode", .text("cubic"))]),
            ("SlidingWindowInferer", .badArgument, "padding_mode", [size, ("padding_mode", .text("zero"))]),
            ("SlidingWindowInferer", .badArgument, "sw_batch_size", [size, ("sw_batch_size", .double(1.5))]),
            ("SlidingWindowInferer", .badArgument, "sw_batch_size", [size, ("sw_batch_size", .int(0))]),
            ("SlidingWindowInferer", .badArgument, "65536", [size, ("sw_batch_size", .int(65537))]),
            (
                "SlidingWindowInferer", .badArgument, "cval",
                [size, ("cval", .int(3)), ("padding_mode", .text("reflect"))]
            ),
            ("SlidingWindowInferer", .unsupported, "with_coord", [size, ("with_coord", .bool(true))]),
            ("SlidingWindowInferer", .unsupported, "roi_weight_map", [size, ("roi_weight_map", .other("a tensor"))]),
            ("SimpleInferer", .badArgument, "roi_size", [size]),
        ]
        for (target, code, word, arguments) in cases {
            let error = #expect(throws: InferenceError.self, "\(word)") {
                try InfererDescription(target: target, arguments: arguments)
            }
            #expect(error?.code == code && error?.message.contains(word) == true, "\(String(describing: error))")
        }
    }
}
