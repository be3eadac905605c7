// Times operators on images in memory; used by operators.sh, which gives the same cases to MONAI.
//
//     OperatorBenchmark CASES ROUNDS
//
// CASES is JSON: a list of {"id", "input", "steps", "before"?}. `input` names an image that both sides make by the same
// formula; `before` and `steps` are transforms as a configuration spells them, of which the steps are timed. Prints
// `ID MILLISECONDS CHECKSUM` for each case, the least of so many rounds.
import Foundation
import ModelBundles
import Operators
import Pipelines
import Voxels

struct NoImages: ImageSource {
    func load(_ request: LoadRequest) throws -> ModelImage {
        throw PipelineError(.missingImage, "nothing is to be loaded here")
    }
}

struct Case: Decodable {
    var id: String
    var input: String
    var before: [JSON]?
    var steps: [JSON]
}

/// Any value of a JSON text.
enum JSON: Decodable {
    case null, bool(Bool), int(Int), double(Double), text(String), list([JSON]), object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }
}

/// Makes the components of a case; a text `@before` stands for its first transforms.
struct Components {
    var before: ConfigValue = .null

    func value(_ json: JSON, _ id: String) -> ConfigValue {
        switch json {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .text("@before"): return before
        case .text(let text) where text.hasPrefix("$lambda"): return .lambda(LambdaSource(String(text.dropFirst())))
        case .text(let text): return .string(text)
        case .list(let values): return .list(values.enumerated().map { value($1, "\(id)::\($0)") })
        case .object(var members):
            guard case .text(let target)? = members.removeValue(forKey: "_target_") else {
                return .mapping(members.map { ($0, value($1, "\(id)::\($0)")) })
            }
            let arguments = members.sorted { $0.key < $1.key }.map { (name: $0, value: value($1, "\(id)::\($0)")) }
            return .component(Component(id: id, target: target, arguments: arguments))
        }
    }
}

/// Images by the formulas that operators.py has too.
func image(_ name: String) throws -> ModelImage {
    let parts = name.split(separator: " ")
    let sizes = parts.dropFirst().compactMap { Int($0) }
    let count = sizes.reduce(1, *)
    // A recurrence on 32 bits, which NumPy computes in closed form.
    func number(_ index: Int) -> UInt32 {
        var value = UInt32(truncatingIfNeeded: index) &* 2_654_435_761
        value ^= value >> 15
        return value &* 2_246_822_519
    }
    let plane = sizes.suffix(2).reduce(1, *)
    let elements = Tensor.Elements(unsafeUninitializedCapacity: count) { buffer, initialized in
        for index in 0..<count {
            switch parts[0] {
            case "ct":
                let ramp = Float(index / plane % 512) * 4 - 1000
                buffer[index] = ramp + Float(number(index) >> 25)
            case "labels":
                let isIn = index / plane % 32 < 20 && index / sizes[sizes.count - 1] % 24 < 15
                buffer[index] = number(index) >> 28 == 0 ? 0 : isIn ? Float(1 + index / plane % 3) : 0
            default:
                buffer[index] = Float(number(index) >> 8) / 16_777_216 * 8 - 4
            }
        }
        initialized = count
    }
    var affine = Affine.identity
    for (axis, spacing) in [-0.78, -0.78, 2.5].enumerated() {
        affine[axis, axis] = spacing
        affine[axis, 3] = axis < 2 ? 200 : 0
    }
    return ModelImage(
        tensor: Tensor(shape: sizes, elements: elements), affine: affine,
        source: SourceGrid(shape: Array(sizes.dropFirst()), affine: affine))
}

func measure(_ one: Case, rounds: Int) throws -> (milliseconds: Double, sum: Double) {
    let context = PipelineContext(source: NoImages())
    let builder = PipelineBuilder(catalog: Catalog.operators)
    var components = Components()
    var start = Sample(images: ["image": try image(one.input)])
    if let before = one.before {
        let compose = JSON.object(["_target_": .text("Compose"), "transforms": .list(before)])
        components.before = components.value(compose, "before")
        try builder.pipeline(components.before, at: "before").apply(&start, in: context)
    }
    start.images["pred"] = start.images["image"]
    let steps = try builder.pipeline(components.value(.list(one.steps), "steps"), at: "steps")
    var best = Double.infinity
    var sum = 0.0
    for _ in 0..<rounds {
        var sample = start
        // A copy of its own, as in a run, where an operator's input has one owner.
        for (key, value) in sample.images {
            var tensor = value.tensor
            tensor.elements.withUnsafeMutableBufferPointer { $0[0] = $0[0] }
            sample.images[key]?.tensor = tensor
        }
        let clock = ContinuousClock()
        let begin = clock.now
        try steps.apply(&sample, in: context)
        let time = clock.now - begin
        best = min(best, Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1000)
        guard let result = sample.images["pred"]?.tensor else { continue }
        sum = stride(from: 0, to: result.count, by: 97).reduce(0) { $0 + Double(result.elements[$1].magnitude) }
    }
    return (best, sum)
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let rounds = Int(arguments[2]) else {
    print("usage: OperatorBenchmark CASES ROUNDS")
    exit(2)
}
let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: URL(fileURLWithPath: arguments[1])))
for one in cases {
    do {
        let (milliseconds, sum) = try measure(one, rounds: rounds)
        print(one.id, milliseconds, sum, separator: "\t")
    } catch {
        print(one.id, "refused", "\(error)".split(separator: "\n")[0], separator: "\t")
    }
}
