import Foundation
import Testing

@testable import Store

@Suite("Which job is next")
struct SchedulingTests {
    private func studies(_ fixture: IndexFixture, _ count: Int, at seconds: Double) throws -> [String?] {
        try (0..<count).map { _ in try fixture.lease(at: seconds, duration: 1e6)?.study }
    }

    @Test("Urgent jobs go first, then routine ones, then those of the background, each in the order of their coming")
    func priorities() throws {
        let fixture = try IndexFixture()
        for (study, priority) in [
            ("1.1", JobPriority.background), ("1.2", .routine), ("1.3", .urgent), ("1.4", .routine), ("1.5", .urgent),
        ] {
            try fixture.queue(study, priority: priority)
        }
        #expect(try studies(fixture, 6, at: 2100) == ["1.3", "1.5", "1.2", "1.4", "1.1", nil])
    }

    @Test("A waiting job that is made urgent is the next one; one that runs or has ended keeps its priority")
    func madeUrgent() throws {
        let fixture = try IndexFixture()
        let first = try fixture.queue("1.1")
        let second = try fixture.queue("1.2")
        try fixture.database.setPriority(.urgent, ofJob: second)
        #expect(try fixture.row(second).priority == .urgent)
        #expect(try fixture.lease()?.id == second)
        let running = #expect(throws: StoreError.self) {
            try fixture.database.setPriority(.background, ofJob: second)
        }
        #expect(running?.code == .notPossible && running?.message.contains("Job \(second) is running") == true)
        let missing = #expect(throws: StoreError.self) { try fixture.database.setPriority(.urgent, ofJob: 99) }
        #expect(missing?.code == .notFound)
        #expect(try fixture.lease()?.id == first)
    }

    @Test("Every eighth lease goes to the job that has waited longest, once it has waited a quarter of an hour")
    func aging() throws {
        let fixture = try IndexFixture()
        try fixture.queue("1.100", priority: .background, at: 2000)
        for number in 1...20 { try fixture.queue("1.\(number)", priority: .urgent, at: 2100) }
        let old = 2000 + LeasePolicy.agingWait
        // The first eight turns pass while nothing has waited long enough.
        #expect(try studies(fixture, 8, at: old - 1) == (1...8).map { "1.\($0)" })
        #expect(try studies(fixture, 9, at: old) == (9...15).map { "1.\($0)" } + ["1.100", "1.16"])
    }

    @Test("A look that finds nothing is no turn, and neither is a lease of a worker that is kept for urgent jobs")
    func turns() throws {
        let fixture = try IndexFixture()
        for _ in 0..<20 { #expect(try fixture.lease(at: 2000) == nil) }
        try fixture.queue("1.100", priority: .background, at: 2000)
        for number in 1...16 { try fixture.queue("1.\(number)", priority: .urgent, at: 2100) }
        for number in 1...7 {
            #expect(
                try fixture.lease(at: 9000, duration: 1e6, policy: LeasePolicy(urgentOnly: true))?.study
                    == "1.\(number)")
        }
        #expect(try studies(fixture, 8, at: 9000) == (8...14).map { "1.\($0)" } + ["1.100"])
    }

    @Test("A worker that is kept for urgent jobs takes no other")
    func reserved() throws {
        let fixture = try IndexFixture()
        try fixture.queue("1.1")
        let policy = LeasePolicy(urgentOnly: true)
        #expect(try fixture.lease(policy: policy) == nil)
        let urgent = try fixture.queue("1.2", priority: .urgent)
        #expect(try fixture.lease(policy: policy)?.id == urgent)
        #expect(try fixture.lease(policy: policy) == nil)
    }

    @Test("On a device only so many jobs run at once; jobs of other devices pass by")
    func devices() throws {
        let fixture = try IndexFixture()
        let policy = LeasePolicy(devices: [
            .init(deployments: ["a", "b"], most: 1), .init(deployments: ["c"], most: 2),
        ])
        let first = try fixture.queue("1.1", deployment: "a")
        for (study, deployment) in [("1.2", "b"), ("1.3", "c"), ("1.4", "c"), ("1.5", "c"), ("1.6", "cpu")] {
            try fixture.queue(study, deployment: deployment)
        }
        let taken = try (0..<5).map { _ in try fixture.lease(policy: policy)?.study }
        #expect(taken == ["1.1", "1.3", "1.4", "1.6", nil])
        try fixture.end(first, .nothingFound(outcome: "{}"))
        #expect(try fixture.lease(policy: policy)?.study == "1.2")
        #expect(try fixture.lease(policy: policy) == nil)
    }

    @Test("What waits for a device or a suspension is not said to be due; what waits for its time is")
    func due() throws {
        let fixture = try IndexFixture()
        try fixture.queue("1.1")
        let now = Date(timeIntervalSince1970: 3000)
        #expect(try fixture.database.nextJobDue(after: now) == nil)
        let job = try #require(try fixture.lease())
        try fixture.end(job.id, .again(reason: "x", notBefore: now + 50, charged: true))
        #expect(try fixture.database.nextJobDue(after: now) == now + 50)
        _ = try fixture.database.suspend(deployment: "liver", reason: "", at: now)
        #expect(try fixture.lease(at: 3060) == nil)
        #expect(try fixture.database.nextJobDue(after: now + 60) == nil)
    }
}
