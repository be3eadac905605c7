/// A value of a bundle's configuration after references, macros and expressions are resolved.
///
/// It mirrors what MONAI's `ConfigParser.get_parsed_content` returns, with Python objects replaced by a closed set.
public indirect enum ConfigValue: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([ConfigValue])
    case tuple([ConfigValue])
    /// A mapping without `_target_`, in the order of the file.
    case mapping([(key: String, value: ConfigValue)])
    /// A mapping with `_target_`. Two references to one id hold the same instance.
    case component(Component)
    /// A Python object of the closed table by its canonical dotted name, such as `torch.float32`.
    case symbol(String)
    /// A `torch.device` by the text of its name, such as `cpu` or `cuda:0`.
    case device(String)
    /// A lambda as its source, with what it takes to compile it.
    case lambda(LambdaSource)
}

/// A component of the configuration: a `_target_` and its arguments.
///
/// Identity matters: `Invertd` names the very `Compose` that preprocessed the image.
public final class Component: Sendable {
    /// The id in the configuration, such as `preprocessing::transforms::3`.
    public let id: String

    /// The `_target_` as the configuration spells it, such as `Spacingd` or `monai.transforms.Spacingd`.
    public let target: String

    /// The keyword arguments in the order of the file; disabled ones are gone.
    public let arguments: [(name: String, value: ConfigValue)]

    /// What the configuration asks for: an instance, or the callable itself (`_mode_`).
    public let mode: Mode

    /// What `_mode_` says (MONAI 1.6.1 bundle/config_item.py, `CompInitMode`).
    public enum Mode: String, Sendable {
        /// The target is called with the arguments; MONAI writes `default`.
        case standard = "default"
        /// The target is kept to be called later, with the arguments bound to it.
        case callable
    }

    /// Makes a component.
    public init(
        id: String, target: String, arguments: [(name: String, value: ConfigValue)], mode: Mode = .standard
    ) {
        self.id = id
        self.target = target
        self.arguments = arguments
        self.mode = mode
        depth = 1 + (arguments.lazy.map(\.value.depth).max() ?? 0)
    }

    /// How many components, lists and mappings lie in each other at most.
    let depth: Int

    /// The last part of the target's dotted name.
    public var name: String { target.split(separator: ".").last.map(String.init) ?? target }
}
