import Foundation
import TestSupport
import Testing

@testable import DICOM

@Suite("Files that are durable")
struct DurableStoreTests {
    @Test("The same object again is acknowledged and kept once, whoever sends it")
    func resend() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let statuses = try await onThread {
                let association = try intake.open()
                let other = try RawAssociation(port: intake.port)
                _ = try other.request(called: "PORTICO", calling: "ANOTHER", contexts: Intake.contexts)
                return [
                    try association.storeSmall("2.25.1"), try association.storeSmall("2.25.1"),
                    try other.storeSmall("2.25.1"),
                ]
            }
            #expect(statuses == [0, 0, 0])
            #expect(intake.files("studies") == ["2.25.11/2.25.12/2.25.1.dcm"])
            #expect(intake.files("incoming").isEmpty && intake.files("quarantine").isEmpty)
            #expect(intake.recorder.heard.value.stored.map(\.isResend) == [false, true, true])
        }
    }

    @Test("Other bytes under the same SOP Instance UID go to the quarantine, and the first object stays")
    func quarantine() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let other = ElementBytes().object(sopInstance: "2.25.1", pixels: 128)
            let third = ElementBytes().object(sopInstance: "2.25.1", pixels: 256)
            let statuses = try await onThread {
                let association = try intake.open()
                return [
                    try association.storeSmall("2.25.1"), try association.storeSmall("2.25.1", other),
                    try association.storeSmall("2.25.1", third), try association.storeSmall("2.25.1", other),
                ]
            }
            #expect(statuses == [0, 0, 0, 0])
            #expect(intake.files("quarantine") == ["2.25.1-1.dcm", "2.25.1-2.dcm"])
            let first = try HeaderScanner.scan(path: intake.root.path + "/studies/2.25.11/2.25.12/2.25.1.dcm")
            #expect(first.columns == 8)
            #expect(intake.recorder.heard.value.quarantined.count == 3)
            #expect(intake.recorder.heard.value.stored.count == 1)
        }
    }

    @Test("A start finishes what was durable and not filed, and removes the rest of what was on its way")
    func recovery() async throws {
        try await Scratch.with { scratch in
            let incoming = scratch.path("store/incoming")
            try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
            let file = ElementBytes.file(ElementBytes().object(sopInstance: "2.25.1"))
            let cut = ElementBytes.file(ElementBytes().object(sopInstance: "2.25.2"))
            try file.write(to: incoming.appendingPathComponent("1-1-1-\(file.count).whole"))
            try cut.dropLast(20).write(to: incoming.appendingPathComponent("1-1-2-\(cut.count).whole"))
            try cut.write(to: incoming.appendingPathComponent("1-1-3.part"))
            let intake = try Intake(scratch)
            #expect(intake.files("incoming").isEmpty)
            #expect(intake.files("studies") == ["2.25.11/2.25.12/2.25.1.dcm"])
            #expect(intake.recorder.heard.value.stored.map(\.association) == [nil])
            var found: [String] = []
            try intake.store.forEachObject { found.append($0.facts.sopInstanceUID.value) }
            #expect(found == ["2.25.1"])
        }
    }

    @Test("What a start cannot read or file stays where it is, is told of, and is filed by a later start")
    func unrecovered() async throws {
        try await Scratch.with { scratch in
            let incoming = scratch.path("store/incoming")
            try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
            let file = ElementBytes.file(ElementBytes().object(sopInstance: "2.25.1"))
            // Its bytes cannot be read at that moment, as with a failing disk or without descriptors.
            let away = "1-1-1-\(file.count).whole"
            let place = scratch.path("place")
            try FileManager.default.createSymbolicLink(
                at: incoming.appendingPathComponent(away), withDestinationURL: place)
            // It has the size that it should have and cannot be understood.
            let garbage = "1-1-2-100.whole"
            try Data(repeating: 7, count: 100).write(to: incoming.appendingPathComponent(garbage))
            try file.write(to: incoming.appendingPathComponent("of.somebody.whole"))
            let names = [away, garbage, "of.somebody.whole"]
            do {
                let recorder = Recorder()
                _ = try DurableStore(.init(root: scratch.path("store").path), observer: recorder)
                #expect(recorder.heard.value.unrecovered == names)
                #expect(recorder.heard.value.stored.isEmpty)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: incoming.path).sorted() == names)
            try FileManager.default.removeItem(at: incoming.appendingPathComponent(away))
            try file.write(to: incoming.appendingPathComponent(away))
            let intake = try Intake(scratch)
            #expect(intake.files("studies") == ["2.25.11/2.25.12/2.25.1.dcm"])
            #expect(intake.files("incoming") == [garbage, "of.somebody.whole"])
        }
    }

    @Test("An index that refuses at the start loses no object")
    func unindexed() async throws {
        try await Scratch.with { scratch in
            let incoming = scratch.path("store/incoming")
            try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
            let file = ElementBytes.file(ElementBytes().object(sopInstance: "2.25.1"))
            try file.write(to: incoming.appendingPathComponent("1-1-1-\(file.count).whole"))
            let intake = try Intake(scratch, isBroken: true)
            #expect(intake.recorder.heard.value.unrecovered.count == 1)
            #expect(intake.files("studies") == ["2.25.11/2.25.12/2.25.1.dcm"])
        }
    }

    @Test(
        "On a file system that promises less the folders are made durable too, and all else is the same",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/shm"), "there is no /dev/shm"))
    func otherFileSystem() async throws {
        try await Scratch.with { scratch in
            let shared = URL(fileURLWithPath: "/dev/shm/portico-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: shared, withIntermediateDirectories: false)
            scratch.atEnd { try? FileManager.default.removeItem(at: shared) }
            try FileManager.default.createSymbolicLink(at: scratch.path("store"), withDestinationURL: shared)
            let intake = try Intake(scratch)
            #expect(!intake.store.keepsRenames)
            let other = ElementBytes().object(sopInstance: "2.25.1", pixels: 128)
            let statuses = try await onThread {
                let association = try intake.open()
                return [
                    try association.storeSmall("2.25.1"), try association.storeSmall("2.25.1"),
                    try association.storeSmall("2.25.1", other), try association.storeSmall("2.25.2"),
                ]
            }
            #expect(statuses == [0, 0, 0, 0])
            #expect(intake.recorder.heard.value.stored.map(\.isResend) == [false, true, false])
            #expect(intake.recorder.heard.value.quarantined.count == 1)
        }
    }

    @Test("A folder is made with those above it, and one that cannot be made durable is an error")
    func folders() async throws {
        try await Scratch.with { scratch in
            let folder = scratch.path("a/b/c").path
            try StoreFiles.makeFolder(folder)
            try StoreFiles.makeFolder(folder)
            try StoreFiles.sync(foldersOf: folder + "/x.dcm", below: scratch.path("a").path)
            #expect(throws: DICOMError.self) {
                try StoreFiles.sync(foldersOf: scratch.path("a/none/x.dcm").path, below: scratch.path("a").path)
            }
            #expect(!StoreFiles.keepsRenames("/proc") && !StoreFiles.keepsRenames(folder + "/none"))
        }
    }

    @Test("Two processes cannot use one store")
    func exclusive() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            #expect(throws: DICOMError.self) {
                try DurableStore(.init(root: intake.root.path), observer: Recorder())
            }
        }
    }
}

