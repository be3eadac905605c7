import TestSupport
import Testing

/// Every operator over a grid of arguments, types and shapes, against what MONAI gave (`make_cases.py`).
@Suite("MONAI's cases", .ownThread)
struct CaseTests {
    private static let book = Result { try CaseBook() }

    /// What became of the cases of one operator.
    private struct Row {
        var cases = 0
        var equal = 0
        var near = 0
        var worst = 0.0
        var exceptions = 0
        var failures = 0
    }

    @Test("every case agrees with MONAI, or is refused for a reason that is written down")
    func cases() throws {
        let book = try Self.book.get()
        let runner = CaseRunner(book: book)
        var rows: [String: Row] = [:]
        for one in book.cases {
            var row = rows[one.operator] ?? Row()
            let outcome = try runner.run(one)
            row.cases += 1
            switch (outcome, CaseExceptions.reasons[one.id]) {
            case (.equal, nil): row.equal += 1
            case (.near(let worst), nil):
                row.near += 1
                row.worst = max(row.worst, worst)
            case (.refused, .refused): row.exceptions += 1
            case (.accepted, .accepted): row.exceptions += 1
            case (_, let exception):
                row.failures += 1
                Issue.record("\(one.id): \(outcome)\(exception.map { ", but it is listed as \($0)" } ?? "")")
            }
            rows[one.operator] = row
        }
        Self.print(rows)
        #expect(book.cases.count >= 450)
        let ids = Set(book.cases.map(\.id))
        #expect(ids.count == book.cases.count)
        #expect(CaseExceptions.reasons.keys.filter { !ids.contains($0) }.sorted() == [], "exceptions without a case")
    }

    private static func print(_ rows: [String: Row]) {
        var lines = ["MONAI's cases: operator, cases, equal, within 1e-6, largest difference, exceptions, failures"]
        var total = Row()
        for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
            lines.append(line(name, row))
            total.cases += row.cases
            total.equal += row.equal
            total.near += row.near
            total.worst = max(total.worst, row.worst)
            total.exceptions += row.exceptions
            total.failures += row.failures
        }
        lines.append(line("all", total))
        Swift.print(lines.joined(separator: "\n"))
    }

    private static func line(_ name: String, _ row: Row) -> String {
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let worst = row.near == 0 ? "" : "\((row.worst * 1e10).rounded() / 1e10)"
        return name + right("\(row.cases)", max(6, 38 - name.count)) + right("\(row.equal)", 6)
            + right("\(row.near)", 6) + right(worst, 11) + right("\(row.exceptions)", 5)
            + right("\(row.failures)", 5)
    }
}
