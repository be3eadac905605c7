import ArgumentParser
import DICOM
import Foundation
import Results

/// `portico preview SEG`
struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Draw the segments of a DICOM SEG over its source images, as a PNG.",
        discussion: "A montage of slices with the segments in their recommended colours and a legend.")

    @Argument(help: "The DICOM SEG.")
    var segmentation: String
    @Option(name: .long, help: "A folder that holds the source images; others in it do no harm.")
    var source: String
    @Option(name: [.customShort("o"), .long], help: "The PNG to write.")
    var output: String
    @Option(name: .long, help: "How many slices are drawn at most.")
    var slices = 12
    @OptionGroup(title: "Output") var printing: OutputOptions

    func validate() throws {
        guard (1...64).contains(slices) else { throw ValidationError("--slices: expected 1 to 64") }
    }

    func run() async throws {
        let preview = SegmentationPreview(
            segmentation: URL(fileURLWithPath: segmentation), source: URL(fileURLWithPath: source), most: slices)
        let target = output
        let report = try await BlockingThread.run(name: "preview") { try preview.write(to: target) }
        try Output.print(report, as: printing.format)
    }
}

/// What `portico preview` prints.
struct PreviewReport: Printable {
    var picture: String
    var slices: Int
    var segments: [String]

    var table: String {
        "\(picture): \(slices) slices with \(segments.joined(separator: ", "))"
    }
}
