import ModelBundles
import Pipelines
import Testing
import Voxels

/// Adds its number to every value; what it added can be taken off again.
private struct Add: InvertibleOperator {
    static let names = OperatorNames(dictionary: "Add")
    private let id: String
    private let number: Double

    init(arguments: inout Arguments) throws(PipelineError) {
        id = arguments.id
        number = try arguments.number("number")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        for key in sample.images.keys.sorted() {
            sample.images[key]?.tensor.elements[0] += Float(number)
            sample.images[key]?.trace.append(TraceEntry(operatorID: id, state: number))
        }
    }

    func invert(
        _ image: inout ModelImage, entry: TraceEntry, interpolation: InverseInterpolation
    ) throws(PipelineError) {
        guard let number = entry.state as? Double else { throw PipelineError(.unfitImage, "no number") }
        image.tensor.elements[0] -= Float(number)
    }
}

/// Does nothing.
private struct Pass: Operator {
    static let names: OperatorNames = ["Passd"]

    init(arguments: inout Arguments) throws(PipelineError) { arguments.ignore("keys") }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {}
}

private struct Nothing: ImageSource {
    func load(_ request: LoadRequest) throws -> ModelImage { throw PipelineError(.missingImage, request.key) }
}

private final class Recorder: StageObserver {
    var stages: [Stage] = []
    var limit = Int.max

    func stageDidFinish(_ stage: Stage) throws {
        stages.append(stage)
        if stages.count >= limit { throw PipelineError(.unfitImage, "enough") }
    }
}

@Suite("Pipelines built from a configuration")
struct PipelineBuilderTests {
    private let builder = PipelineBuilder(catalog: OperatorCatalog([Add.self, Pass.self]))

    private func component(
        _ id: String, _ target: String, _ arguments: [(name: String, value: ConfigValue)] = []
    ) -> ConfigValue {
        .component(Component(id: id, target: target, arguments: arguments))
    }

    private func add(_ id: String, _ number: Int) -> ConfigValue { component(id, "Addd", [("number", .int(number))]) }

    private func sample() -> Sample {
        let grid = SourceGrid(shape: [1, 1, 1], affine: .identity)
        let tensor = Tensor(shape: [1, 1, 1, 1])
        return Sample(images: ["image": ModelImage(tensor: tensor, affine: .identity, source: grid)])
    }

    @Test("a Compose, one within another, a list and a single operator are all pipelines")
    func forms() throws {
        let inner = component("c::1", "monai.transforms.Compose", [("transforms", .tuple([add("c::1::0", 2)]))])
        let outer = component(
            "c", "Compose", [("transforms", .list([add("c::0", 1), inner])), ("map_items", .bool(true))])
        #expect(try builder.pipeline(outer, at: "c").steps.map(\.id) == ["c::0", "c::1::0"])
        #expect(
            try builder.pipeline(.list([outer, add("d", 1)]), at: "l").steps.map(\.name) == ["Addd", "Addd", "Addd"])
        #expect(try builder.pipeline(component("e", "Passd"), at: "e").steps.count == 1)
        #expect(try builder.pipeline(component("f", "Compose"), at: "f").steps.isEmpty)
    }

    @Test("everything that is wrong is reported at once, each with its place")
    func problems() {
        let broken = component(
            "p", "Compose",
            [
                (
                    "transforms",
                    .list([
                        component("p::0", "scripts.Addd", [("number", .int(1))]), component("p::1", "Addd"),
                        component("p::2", "Addd", [("number", .string("one"))]),
                        component("p::3", "Passd", [("keys", .string("a")), ("more", .null)]), .null,
                    ])
                ), ("lazy", .bool(true)),
            ])
        let error = #expect(throws: PipelineError.self) { _ = try builder.pipeline(broken, at: "p") }
        #expect(error?.message == "p::lazy: Portico's Compose supports only false or null, found true")
        let list = component("p", "Compose", broken.component.map { Array($0.arguments.prefix(1)) } ?? [])
        let all = #expect(throws: PipelineError.self) { _ = try builder.pipeline(list, at: "p") }
        #expect(all?.code == .several)
        #expect(
            all?.message == """
                p::0: the transform 'scripts.Addd' is Python code of the bundle itself, which Portico does not run; an \
                overlay can put an operator of MONAI's in its place
                p::1::number: expected a number, it is missing
                p::2::number: expected a number, found a string
                p::3::more: Passd has no argument 'more'
                p::transforms::4: expected a transform or a list of transforms, found null
                """)
    }

    @Test("steps run in order, and the observer hears of each with the sample after it")
    func observation() throws {
        let recorder = Recorder()
        var sample = sample()
        let pipeline = try builder.pipeline(.list([add("a", 1), add("b", 10)]), at: "l")
        try pipeline.apply(&sample, in: PipelineContext(source: Nothing(), observer: recorder))
        #expect(recorder.stages.map(\.operatorID) == ["a", "b"])
        #expect(recorder.stages.map { $0.sample.images["image"]?.tensor.elements } == [[1], [11]])
        #expect(recorder.stages.allSatisfy { $0.duration >= .zero && $0.name == "Addd" })
        recorder.limit = 3
        #expect(throws: PipelineError(.unfitImage, "enough")) {
            try pipeline.apply(&sample, in: PipelineContext(source: Nothing(), observer: recorder))
        }
        #expect(recorder.stages.count == 3)
    }

    @Test("an inversion undoes what the trace holds, last to first, and leaves what came before")
    func inversion() throws {
        let compose = component(
            "c", "Compose", [("transforms", .list([add("a", 1), component("p", "Passd"), add("b", 10)]))])
        var sample = sample()
        let context = PipelineContext(source: Nothing())
        try builder.pipeline(add("before", 100), at: "before").apply(&sample, in: context)
        let pipeline = try builder.pipeline(compose, at: "c")
        try pipeline.apply(&sample, in: context)
        var image = try #require(sample.images["image"])
        #expect(image.tensor.elements == [111])
        try pipeline.invert(&image, interpolation: .recorded)
        #expect(image.tensor.elements == [100])
        #expect(image.trace.map(\.operatorID) == ["before"])
    }

    @Test("a component that is to be called later is no transform")
    func callable() {
        let later = ConfigValue.component(Component(id: "c", target: "Passd", arguments: [], mode: .callable))
        let error = #expect(throws: PipelineError.self) { _ = try builder.pipeline(later, at: "c") }
        #expect(error?.code == .unsupported)
    }

    @Test("NumPy's and torch's names of types are understood")
    func elementTypes() {
        let names: [(String, ElementType?)] = [
            ("numpy.float32", .float32), ("torch.float", .float32), ("float", .float64), ("torch.half", .float16),
            ("numpy.uint8", .uint8), ("torch.int", .int32), ("int", .int64), ("torch.long", .int64), ("text", nil),
        ]
        for (name, type) in names { #expect(ElementType(name: name) == type, "\(name)") }
    }
}
