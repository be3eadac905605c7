internal import Crypto
internal import Foundation
internal import Logging
internal import Store

/// Decides on complete studies: one outcome for each deployment, recorded with its jobs in one transaction.
struct Matcher: Sendable {
    let database: IndexDatabase
    let deployments: [Deployment]
    let logger: Logger
    /// Told when new jobs wait.
    let onJobs: @Sendable () -> Void

    /// How often a study that changes under the decision is looked at again at once.
    private static let tries = 5

    /// Decides on a study and records it.
    func complete(_ study: String, reason: AssemblyMachine.Reason) -> AssemblyService.Completed {
        do {
            for _ in 0..<Self.tries {
                guard let snapshot = try database.snapshot(ofStudy: study) else { return .settled }
                let draft = draft(for: snapshot, reason: "\(reason)", at: Date())
                switch try database.record(draft) {
                case .recorded(let number, let jobs):
                    report(draft, number: number, jobs: jobs)
                    if !jobs.isEmpty { onJobs() }
                    return .settled
                case .nothingNew:
                    return .settled
                case .studyChanged:
                    continue
                }
            }
        } catch {
            logger.error(
                "a complete study could not be recorded, trying again",
                metadata: ["study": "\(study)", "error": "\(error)"])
        }
        return .later
    }

    /// What is to be recorded for a study.
    func draft(for study: StudySnapshot, reason: String, at now: Date) -> RevisionDraft {
        RevisionDraft(
            study: study.uid, instances: study.instanceCount, completedAt: now, reason: reason,
            digest: Self.digest(study.series.flatMap { $0.instances.map(\.uid) }),
            decisions: deployments.map { decide($0, on: study) })
    }

    /// The rule of a deployment: the seam for other forms.
    private func rule(of deployment: Deployment) -> any MatchingRule {
        SeriesConditions(rules: deployment.rules)
    }

    private func decide(_ deployment: Deployment, on study: StudySnapshot) -> DecisionDraft {
        let match = rule(of: deployment).evaluate(study)
        let candidates = match.series.map {
            CandidateDraft(series: $0.series, outcome: $0.kind.rawValue, reason: $0.reason)
        }
        switch match.outcome {
        case .notMatched:
            return DecisionDraft(
                deployment: deployment.name, outcome: "notMatched", reason: match.reason, candidates: candidates)
        case .matched(let series):
            let input = study.series.first { $0.uid == series }?.instances.map(\.uid) ?? []
            return DecisionDraft(
                deployment: deployment.name, outcome: "matched", reason: match.reason, candidates: candidates,
                job: JobDraft(
                    key: Self.jobKey(study: study.uid, deployment: deployment.name, instances: input), series: series,
                    priority: deployment.priority))
        }
    }

    /// Names a job by what it runs on: the same objects give the same key, and with it the same UIDs, whatever the
    /// revision's number is and however often the index was built.
    static func jobKey(study: String, deployment: String, instances: [String]) -> String {
        let text = "portico job 1\n\(study)\n\(deployment)\n\(digest(instances))"
        return hexadecimal(SHA256.hash(data: Data(text.utf8)).prefix(16))
    }

    /// Names a set of objects, whatever their order.
    static func digest(_ instances: [String]) -> String {
        hexadecimal(SHA256.hash(data: Data(instances.sorted().joined(separator: "\n").utf8)))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private func report(_ draft: RevisionDraft, number: Int, jobs: [Int64]) {
        logger.info(
            "study complete",
            metadata: [
                "study": "\(draft.study)", "revision": "\(number)", "instances": "\(draft.instances)",
                "reason": "\(draft.reason)", "jobs": "\(jobs)",
            ])
        for decision in draft.decisions where decision.job == nil {
            logger.info(
                "no series for a deployment",
                metadata: [
                    "study": "\(draft.study)", "deployment": "\(decision.deployment)", "reason": "\(decision.reason)",
                ])
        }
    }
}
