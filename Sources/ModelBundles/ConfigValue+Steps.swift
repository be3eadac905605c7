extension ConfigValue {
    /// The components of a pipeline in their order, those of a `Compose` within another laid flat.
    ///
    /// Nothing is asked of them: they may be unknown, or Python code of the bundle.
    public var steps: [Component] {
        if let elements { return elements.flatMap(\.steps) }
        guard let component else { return [] }
        if component.name == "Compose", let transforms = component["transforms"] { return transforms.steps }
        return [component]
    }

    /// The value in a few words for messages: itself where it is short, else its kind.
    public var brief: String {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): ResolvedForm.number(number)
        case .string(let text): BundleError.quoted(text, limit: 30)
        default: kind
        }
    }
}
