internal import Foundation

extension Explanation {
    /// The same for a person, line by line.
    public var inWords: [String] {
        var lines: [String] = []
        if subject != "study" { lines.append("\(uid) is \(Self.article(subject)) of study \(study.uid).") }
        if !otherStudies.isEmpty {
            lines.append(
                "It is also in \(otherStudies.count == 1 ? "study" : "the studies") "
                    + "\(otherStudies.joined(separator: ", ")): no two studies should hold the same UID. "
                    + "What follows is about \(study.uid); ask for another study by its own UID.")
        }
        lines += studyInWords
        for object in quarantined {
            lines.append(
                "  quarantined: object \(object.uid) of series \(object.series) came again with other bytes at "
                    + "\(Self.time(object.received)); the first one counts, the other lies in \(object.file)")
        }
        for revision in revisions { lines += Self.words(revision) }
        if study.state == "assembling" {
            lines.append("Objects have come that no revision holds yet: the study is waited for.")
        }
        for job in jobs { lines += Self.words(job) }
        if jobs.isEmpty, !revisions.isEmpty { lines.append("No job came of it.") }
        return lines.map { $0.printable() }
    }

    private var studyInWords: [String] {
        let first = Self.time(study.firstReceived)
        let last = Self.time(study.lastReceived)
        var lines = ["Study \(study.uid): \(study.state), received from \(first) to \(last)"]
        for series in study.series {
            let number = series.number.map { ", number \($0)" } ?? ""
            let own = series.isOwnResult ? ", made by Portico itself" : ""
            lines.append(
                "  series \(series.uid): \(series.modality ?? "no modality")\(number), "
                    + "\(Self.count(series.instances, "object")), \(Self.count(series.slices, "slice"))\(own)")
        }
        return lines
    }

    private static func words(_ revision: RevisionPart) -> [String] {
        var lines = [
            "Revision \(revision.number), complete at \(time(revision.completed)) with "
                + "\(count(revision.instances, "object")): \(revision.reason)"
        ]
        if revision.decisions.isEmpty { lines.append("  there was no deployment to decide on") }
        for decision in revision.decisions {
            let job = decision.job.map { " (job \($0))" } ?? ""
            let outcome = decision.outcome == "matched" ? "matched" : "not matched"
            lines.append("  deployment \(decision.deployment): \(outcome)\(job): \(decision.reason)")
            for series in decision.series { lines.append("    series \(series.uid): \(series.reason)") }
        }
        return lines
    }

    private static func words(_ part: JobPart) -> [String] {
        let job = part.listing
        var lines = [
            "Job \(job.id), deployment \(job.deployment), series \(job.series), revision \(job.revision): "
                + "\(job.stateInWords)\(job.priority == "routine" ? "" : ", \(job.priority)")"
        ]
        if let reason = job.reason { lines.append("  \(reason)") }
        if let stage = job.stage {
            let percent = job.progress.map { ", \(Int(($0 * 100).rounded())) % done" } ?? ""
            let end = job.estimatedEnd.map { ", ends at about \(time($0))" } ?? ""
            lines.append("  in stage \(stage)\(percent)\(end)")
        }
        for attempt in part.attempts {
            let end = attempt.ended.map { " to \(time($0))" } ?? ""
            lines.append(
                "  attempt \(attempt.number), process \(attempt.workerPID), \(time(attempt.started))\(end): "
                    + "\(attempt.ending ?? "running")")
        }
        if let outcome = part.outcome { lines += words(outcome) }
        if job.state == "nothingFound" { lines.append("  no object was made and nothing was sent") }
        for delivery in job.deliveries { lines.append("  " + words(delivery)) }
        return lines
    }

    private static func words(_ outcome: JobOutcome) -> [String] {
        let by = outcome.provenance
        var lines = [
            "  model \(by.modelName) \(by.softwareVersion) of \(by.manufacturer), device UID \(by.deviceUID)",
            "  bundle digest \(by.bundleDigest), run by \(by.engine), Portico \(by.portico)",
        ]
        if let proof = by.engineProof { lines.append("  engine \(proof)") }
        if let series = by.seriesInstanceUID {
            lines.append("  made from \(count(by.sourceInstances.count, "instance")) of series \(series)")
        }
        for segment in outcome.segments {
            lines.append(
                "  segment \(segment.number), \(segment.label): \(count(segment.voxels, "voxel")), "
                    + "\(decimal(segment.millilitres)) ml, \(count(segment.slices, "slice"))")
        }
        if !outcome.stages.isEmpty {
            let stages = outcome.stages.map { "\($0.name) \(decimal($0.seconds)) s" }
            lines.append("  time: \(stages.joined(separator: ", "))")
        }
        lines += outcome.notes.map { "  note: \($0)" }
        lines += outcome.objects.map { "  result \($0.sopInstanceUID): \($0.path)" }
        return lines
    }

    private static func words(_ delivery: DeliveryListing) -> String {
        var text = "to \(delivery.destination): \(delivery.state)"
        if let date = delivery.delivered { text += " at \(time(date))" }
        text += ", \(count(delivery.attempts, "attempt"))"
        if let error = delivery.lastError { text += "; \(error)" }
        if let next = delivery.nextAttempt, delivery.attempts > 0 { text += "; next try at \(time(next))" }
        return text + " (object \(delivery.sopInstanceUID))"
    }

    private static func article(_ subject: String) -> String {
        switch subject {
        case "series": "a series"
        case "result": "a result"
        default: "an object"
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.2f", value) }

    private static func time(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
