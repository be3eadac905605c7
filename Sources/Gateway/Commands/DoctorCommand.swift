import ArgumentParser
import Foundation
import Inference

/// `portico doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say which engines load on this machine, with versions, devices and speed.",
        discussion: "Exit status 0 when libtorch loads, which every bundle needs; else 1.")

    @Option(name: .long, help: "Seconds for which the speed of each device is measured; 0 leaves it out.")
    var seconds = 2.0
    /// Set in the process that looks at one engine.
    @Option(name: .long, help: .hidden)
    var only: String?
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard (0...60).contains(seconds) else { throw ValidationError("--seconds: expected 0 to 60") }
    }

    func run() throws {
        if let only {
            var line = try JSONEncoder().encode(EngineReport(of: only, seconds: seconds))
            line.append(0x0A)
            try FileHandle.standardOutput.write(contentsOf: line)
            return
        }
        let engines = EngineReport.engines.map { engine in
            EngineReport(
                of: engine, seconds: seconds,
                by: .portico(arguments: ["doctor", "--only", engine, "--seconds", String(seconds)]))
        }
        let report = DoctorReport(engines: engines)
        try Output.print(report, as: output.format)
        if engines.contains(where: { $0.engine == "torch" && $0.problem != nil }) { throw ExitCode.failure }
    }
}

/// What `portico doctor` prints.
struct DoctorReport: Printable {
    var engines: [EngineReport]

    var table: String {
        var table = TextTable(["ENGINE", "VERSION", "DEVICE", "SPEED", "REMARK"])
        for report in engines {
            if let problem = report.problem {
                table.append([report.engine, report.version ?? "-", "-", "-", "cannot be used: \(problem)"])
                continue
            }
            guard let description = report.description else {
                table.append([report.engine, report.version ?? "-", "-", "-", "makes OpenVINO's networks of model.ts"])
                continue
            }
            for device in description.devices {
                let speed = report.speeds.first { $0.device == device.name }
                let words = speed.map { $0.gigaflops.map { String(format: "%.0f GFLOP/s", $0) } ?? "failed" } ?? "-"
                table.append([
                    report.engine, description.version, device.name, words,
                    speed?.problem ?? "\(device.description), \(description.threads) threads",
                ])
            }
        }
        let sets = Set(engines.flatMap { $0.description?.instructionSets ?? [] }).sorted()
        return [table.text, sets.isEmpty ? nil : "Instruction sets: " + sets.joined(separator: " ")]
            .compactMap { $0 }.joined(separator: "\n")
    }
}
