import Foundation
import TestSupport
import Testing

/// A Portico whose back end misbehaves as the deployed model says, a PACS, and the phantom study.
struct FaultyScene {
    var portico: Portico
    var pacs: StoreSCP
    var study: String
    /// The model file of the deployment, which says what goes wrong.
    var model: URL
    /// Where the copy of the program lies.
    var folder: URL

    /// - Parameters:
    ///   - orders: what the back end does, as `Tests/FaultyBackEnd` says; `MARK` stands for a file that is its own.
    ///   - dataFolder: told the data directory before anything is in it.
    init(
        _ orders: [String], in scratch: Scratch, workers: [String] = [],
        dataFolder: (URL) async throws -> Void = { _ in }
    ) async throws {
        folder = try Self.program(in: scratch)
        let bundle = try Self.bundle(in: scratch)
        model = bundle.appendingPathComponent("models/model.ts")
        let mark = scratch.path("mark").path
        try Data(orders.map { $0.replacing("MARK", with: mark) + "\n" }.joined().utf8).write(to: model)
        pacs = try await StoreSCP.start(in: scratch)
        var settings = PorticoSettings([.init("abdomen", bundle: bundle)], pacs: (StoreSCP.aeTitle, pacs.port))
        settings.workers = ["threads: 1"] + workers
        settings.minimumFreeSpace = "1MB"
        portico = try Portico(
            settings, in: scratch, executable: folder.appendingPathComponent("portico"))
        try await dataFolder(portico.data)
        try await portico.start()
        study = try await Dump.study(of: Project.phantomSeries)
    }

    /// The program with the faulty back end in a real one's place.
    static func program(in scratch: Scratch) throws -> URL {
        let folder = try scratch.makeFolder("program")
        let names = ["portico": "portico", "libPorticoFaulty.so": "libPorticoTorch.so"]
        for (name, place) in names {
            try FileManager.default.copyItem(
                at: Project.products.appendingPathComponent(name), to: folder.appendingPathComponent(place))
        }
        return folder
    }

    /// The demo bundle without its weights.
    static func bundle(in scratch: Scratch) throws -> URL {
        let folder = scratch.path("bundle")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("models"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: Project.demoBundle.appendingPathComponent("configs"), to: folder.appendingPathComponent("configs"))
        return folder
    }

    /// Sends the phantom study.
    func send() async throws {
        try await Sender.dcmsend([Project.phantomSeries], to: portico).checked()
    }

    /// Sends the phantom study and gives the job once it has ended, with its tries.
    func outcome() async throws -> ExplanationView.Job {
        try await send()
        _ = try await portico.job("a job", ofStudy: study) { _ in true }
        _ = try await portico.settledJobs(study: study)
        return try #require(try await portico.explain(study).jobs.first)
    }

    /// What holds whatever a back end has done: the listener answers, every image is there, nothing was sent that
    /// should not be.
    func expectUnharmed(delivered: Int) async throws {
        #expect(try portico.process.isRunning)
        #expect(try await Portico.run(["echo", "PORTICO@127.0.0.1:\(portico.port)"]).status == 0)
        try await EndToEnd.CrashTests.expectStored(
            Project.files(below: Project.phantomSeries), in: portico, andNothingElse: true)
        #expect(try pacs.files().count == delivered)
    }
}
