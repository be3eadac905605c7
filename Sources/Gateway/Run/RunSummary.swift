import Foundation

/// What `portico run` prints.
struct RunSummary: Printable {
    /// One image that was given.
    struct Input: Encodable, Equatable {
        /// The key that it was given for; nil where none was named.
        var key: String?
        var path: String
    }

    /// What a classification gives for one class.
    struct Score: Encodable, Equatable {
        /// The words of `channel_def`, or the number of the class.
        var label: String
        var value: Float
    }

    /// The bundle's name and version.
    var bundle: String
    var inputs: [Input]
    /// What was written; empty when nothing was found in DICOM.
    var files: [String]
    var segments: [SegmentSummary]
    var scores: [Score]
    /// Whether the label map is empty.
    var nothingFound: Bool
    var stages: [StageTime]
    var provenance: Provenance
    var notes: [String]

    var table: String {
        let names = inputs.map { input in (input.key.map { "\($0)=" } ?? "") + input.path }
        var lines = ["\(bundle) on \(names.joined(separator: ", "))"]
        var table = TextTable(["SEGMENT", "LABEL", "VOXELS", "ML", "SLICES"])
        for segment in segments {
            table.append([
                String(segment.number), segment.label, String(segment.voxels),
                String(format: "%.1f", segment.millilitres), String(segment.slices),
            ])
        }
        if !table.text.isEmpty { lines.append(table.text) }
        var classes = TextTable(["CLASS", "SCORE"])
        for score in scores { classes.append([score.label, ScoreTable.text(score.value)]) }
        if !classes.text.isEmpty { lines.append(classes.text) }
        if nothingFound { lines.append("Nothing was found: the label map is empty.") }
        lines += notes.map { "Note: \($0)" }
        lines.append(
            "Time     " + stages.map { "\($0.name) \(String(format: "%.2f", $0.seconds)) s" }.joined(separator: ", "))
        lines.append(
            "Made by  \(provenance.modelName) \(provenance.softwareVersion), \(provenance.manufacturer), "
                + "on \(provenance.engine)")
        if let proof = provenance.engineProof { lines.append("         \(proof)") }
        lines.append("         device UID \(provenance.deviceUID)")
        lines += files.map { "Wrote    \($0)" }
        return lines.joined(separator: "\n")
    }
}
