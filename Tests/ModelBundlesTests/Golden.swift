@testable import ModelBundles

/// Values in the form of `golden/resolved`.
enum Golden {
    static func quoted(_ text: String) -> String { ResolvedForm.quoted(text) }

    static func json(_ value: ConfigValue, root: String? = nil) -> String { ResolvedForm.text(of: value, root: root) }
}
