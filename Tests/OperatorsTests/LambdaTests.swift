import ModelBundles
import Testing
import Voxels

@testable import Operators

/// Lambdas against what torch makes of them.
@Suite("Lambdas")
struct LambdaTests {
    /// What torch computes and Portico refuses, with a part of the reason.
    static let refused: [String: String] = [
        "lambda x: (x > 0) & 1": "& of integers",
        "lambda x: torch.stack([x[i] for i in range(3)])": "comprehension",
        "lambda x: x[..., ...]": "two ellipses",
        "lambda x: x[:, [1, 0, 1], :, [0]]": "two lists of indices",
        "lambda x: (x * 1000000).long() * 2": "integer from -16777215",
    ]

    @Test("every lambda gives torch's values, shape and type, and fails where torch fails")
    func cases() throws {
        var tally = (equal: 0, failed: 0, refused: 0)
        for (input, lambda, expected) in LambdaCases.all {
            let tensor = try Self.tensor(input)
            switch (Result { try Self.apply(lambda, to: tensor) }, expected) {
            case (.success((let type, let result)), let expected?):
                #expect(type == expected.type, "\(input): \(lambda)")
                #expect(result.shape == expected.shape, "\(input): \(lambda)")
                let values = Self.values(expected.values)
                #expect(
                    Self.areSame(Array(result.elements), values), "\(input): \(lambda): \(result.elements) \(values)")
                tally.equal += 1
            case (.success((let type, let result)), nil):
                Issue.record("\(input): \(lambda): torch fails, Portico gives \(type) \(result)")
            case (.failure, nil): tally.failed += 1
            case (.failure(let error), _):
                let reason = Self.refused[lambda]
                #expect(reason.map { "\(error)".contains($0) } == true, "\(input): \(lambda): \(error)")
                tally.refused += 1
            }
        }
        print("lambdas: \(tally.equal) equal, \(tally.failed) fail in both, \(tally.refused) refused")
    }

    // MARK: Helpers

    private static func apply(_ lambda: String, to tensor: Tensor) throws -> (type: String, result: Tensor) {
        let function = try source(lambda).compile(id: "f")
        return (function.body.type.rawValue, try FunctionEvaluator.apply(function, to: tensor))
    }

    /// The lambda as a configuration gives it, with the values of what it refers to.
    static func source(_ lambda: String) throws -> LambdaSource {
        let text = lambda.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
        let json = "{\(LambdaCases.configuration), \"f\": \"$\(text)\"}"
        let value = try BundleConfiguration(parsing: json, named: "test.json").resolve("f")
        return try #require(value.lambdaSource)
    }

    private static func tensor(_ name: String) throws -> Tensor {
        let input = try #require(LambdaCases.inputs[name])
        return Tensor(shape: input.shape, elements: values(input.values))
    }

    private static func values(_ text: String) -> [Float] {
        text.split(separator: " ").map { Float($0) ?? .signalingNaN }
    }

    /// Whether all bits are the same; what is no number is the same whatever its bits.
    private static func areSame(_ first: [Float], _ second: [Float]) -> Bool {
        first.count == second.count
            && zip(first, second).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN }
    }
}
