/// An import statement of a configuration: it binds one name and imports nothing.
///
/// MONAI 1.6.1 bundle/config_item.py:318-343: of several names the first counts, and `import a.b` binds `a.b`, a name
/// that no expression can use.
struct ImportStatement {
    /// The name that is bound.
    let name: String
    /// The dotted path that it stands for.
    let path: String

    /// Reads a statement; nil where the text is none.
    init?(_ scalars: [Unicode.Scalar]) throws(ExpressionError) {
        let words = ["import", "from"]
        let first = String(String.UnicodeScalarView(scalars.prefix { ReferencePattern.isWord($0) }))
        guard words.contains(first), scalars.contains(word: "import") else { return nil }
        let tokens = try Lexer.tokens(of: scalars)
        var index = 1
        func fail() -> ExpressionError { .invalid("a malformed import statement", at: tokens[index].position) }
        func dotted() throws(ExpressionError) -> String {
            var parts: [String] = []
            while case .name(let part) = tokens[index].kind {
                parts.append(part)
                index += 1
                guard tokens[index].kind == .operator(".") else { return parts.joined(separator: ".") }
                index += 1
            }
            throw fail()
        }
        let module = try dotted()
        var name = module
        var path = module
        if first == "from" {
            guard tokens[index].kind == .keyword(.import) else { throw fail() }
            index += 1
            if tokens[index].kind == .operator("(") { index += 1 }
            if tokens[index].kind == .operator("*") {
                (name, path) = ("*", module)
            } else {
                guard case .name(let member) = tokens[index].kind else { throw fail() }
                (name, path) = (member, module + "." + member)
            }
            index += 1
        }
        if tokens[index].kind == .keyword(.as) {
            guard case .name(let alias) = tokens[index + 1].kind else { throw fail() }
            name = alias
            index += 2
        }
        // Names behind the first are ignored, but what follows has to be a list of them.
        guard [.end, .operator(","), .operator(")")].contains(tokens[index].kind) else { throw fail() }
        self.name = name
        self.path = path
    }

    /// What all import statements of a configuration bind; the order among other values does not matter.
    static func bindings(in root: ConfigNode, _ allowance: Allowance) throws(BundleError) -> [String: String] {
        var bindings: [String: String] = [:]
        try collect(root, id: "", into: &bindings, allowance)
        return bindings
    }

    private static func collect(
        _ node: ConfigNode, id: String, into bindings: inout [String: String], _ allowance: Allowance
    ) throws(BundleError) {
        for (key, child) in node.children {
            guard !child.children.isEmpty || child.isExpression else { continue }
            try collect(child, id: ReferencePattern.child(key, of: id), into: &bindings, allowance)
        }
        guard node.isExpression, let text = node.text, text.utf8.count <= Limits.expressionLength else { return }
        guard ["import", "from"].contains(where: { text.utf8.dropFirst().starts(with: $0.utf8) }) else { return }
        guard allowance.takeSteps(text.utf8.count * Limits.stepsPerByte) else {
            throw BundleError(.limit, "import statements of too many bytes together", id: id)
        }
        let scalars = Array(text.unicodeScalars.dropFirst())
        do {
            if let statement = try ImportStatement(scalars) { bindings[statement.name] = statement.path }
        } catch {
            throw error.located(id: id, source: scalars)
        }
    }
}

extension [Unicode.Scalar] {
    /// Whether a text stands somewhere inside; MONAI looks for an import statement only then.
    fileprivate func contains(word: String) -> Bool { firstRange(of: Array(word.unicodeScalars)) != nil }
}
