import ModelBundles

extension ConfigValue {
    /// The members of a list, or the value itself as the only one.
    var listed: [ConfigValue] { elements ?? [self] }

    /// Whether the value is null or false.
    var isFalsy: Bool { isNull || boolValue == false }
}
