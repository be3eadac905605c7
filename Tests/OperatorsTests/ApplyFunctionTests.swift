import ModelBundles
import Operators
import Pipelines
import Testing
import Voxels

/// `Lambdad` in pipelines, and what it refuses.
@Suite("Lambdad")
struct ApplyFunctionTests {
    private func lambda(_ text: String) -> ConfigValue { .lambda(LambdaSource(text)) }

    private let image = Bench.image(Tensor(shape: [2, 2, 2, 2], elements: (0..<16).map { Float($0) }))

    private func applied(_ arguments: KeyValuePairs<String, ConfigValue>) throws -> [String: ModelImage] {
        var sample = Sample(images: ["image": image])
        try Bench.pipeline("Lambdad", arguments).apply(&sample, in: PipelineContext(source: NoImages()))
        return sample.images
    }

    private func failure(_ arguments: KeyValuePairs<String, ConfigValue>) -> String {
        do {
            _ = try applied(arguments)
            return "nothing refused"
        } catch {
            return "\(error)"
        }
    }

    @Test("it undoes nothing in an inversion, and what lies before it in the pipeline is undone")
    func inversion() throws {
        let preprocessing = Bench.compose(
            "preprocessing",
            [
                ("Orientationd", ["keys": "image", "axcodes": "LPS"]),
                ("monai.transforms.Lambdad", ["keys": "image", "func": lambda("lambda x: x * 2")]),
            ])
        let postprocessing = Bench.compose(
            "postprocessing",
            [
                ("Invertd", ["keys": "pred", "orig_keys": "image", "transform": .component(preprocessing)]),
                ("Lambdad", ["keys": "pred", "func": lambda("lambda x: torch.where(x[[1]] > 20, 4, 0)")]),
            ])
        let builder = PipelineBuilder(catalog: Catalog.operators)
        let context = PipelineContext(source: NoImages())
        var sample = Sample(images: ["image": image])
        try builder.pipeline(.component(preprocessing), at: "preprocessing").apply(&sample, in: context)
        #expect(sample.images["image"]?.trace.map(\.operatorID).last == "preprocessing::transforms::1")
        #expect(sample.images["image"]?.tensor.elements.first == 12)
        sample.images["pred"] = sample.images["image"]
        try builder.pipeline(.component(postprocessing), at: "postprocessing").apply(&sample, in: context)
        let result = try #require(sample.images["pred"])
        #expect(result.affine == image.affine)
        #expect(result.trace.map(\.operatorID) == ["postprocessing::transforms::1"])
        #expect(result.tensor == Tensor(shape: [1, 2, 2, 2], elements: [0, 0, 0, 4, 4, 4, 4, 4]))
        #expect(result.elementType == .int64)
    }

    @Test("a list has a function for each key, and overwrite names where the result goes")
    func keys() throws {
        let results = try applied([
            "keys": ["image", "image", "image"], "overwrite": ["first", false, true],
            "func": [lambda("lambda x: x[1:]"), lambda("lambda x: -x"), lambda("lambda x: x + 1")],
        ])
        #expect(results["first"]?.tensor.elements == .init((8..<16).map { Float($0) }))
        #expect(results["image"]?.tensor.elements == .init((1..<17).map { Float($0) }))
        #expect(try applied(["keys": "gone", "allow_missing_keys": true, "func": lambda("lambda x: x")]).count == 1)
    }