@Suite("Stopping")
struct StorageListenerStopTests {
    @Test("A stop lets the present object finish, aborts who waits and accepts nobody any more")
    func stop() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            let idle = try await onThread { try intake.open() }
            let handler = SlowHandler(intake.store)
            var configuration = StorageListener.Configuration()
            configuration.port = 0
            let slow = try StorageListener(configuration, handler: handler)
            let sending = Task {
                try await onThread {
                    let association = try RawAssociation(port: Int(slow.port))
                    _ = try association.request(called: "A", calling: "B", contexts: Intake.contexts)
                    let status = try association.storeSmall("2.25.1")
                    try association.waitForEnd()
                    return status
                }
            }
            try await handler.isInside.wait(for: "the object") { $0 ? () : nil }
            async let stopped: Void = onThread { slow.stop(grace: .seconds(60)) }
            handler.mayLeave.signal()
            try await stopped
            #expect(try await sending.value == 0)
            #expect(intake.files("studies").count == 1)

            try await onThread { intake.listener.stop(grace: .seconds(60)) }
            try await onThread { try idle.waitForEnd() }
            #expect(intake.recorder.heard.value.count(.stopped) >= 1)
            let echo = try await Command.run("echoscu", ["127.0.0.1", "\(intake.port)"])
            #expect(echo.status != 0)
            intake.listener.stop(grace: .zero)
        }
    }

    @Test("A stop without grace aborts an object in the middle, and its file is gone")
    func stopAtOnce() async throws {
        try await Scratch.with { scratch in
            // However long this test is kept waiting: the peer is not dropped for its silence.
            let intake = try Intake(scratch) { $0.transferTimeout = .seconds(3600) }
            let left = try await onThread {
                let association = try intake.open()
                let dataSet = ElementBytes().object(sopInstance: "2.25.1", pixels: 200_000)
                try association.storeHalf(
                    sopClass: SmallObject.sopClass, sopInstance: "2.25.1", dataSet: dataSet, context: 1)
                while intake.files("incoming").isEmpty { sched_yield() }
                intake.listener.stop(grace: .zero)
                try association.waitForEnd()
                return intake.files("incoming")
            }
            #expect(left.isEmpty)
            #expect(intake.recorder.heard.value.count(.stopped) == 1)
        }
    }

    @Test("Threads are joined while the listener runs")
    func threads() async throws {
        try await Scratch.with { scratch in
            let intake = try Intake(scratch)
            try await onThread {
                for _ in 0..<60 {
                    let association = try intake.open()
                    #expect(try association.echo(context: 3) == 0)
                    try association.release()
                }
            }
            try await intake.recorder.wait(.released, times: 60)
            try await onThread { while intake.listener.openAssociations > 0 { sched_yield() } }
            let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
            let names = tasks.compactMap { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
            // Other tests of this process have listeners too, with a handful of peers each.
            #expect(names.count { $0.hasPrefix("dicom-peer") } < 60)
        }
    }
}

/// Holds an object until it may go on.
private final class SlowHandler: StorageHandler {
    let store: DurableStore
    let isInside = Monitor(false)
    let mayLeave = DispatchSemaphore(value: 0)

    init(_ store: DurableStore) { self.store = store }
    func willStore(_ request: StoreRequest) -> StoreDecision { store.willStore(request) }
    func didReceive(_ object: ReceivedObject) -> StoreResponse {
        isInside.update { $0 = true }
        mayLeave.wait()
        return store.didReceive(object)
    }
}
