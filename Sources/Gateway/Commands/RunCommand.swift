import ArgumentParser
import Foundation
import ModelBundles

/// `portico run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a bundle on one image, here and now.",
        discussion: """
            The same pipeline as `portico serve` runs. A DICOM folder gives a DICOM SEG, a NIfTI file gives NIfTI, \
            unless --output-format says otherwise.
            """)

    /// What is written.
    enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
        case dicom
        case nifti
    }

    @Option(name: .long, help: "The bundle's folder, its zip, or its TorchScript archive.")
    var bundle: String
    @OptionGroup var overlaying: OverlayOptions
    @Option(name: .long, help: "A folder of DICOM files, or a .nii or .nii.gz file.")
    var input: String
    @Option(name: [.customShort("o"), .long], help: "The folder that results are written into; it is made.")
    var output: String
    @Option(name: .long, help: "dicom or nifti. Without it: as the input.")
    var outputFormat: ResultFormat?
    @Option(name: .long, help: "The Series Instance UID to take, where the folder holds several that fit.")
    var series: String?
    @Option(name: .long, help: "Keep the tensor and affine of every stage in this folder, as .npy.")
    var stages: String?
    @Option(name: .long, help: "Where the network runs: cpu, cuda or cuda:N.")
    var device = "cpu"
    @Option(name: .long, help: "Threads of the network; 0 takes the back end's own choice.")
    var threads = 0
    @OptionGroup(title: "Output") var printing: OutputOptions

    func validate() throws {
        guard (0...1024).contains(threads) else { throw ValidationError("--threads: expected 0 to 1024") }
    }

    func run() async throws {
        let request = ForegroundRun(
            bundle: overlaying.reference(to: bundle), input: URL(fileURLWithPath: input),
            output: URL(fileURLWithPath: output), format: outputFormat, series: series,
            stages: stages.map { URL(fileURLWithPath: $0) }, device: device, threads: threads,
            showsProgress: isatty(STDERR_FILENO) == 1)
        let summary = try await BlockingThread.run(name: "run") { try request.run() }
        try Output.print(summary, as: printing.format)
    }
}

/// What `portico run` prints.
struct RunSummary: Printable {
    /// The bundle's name and version.
    var bundle: String
    var input: String
    /// What was written; empty when nothing was found in DICOM.
    var files: [String]
    var segments: [SegmentSummary]
    /// Whether the label map is empty.
    var nothingFound: Bool
    var stages: [StageTime]
    var provenance: Provenance
    var notes: [String]

    var table: String {
        var lines = ["\(bundle) on \(input)"]
        var table = TextTable(["SEGMENT", "LABEL", "VOXELS", "ML", "SLICES"])
        for segment in segments {
            table.append([
                String(segment.number), segment.label, String(segment.voxels),
                String(format: "%.1f", segment.millilitres), String(segment.slices),
            ])
        }
        if !table.text.isEmpty { lines.append(table.text) }
        if nothingFound { lines.append("Nothing was found: the label map is empty.") }
        lines += notes.map { "Note: \($0)" }
        lines.append(
            "Time     " + stages.map { "\($0.name) \(String(format: "%.2f", $0.seconds)) s" }.joined(separator: ", "))
        lines.append(
            "Made by  \(provenance.modelName) \(provenance.softwareVersion), \(provenance.manufacturer), "
                + "on \(provenance.engine)")
        lines.append("         device UID \(provenance.deviceUID)")
        lines += files.map { "Wrote    \($0)" }
        return lines.joined(separator: "\n")
    }
}
