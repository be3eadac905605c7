public import ModelBundles
import Operators
import Pipelines
import TestSupport
import Voxels

/// Configurations and samples for the tests of operators, put together as a bundle's would be.
enum Bench {
    /// A component with arguments in the order given.
    static func component(
        _ target: String, id: String = "preprocessing::transforms::0", _ arguments: KeyValuePairs<String, ConfigValue>
    ) -> Component {
        Component(id: id, target: target, arguments: arguments.map { (name: $0.key, value: $0.value) })
    }

    /// A `Compose` of transforms, each a target with its arguments.
    static func compose(
        _ id: String, _ transforms: [(String, KeyValuePairs<String, ConfigValue>)]
    ) -> Component {
        let members = transforms.enumerated().map { index, transform in
            ConfigValue.component(component(transform.0, id: "\(id)::transforms::\(index)", transform.1))
        }
        return component("Compose", id: id, ["transforms": .list(members)])
    }

    /// A pipeline of one operator.
    static func pipeline(
        _ target: String, _ arguments: KeyValuePairs<String, ConfigValue>
    ) throws -> Pipeline {
        let builder = PipelineBuilder(catalog: Catalog.operators)
        return try builder.pipeline(.component(component(target, arguments)), at: "preprocessing")
    }

    /// Applies one operator to an image under the key `image`.
    static func apply(
        _ target: String, _ arguments: KeyValuePairs<String, ConfigValue>, to image: ModelImage
    ) throws -> ModelImage {
        var sample = Sample(images: ["image": image])
        try pipeline(target, arguments).apply(&sample, in: PipelineContext(source: NoImages()))
        guard let result = sample.images["image"] else { throw SupportError("the image is gone") }
        return result
    }

    /// What is wrong with a component, in the words of the error.
    static func refusal(_ target: String, _ arguments: KeyValuePairs<String, ConfigValue>) -> String? {
        do {
            _ = try pipeline(target, arguments)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// An image of `[C, X, Y, Z]` on a grid.
    static func image(_ tensor: Tensor, _ affine: Affine = .identity) -> ModelImage {
        ModelImage(tensor: tensor, affine: affine, source: SourceGrid(shape: tensor.spatialShape, affine: affine))
    }

    /// The number of values that are not the same; all of them where the shapes differ.
    static func differences(_ a: Tensor, _ b: Tensor) -> Int {
        guard a.shape == b.shape else { return max(a.count, b.count, 1) }
        return zip(a.elements, b.elements).reduce(0) { $0 + ($1.0 == $1.1 || ($1.0.isNaN && $1.1.isNaN) ? 0 : 1) }
    }

    /// The largest difference of two affines as a part of the second one's largest entry.
    static func distance(_ a: Affine, _ b: Affine?) -> Double {
        guard let b else { return .infinity }
        let largest = b.elements.map(\.magnitude).max() ?? 1
        return (zip(a.elements, b.elements).map { ($0 - $1).magnitude }.max() ?? 0) / largest
    }
}

/// A source for pipelines that load nothing.
struct NoImages: ImageSource {
    func load(_ request: LoadRequest) throws -> ModelImage { throw SupportError("nothing is to be loaded here") }
}

/// A source of one image.
struct OneImage: ImageSource {
    var image: ModelImage
    func load(_ request: LoadRequest) throws -> ModelImage { image }
}

// Configurations in tests read like the JSON that they stand for.
extension ConfigValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A flag.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A string of one letter.
    public init(unicodeScalarLiteral value: String) { self = .string(value) }
    /// A string of one letter.
    public init(extendedGraphemeClusterLiteral value: String) { self = .string(value) }
}

extension ConfigValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// A whole number.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension ConfigValue: ExpressibleByArrayLiteral {
    /// A list.
    public init(arrayLiteral elements: ConfigValue...) { self = .list(elements) }
}
