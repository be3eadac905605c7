import Foundation
import Pipelines

/// The table of scores that MONAI's `CSVSaver` writes (data/csv_saver.py:66-98): a line of the input's name and its
/// values, without a header.
struct ScoreTable {
    /// `filename` of MONAI's savers where the bundle names none.
    static let standardName = "predictions.csv"

    /// What stands between two values of a line.
    var delimiter = ","

    /// The line of one input.
    ///
    /// - Parameter name: the path of the input, as MONAI has it in `filename_or_obj`.
    func line(of name: String, _ values: [Float]) -> String {
        ([name] + values.map(Self.text)).joined(separator: delimiter) + "\n"
    }

    /// Writes tables of saved scores, a file for each name; a file of an earlier run is replaced.
    ///
    /// - Returns: the paths of the files.
    /// - Throws: `RunError` where a table's name leads out of the folder, or the file can't be written.
    static func write(_ saved: [SavedScores], input name: String, folder: URL) throws -> [String] {
        var tables: [(name: String, text: String)] = []
        for scores in saved {
            guard !scores.fileName.isEmpty, !scores.fileName.contains("/"), scores.fileName != ".",
                scores.fileName != ".."
            else {
                throw RunError("\(scores.operatorID)::filename: expected the name of a file without its folder")
            }
            let line = ScoreTable(delimiter: scores.delimiter).line(of: name, scores.values)
            if let index = tables.firstIndex(where: { $0.name == scores.fileName }) {
                tables[index].text += line
            } else {
                tables.append((scores.fileName, line))
            }
        }
        try OutputFolder.make(folder)
        return try tables.map { table in
            let file = folder.appendingPathComponent(table.name)
            do { try Data(table.text.utf8).write(to: file, options: .atomic) } catch {
                throw RunError(
                    "\(file.path): the file can't be written (\(OutputFolder.reason(error)))", isFinal: false)
            }
            return file.path
        }
    }

    /// A value as Python writes the float64 of it: the shortest decimal that means it.
    ///
    /// Swift spells such numbers alike, but for those between 2^53 and 1e16, which no score is.
    static func text(_ value: Float) -> String { value.isNaN ? "nan" : Double(value).description }
}