    @Test("a lambda that is outside of the grammar is refused with id, text, caret and a way out")
    func caret() {
        let refusal = Bench.refusal("Lambdad", ["keys": "image", "func": lambda("lambda x: x + torch.fft.fft(x)")])
        #expect(
            refusal == """
                preprocessing::transforms::0::func: the expression is outside of what Portico evaluates: a call of \
                torch.fft.fft with the image
                    $lambda x: x + torch.fft.fft(x)
                                             ^
                Give the id its value in an overlay (--set 'preprocessing::transforms::0::func=…'); where it makes \
                the network, export that to models/model.ts (python -m monai.bundle ckpt_export).
                """)
    }

    /// Lambdas and a part of the reason.
    static let refused: [(String, String)] = [
        ("lambda x: None", "None instead of an image"), ("lambda x: 1", "makes nothing of its parameter"),
        ("lambda: 1", "without a parameter"), ("lambda x, y: x", "several parameters"),
        ("lambda x=1: x", "default"), ("lambda *x: x", "any number of parameters"),
        ("lambda **x: x", "any number of parameters"), ("lambda x: [i for i in x]", "comprehension"),
        ("lambda x: [x, x]", "tensors in a list"), ("lambda x: (lambda y: y)(x)", "a call of something other"),
        ("lambda x: lambda y: x", "makes nothing"), ("lambda x: x.shape[0]", "'shape' of a tensor"),
        ("lambda x: x.__class__", "'__class__' of a tensor"), ("lambda x: x.numpy()", "the method numpy"),
        ("lambda x: x[x > 0]", "an index that is made of the image"), ("lambda x: x[True]", "a truth value"),
        ("lambda x: x[::-1]", "a step above zero"), ("lambda x: x[[]]", "an empty list"),
        ("lambda x: x.sum()", "dim=0"), ("lambda x: x.argmax(1)", "dim=0"), ("lambda x: x.max(0)", "the method max"),
        ("lambda x: torch.softmax(x, dim=1)", "dim=0"), ("lambda x: x.double()", "the method double"),
        ("lambda x: x.to(torch.float16)", "float16"), ("lambda x: x ** 2.5", "this power"),
        ("lambda x: 2 ** x", "exponent is a tensor"), ("lambda x: x << 1", "the operator <<"),
        ("lambda x: x if x else x", "neither true nor false"), ("lambda x: x is None", "'is' with a tensor"),
        ("lambda x: x.long() + 16777216", "cannot keep as int64"), ("lambda x: (x > 0).byte() - 300", "uint8"),
        ("lambda x: x + 1e39", "beyond float32"), ("lambda x: np.clip(x, 0, 1)", "numpy.clip"),
        ("lambda x: np.where(x > 0, 1, 0) + 1", "more work on what NumPy made"),
        ("lambda x: np.where(x > 0, 1.0, 0)", "float64"), ("lambda x: np.where(x > 0, 1, 0).float()", "NumPy"),
        ("lambda x: open('/etc/passwd')", "open"), ("lambda x: __import__('os').system(x)", "__import__"),
        ("lambda x: eval(x)", "eval"), ("lambda x: x.where(x > 0, 1)", "the method where"),
        ("lambda x: torch.where(x > 0, *[1, 2])", "star"), ("lambda x: torch.round(x, decimals=2)", "decimals"),
        ("lambda x: torch.clamp(x, x, 1)", "a tensor where a number should be"), ("lambda x: x +", "should be"),
        ("lambda x: " + Array(repeating: "x", count: 600).joined(separator: "+"), "too much"),
        ("lambda x: torch.cat([" + Array(repeating: "x", count: 600).joined(separator: ",") + "])", "operations"),
        ("lambda x: " + String(repeating: "-", count: 70) + "x", "nested deeper"),
    ]

    @Test("what cannot be compiled is refused when the bundle is read", arguments: refused.indices)
    func refusals(index: Int) {
        let (text, reason) = Self.refused[index]
        let refusal = Bench.refusal("Lambdad", ["keys": "image", "func": lambda(text)]) ?? "nothing refused"
        #expect(refusal.hasPrefix("preprocessing::transforms::0::func: "), "\(refusal)")
        #expect(refusal.contains(reason), "\(text): \(refusal)")
        #expect(refusal.contains("^\n"), "\(refusal)")
    }

    @Test("a lambda that calls what it refers to resolves, and is refused where it is used")
    func references() throws {
        let json = """
            {"p": {"_target_": "Compose", "transforms": []}, "r": "$list({1, 2})", "f": "$lambda x: @p(x)",
             "g": "$lambda x: x[@r]"}
            """
        let bundle = try BundleConfiguration(parsing: json, named: "test.json")
        let call = try bundle.resolve("f")
        #expect(call.lambdaSource?.text == "lambda x: @p(x)")
        #expect(Bench.refusal("Lambdad", ["keys": "image", "func": call])?.contains("a call of @p") == true)
        let unordered = try bundle.resolve("g")
        #expect(Bench.refusal("Lambdad", ["keys": "image", "func": unordered])?.contains("r: the expression") == true)
    }

    @Test("arguments that are no functions, and inverses, are refused")
    func arguments() {
        let pass = lambda("lambda x: x")
        #expect(failure(["keys": "image"]).contains("::func: expected a lambda"))
        #expect(failure(["keys": "image", "func": "x"]).contains("::func: expected a lambda"))
        #expect(failure(["keys": "image", "func": .null]).contains("::func: expected a lambda"))
        let opposite = lambda("lambda x: -x")
        #expect(failure(["keys": "image", "func": pass, "inv_func": opposite]).contains("never calls it"))
        #expect(failure(["keys": "image", "func": pass, "inv_func": pass]) == "nothing refused")
        #expect(failure(["keys": "image", "func": pass, "inv_func": .null]) == "nothing refused")
        #expect(failure(["keys": "image", "func": pass, "overwrite": 1]).contains("::overwrite: expected"))
    }

    @Test("a result that would lie elsewhere, is too large or is no number of its type ends the run")
    func results() {
        func run(_ text: String) -> String { failure(["keys": "image", "func": lambda(text)]) }
        #expect(run("lambda x: x[:, 1:]").contains("has to keep the axes of space"))
        #expect(run("lambda x: x[0, 0]").contains("has to keep the axes of space"))
        #expect(run("lambda x: x[None]").contains("has to keep the axes of space"))
        #expect(run("lambda x: x[0]") == "nothing refused")
        #expect(run("lambda x: x[7]").contains("the index 7 is out of range for axis 0 of a shape of [2, 2, 2, 2]"))
        #expect(run("lambda x: x[[0, 1, 0, 1, 0, 1, 0, 1, 0, 0]]").contains("more than the 64 values allowed"))
        #expect(run("lambda x: x[[0, 0, 0, 0, 0, 0, 0, 0, 0]]").contains("more than the 64 values allowed"))
        #expect(run("lambda x: x[:, None, None] + x[None, None]").contains("[2, 2, 2, 2, 2, 2]") == false)
        #expect(run("lambda x: x[..., None, None, None] + x[0]").contains("more than the 64 values allowed"))
        #expect(run("lambda x: x[0, 0, 0, 0] + x").contains("no axis"))
        #expect(run("lambda x: (x / 0).long()").contains("no integer from -16777215"))
        #expect(run("lambda x: (x * 20).byte()").contains("no integer from 0 to 255"))
        #expect(run("lambda x: 1 // x.long()").contains("divided by zero"))
        let many = Array(repeating: "torch.cat([x, x, x])[:2]", count: 10).joined(separator: "+")
        #expect(run("lambda x: " + many).contains("intermediate results"))
    }

    @Test("a second function is refused where the first one's type would matter")
    func chains() throws {
        func run(_ first: String, _ second: String) -> String {
            let transforms: [(String, KeyValuePairs<String, ConfigValue>)] = [
                ("Lambdad", ["keys": "image", "func": lambda(first)]),
                ("Lambdad", ["keys": "image", "func": lambda(second)]),
            ]
            do {
                let builder = PipelineBuilder(catalog: Catalog.operators)
                let pipeline = try builder.pipeline(.component(Bench.compose("p", transforms)), at: "p")
                var sample = Sample(images: ["image": image])
                try pipeline.apply(&sample, in: PipelineContext(source: NoImages()))
                return "nothing refused"
            } catch {
                return "\(error)"
            }
        }
        #expect(run("lambda x: x > 0", "lambda x: x + x").contains("made bool of the image"))
        #expect(run("lambda x: (x > 0).float()", "lambda x: x + x") == "nothing refused")
        #expect(run("lambda x: x > 0", "lambda x: x") == "nothing refused")
    }
}
