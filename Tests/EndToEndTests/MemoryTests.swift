import Foundation
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    /// What `portico serve` weighs.
    @Suite(.serialized, .timeLimit(EndToEnd.guardTime))
    struct MemoryTests {
        private static let megabyte = 1_000_000.0

        @Test(
            "Idle serve has at most 60 MB; 450 associations more add at most 5 MB, and 20 MB of addresses",
            arguments: [1, 20])
        func associations(simultaneous: Int) async throws {
            // What lies about in the heap at one moment differs by some MB from run to run; a leak is in all of them.
            var growth: [Growth] = []
            repeat {
                growth.append(try await Self.growth(simultaneous))
            } while !growth[growth.count - 1].holds
                && growth.count < 3
            print("\(simultaneous) at a time: \(growth)")
            #expect(growth[growth.count - 1].holds, "\(growth)")
        }

        /// Megabytes of a fresh `serve`: idle, and what 450 associations add to 50.
        private struct Growth {
            var idle: Double
            var resident: Double
            var virtual: Double

            var holds: Bool { idle <= 60 && abs(resident) <= 5 && abs(virtual) <= 20 }
        }

        private static func growth(_ simultaneous: Int) async throws -> Growth {
            try await Scratch.with { scratch in
                var settings = PorticoSettings([.init("abdomen", bundle: Project.demoBundle, minimumSlices: 1000)])
                settings.studyQuiet = 600
                // An association that was broken off holds its place for the moment until the listener has noticed.
                settings.dicom = ["maximumAssociations: 100"]
                let portico = try await Portico.serve(settings, in: scratch)
                let idle = try portico.process.memory()
                let objects = try Project.files(below: Project.phantomSeries).map { try Part10(contentsOf: $0) }
                try await associate(50, simultaneous, objects, portico)
                let early = try portico.process.memory()
                try await associate(450, simultaneous, objects, portico)
                let late = try portico.process.memory()
                return Growth(
                    idle: Double(idle.resident) / megabyte, resident: Double(late.resident - early.resident) / megabyte,
                    virtual: Double(late.virtual - early.virtual) / megabyte)
            }
        }

        /// Opens so many associations, some at a time; each stores an object, every ninth breaks off in the middle.
        private static func associate(
            _ count: Int, _ simultaneous: Int, _ objects: [Part10], _ portico: Portico
        ) async throws {
            let port = try portico.port
            let counter = Counter(limit: count)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<simultaneous {
                    group.addTask {
                        try await onThread {
                            while let number = counter.next() {
                                let object = objects[number % objects.count]
                                try associate(object, breaksOff: number % 9 == 8, port: port)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        private static func associate(_ object: Part10, breaksOff: Bool, port: Int) throws {
            let association = try RawAssociation(port: port)
            let contexts = [
                RawAssociation.Context(abstractSyntax: object.sopClass, transferSyntax: object.transferSyntax)
            ]
            let answer = try association.request(called: "PORTICO", calling: "PACS", contexts: contexts)
            #expect(answer == .accepted([1]))
            if breaksOff {
                try association.storeHalf(
                    sopClass: object.sopClass, sopInstance: object.sopInstance, dataSet: object.dataSet, context: 1)
                try association.abort()
            } else {
                let status = try association.store(
                    sopClass: object.sopClass, sopInstance: object.sopInstance, dataSet: object.dataSet, context: 1)
                #expect(status == 0)
                try association.release()
            }
        }
    }
}

/// Numbers from 0 up to a limit, each given once.
private final class Counter: Sendable {
    private let value = Atomic(0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    func next() -> Int? {
        let number = value.add(1, ordering: .relaxed).oldValue
        return number < limit ? number : nil
    }
}
