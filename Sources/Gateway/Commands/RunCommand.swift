public import ArgumentParser
import Foundation
import ModelBundles

/// `portico run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a bundle on one image, here and now.",
        discussion: """
            The same pipeline as `portico serve` runs. A DICOM series gives a DICOM SEG; a NIfTI, PNG or JPEG file gives the \
            files that the bundle saves, and so does DICOM with --output-format files. `portico bundle inspect` says \
            how many images a bundle takes, in which order or under which keys.
            """)

    /// What is written.
    enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
        case dicom
        case files

        /// `nifti` is the former name of `files`.
        init?(argument: String) {
            self.init(rawValue: argument == "nifti" ? "files" : argument)
        }
    }

    @Option(name: .long, help: "The bundle's folder, its zip, or its TorchScript archive.")
    var bundle: String
    @OptionGroup var overlaying: OverlayOptions
    @Option(
        name: .customLong("input"),
        help: ArgumentHelp(
            """
            A folder of DICOM files, a DICOM file, or a .nii, .nii.gz, .png or .jpg file. Repeated in the order of the \
            channels where the bundle takes several; KEY=PATH where it loads several keys.
            """, valueName: "[key=]path"))
    var inputs: [String]
    @Option(name: [.customShort("o"), .long], help: "The folder that results are written into; it is made.")
    var output: String
    @Option(
        name: .long,
        help: "dicom (a DICOM SEG) or files (what the bundle saves, such as NIfTI). Without it: as the input.")
    var outputFormat: ResultFormat?
    @Option(
        name: .long,
        help: ArgumentHelp(
            """
            The Series Instance UID to take, where a folder holds several that fit. Repeated for one folder it names an \
            image each, in the order of the channels. With several folders there is one for each, in their order, or \
            KEY=UID for the folder of --input KEY=PATH.
            """, valueName: "[key=]uid"))
    var series: [String] = []
    @Option(name: .long, help: "The frame to take of a DICOM object of several, from 1, for a bundle of two axes.")
    var frame: Int?
    @Option(name: .long, help: "Keep the tensor and affine of every stage in this folder, as .npy.")
    var stages: String?
    @Option(name: .long, help: "Where the network runs: cpu, cuda or cuda:N.")
    var device = "cpu"
    @Option(
        name: .long,
        help: """
            What runs the network: auto (the fastest that gives what libtorch gives; the first run of a bundle finds \
            out), torch, or openvino.
            """)
    var engine = EngineChoice.auto
    @Option(name: .long, help: "Threads of the network; 0 takes the back end's own choice.")
    var threads = 0
    @OptionGroup(title: "Output") var printing: OutputOptions

    func validate() throws {
        guard !inputs.isEmpty else { throw ValidationError("Missing expected argument '--input <[key=]path>'") }
        guard frame.map({ $0 > 0 }) ?? true else { throw ValidationError("--frame: frames are counted from 1") }
        guard (0...1024).contains(threads) else { throw ValidationError("--threads: expected 0 to 1024") }
    }

    func run() async throws {
        let request = ForegroundRun(
            bundle: overlaying.reference(to: bundle), inputs: inputs,
            output: URL(fileURLWithPath: output), format: outputFormat, series: series, frame: frame,
            stages: stages.map { URL(fileURLWithPath: $0) },
            engine: EngineRequest(choice: engine, device: device, threads: threads),
            isTerminal: isatty(STDERR_FILENO) == 1)
        let summary = try await BlockingThread.run(name: "run") { try request.run() }
        try Output.print(summary, as: printing.format)
    }
}

extension EngineChoice: ExpressibleByArgument {}
