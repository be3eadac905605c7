import Voxels

@testable import Inference

/// A network made of a closure.
final class Stub: Network {
    let engine = "stub"
    private let body: (Tensor) throws -> Tensor

    init(_ body: @escaping (Tensor) throws -> Tensor) { self.body = body }

    func forward(_ batch: Tensor) throws -> Tensor { try body(batch) }
}

/// A network that shows the same values whatever it is given.
final class Echo: Network {
    let engine = "echo"
    private let output: Tensor

    init(_ output: Tensor) { self.output = output }

    func forward(_ batch: Tensor) throws -> Tensor { output }

    func forward(_ batch: Tensor, reading body: (UnsafeBufferPointer<Float>, [Int]) throws -> Void) throws {
        try output.elements.withUnsafeBufferPointer { try body($0, [batch.shape[0]] + output.shape.dropFirst()) }
    }
}

/// A JSON value as an argument.
struct Argument: Decodable {
    let value: InfererArgument

    init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if box.decodeNil() {
            value = .null
        } else if let bool = try? box.decode(Bool.self) {
            value = .bool(bool)
        } else if let int = try? box.decode(Int.self) {
            value = .int(int)
        } else if let double = try? box.decode(Double.self) {
            value = .double(double)
        } else if let list = try? box.decode([Argument].self) {
            value = .list(list.map(\.value))
        } else {
            value = .text(try box.decode(String.self))
        }
    }
}
