extension BundleInspection {
    /// The inspection for people.
    var table: String {
        var lines = ["\(name) \(version)" + (monaiVersion.map { " (made with MONAI \($0))" } ?? "")]
        func add(_ title: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            lines.append(Self.entry(title, text))
        }
        add("Task", task)
        add("Description", description)
        add("Authors", authors)
        add("Copyright", copyright)
        add("Intended use", intendedUse)
        add("Packages", packages.joined(separator: ", "))
        for statement in semantics { add("Semantics", statement) }
        add("Configuration", configurations.joined(separator: ", "))
        add("Overlay", (overlays + settings).joined(separator: ", "))
        for input in inputs { add("Input", input.inWords) }
        for output in outputs { add("Output", output.inWords) }
        lines += Self.list("Preprocessing", preprocessing)
        lines += Self.list("Inferer", [inferer].compactMap { $0 })
        lines += Self.list("Postprocessing", postprocessing)
        add("Metadata", metadata.inWords)
        for line in metadata.violations + metadata.notes { lines.append("  - \(line)") }
        for field in metadata.furtherFields { add("Further", "\(field.name): \(Self.short(field.value))") }
        add("Digest", digest)
        if let manufacturer, let modelName, let softwareVersion, let deviceUID {
            add("Provenance", "Manufacturer           (0008,0070)  \(manufacturer)")
            add("", "Model Name             (0008,1090)  \(modelName)")
            add("", "Software Versions      (0018,1020)  \(softwareVersion)")
            add("", "Device UID             (0018,1002)  \(deviceUID)")
        }
        add("Verdict", verdict.rawValue)
        lines += verdictLines
        return lines.joined(separator: "\n")
    }

    /// What stands below the verdict.
    private var verdictLines: [String] {
        var lines: [String] = []
        for reason in reasons {
            let text = reason.description.split(separator: "\n", omittingEmptySubsequences: false)
            lines += text.enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
        }
        lines += needs.map { "  - \($0)" }
        // Weights would not help a bundle that is refused.
        guard verdict != .refused else { return lines }
        if let download {
            lines.append("  \(download.file) is not there; it comes from")
            lines.append("    \(download.url)" + (download.digest.map { "  (\($0))" } ?? ""))
        }
        if let export {
            lines.append("  models/model.ts is not there; \(export.place), this makes it:")
            lines.append("    \(export.command)")
            lines += export.notes.map { "  Note: \($0)" }
        }
        return lines
    }

    private static let width = 15

    private static func entry(_ title: String, _ text: String) -> String {
        title + String(repeating: " ", count: max(1, width - title.count)) + text
    }

    private static func list(_ title: String, _ steps: [Step]) -> [String] {
        guard !steps.isEmpty else { return [] }
        let longest = steps.map(\.id.count).max() ?? 0
        return [title]
            + steps.flatMap { step in
                let start = "  \(step.id)\(String(repeating: " ", count: longest - step.id.count))  "
                return wrapped(step, behind: start)
            }
    }

    /// A step with its arguments, on as many lines as they need.
    private static func wrapped(_ step: Step, behind start: String) -> [String] {
        let words = step.arguments.map { "\($0.name)=\($0.value)" }
        let margin = String(repeating: " ", count: start.count + 2)
        var lines = [start + step.name + "("]
        for (index, word) in words.enumerated() {
            let piece = word + (index + 1 < words.count ? ", " : "")
            if lines[lines.count - 1].count + piece.count > 118, lines[lines.count - 1].hasSuffix(", ") {
                lines[lines.count - 1].removeLast()
                lines.append(margin)
            }
            lines[lines.count - 1] += piece
        }
        lines[lines.count - 1] += ")"
        return lines
    }

    /// A text that does not fill a screen.
    private static func short(_ text: String, _ limit: Int = 100) -> String {
        text.count > limit ? text.prefix(limit - 1) + "…" : text
    }
}

extension BundleInspection.Metadata {
    /// How the metadata compare with their schema, in a line.
    var inWords: String {
        let name = schema ?? "no schema that Portico knows"
        switch violations.count {
        case 0: return "as \(name) has them"
        case 1: return "1 field is not as \(name) has it"
        default: return "\(violations.count) fields are not as \(name) has them"
        }
    }
}
