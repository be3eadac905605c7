extension ConfigResolver {
    // MARK: Without resolving

    /// The `_target_` of a component as the files spell it.
    func target(at id: String) -> String? {
        (try? item(ReferencePattern.normalized(id)))?.mapping?["_target_"]?.text
    }

    /// The ids of the components whose `_target_` ends with a name.
    func components(named target: String) -> [String] {
        var ids: [String] = []
        func look(at node: ConfigNode, _ id: String) {
            if let text = node.mapping?["_target_"]?.text, text == target || text.hasSuffix("." + target) {
                ids.append(id)
            }
            for (key, child) in node.children { look(at: child, ReferencePattern.child(key, of: id)) }
        }
        look(at: root, "")
        return ids
    }

    /// The ids directly below one.
    func children(of id: String) -> [String] {
        let id = ReferencePattern.normalized(id)
        return (try? item(id))?.children.map { ReferencePattern.child($0.key, of: id) } ?? []
    }

    // MARK: All that is wrong

    /// More than anybody reads.
    private static let mostProblems = 1000

    /// The errors of everything below an id and below what it refers to, each once, in the order in which they are met.
    ///
    /// Resolving ends at the first error; whoever decides about a bundle wants them all.
    func problems(below id: String) -> [BundleError] {
        var problems: [BundleError] = []
        var seen: Set<ExactString> = []
        var known: Set<ExactString> = []
        var waiting = [ConfigNode.stripped(ReferencePattern.normalized(id))]
        while problems.count < Self.mostProblems, let next = waiting.popLast() {
            guard let node = try? item(next), seen.insert(ExactString(next)).inserted else { continue }
            if node.isComponent || node.text != nil {
                do {
                    _ = try value(of: next)
                    // What has a value, a disabled component among it, is in nobody's way, whatever lies below.
                    continue
                } catch {
                    if known.insert(ExactString(error.description)).inserted { problems.append(error) }
                }
            }
            waiting += (node.text.map(ReferencePattern.references) ?? []).reversed()
            waiting += node.children.reversed().map { ReferencePattern.child($0.key, of: next) }
        }
        return problems
    }
}

extension ReferencePattern {
    /// The ids that a string refers to.
    static func references(in text: String) -> [String] {
        if let reference = reference(text) { return [reference] }
        guard text.utf8.first == UInt8(ascii: "$") else { return [] }
        let scalars = Array(normalized(text).unicodeScalars)
        return scalars.indices.filter { scalars[$0] == "@" }.map { start in
            String(String.UnicodeScalarView(scalars[(start + 1)..<end(in: scalars, at: start)]))
        }
    }
}
