import Foundation

extension Configuration {
    /// The least memory limit: a worker without any network takes a part of it.
    private static let leastMemory: Int64 = 256_000_000

    /// Reads the section `workers`.
    static func workers(_ top: Section) -> WorkerSettings {
        var settings = WorkerSettings()
        let keys: Set = [
            "count", "threads", "maximumAttempts", "leaseDuration", "reservedForUrgent", "jobsPerDevice", "timeLimit",
            "memoryLimit", "modelMemory", "lowPriority", "suspendAfter",
        ]
        guard let section = top.section("workers", keys: keys) else { return settings }
        settings.count = section.integer("count", in: 1...64) ?? settings.count
        settings.threads = section.integer("threads", in: 0...1024) ?? settings.threads
        settings.maximumAttempts = section.integer("maximumAttempts", in: 1...100) ?? settings.maximumAttempts
        settings.leaseDuration = section.duration("leaseDuration", atLeast: 5) ?? settings.leaseDuration
        settings.reservedForUrgent = section.integer("reservedForUrgent", in: 0...63) ?? settings.reservedForUrgent
        if settings.reservedForUrgent >= settings.count {
            section.report(
                "of \(settings.count) workers, \(settings.reservedForUrgent) would be kept for urgent jobs and none left "
                    + "for others; expected less than workers.count", key: "reservedForUrgent")
        }
        settings.jobsPerDevice = section.integer("jobsPerDevice", in: 1...64) ?? settings.jobsPerDevice
        settings.timeLimit = section.duration("timeLimit", atLeast: 1)
        settings.memoryLimit = section.bytes("memoryLimit")
        settings.modelMemory = section.bytes("modelMemory") ?? settings.modelMemory
        if let limit = settings.memoryLimit {
            if limit < leastMemory {
                section.report("expected at least \(leastMemory / 1_000_000)MB", key: "memoryLimit")
            } else if section.values["modelMemory"] != nil, settings.modelMemory > limit {
                section.report(
                    "a worker may not keep more than the \(limit) bytes that workers.memoryLimit gives it",
                    key: "modelMemory")
            }
        }
        settings.lowPriority = section.flag("lowPriority") ?? settings.lowPriority
        settings.suspendAfter = section.integer("suspendAfter", in: 0...1000) ?? settings.suspendAfter
        return settings
    }
}
