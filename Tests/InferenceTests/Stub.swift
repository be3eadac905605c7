import Voxels

@testable import Inference

/// A network made of a closure.
///
/// `@unchecked Sendable` is right because a pass runs it on one thread at a time and waits for that one to end.
final class Stub: Network, @unchecked Sendable {
    let engine = "stub"
    private let body: (Tensor) throws -> Tensor

    init(_ body: @escaping (Tensor) throws -> Tensor) { self.body = body }

    func output(of batch: Tensor) throws -> NetworkOutput { NetworkOutput(try body(batch)) }
}

/// A network that shows the same values whatever it is given.
final class Echo: Network {
    let engine = "echo"
    private let shown: NetworkOutput

    init(_ output: Tensor) { shown = NetworkOutput(output) }

    func output(of batch: Tensor) throws -> NetworkOutput {
        shown.reshaped([batch.shape[0]] + shown.shape.dropFirst())
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
