import ArgumentParser
import Foundation

/// How a command prints its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
}

/// The option that every printing command has.
struct OutputOptions: ParsableArguments {
    @Option(name: .long, help: "How the result is printed: table or json.")
    var format = OutputFormat.table
}

/// What a command prints: one value, two forms.
protocol Printable: Encodable {
    /// The form for people; empty prints nothing.
    var table: String { get }
}

/// The one place where output formats are told apart.
enum Output {
    /// Prints a result on standard output.
    static func print(_ value: some Printable, as format: OutputFormat) throws {
        switch format {
        case .table:
            let text = value.table
            if !text.isEmpty { write(text) }
        case .json:
            write(try json(value))
        }
    }

    /// The JSON of a value, with sorted keys and dates in ISO 8601.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Writes a text and a line end to standard output at once.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Writes a text and a line end to standard error at once.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

/// Columns of text, padded so that they stand below each other.
struct TextTable {
    private var rows: [[String]]

    init(_ header: [String]) {
        rows = [header]
    }

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    /// The table; nothing where it has no row but the header.
    var text: String {
        guard rows.count > 1 else { return "" }
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell.padding(toLength: widths[index], withPad: " ", startingAt: 0)
            }
            return cells.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

/// The reason why a command could not do what was asked; printed on standard error, exit status 1.
struct CommandFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
