import Foundation

/// A part of a page that the code itself can write, between `<!-- generated: NAME -->` and `<!-- end -->`.
public struct GeneratedSection {
    private let file: URL
    private let name: String

    /// Names a section.
    ///
    /// - Parameter path: the page, from the project's root.
    public init(_ name: String, in path: String) {
        self.name = name
        file = Project.root.appendingPathComponent(path)
    }

    /// Compares the section with what it should be, or writes it where `PORTICO_WRITE_DOCS` is 1.
    ///
    /// - Returns: what is wrong and what to do; nil where nothing is.
    public func problem(with expected: String) throws -> String? {
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = "<!-- generated: \(name) -->\n"
        guard let begin = text.range(of: start),
            let end = text.range(of: "<!-- end -->", range: begin.upperBound..<text.endIndex)
        else { return "\(file.lastPathComponent) has no section \(name)" }
        if ProcessInfo.processInfo.environment["PORTICO_WRITE_DOCS"] == "1" {
            let changed = text[..<begin.upperBound] + "\n" + expected + "\n\n" + text[end.lowerBound...]
            try Data(changed.utf8).write(to: file)
            return nil
        }
        guard text[begin.upperBound..<end.lowerBound].trimmingCharacters(in: .newlines) != expected else { return nil }
        return "\(file.lastPathComponent), section \(name), is out of date; run the test with PORTICO_WRITE_DOCS=1"
    }
}
