import ModelBundles

/// Whether a bundle runs here, and what is in the way.
struct SupportVerdict {
    /// The four ends.
    enum Outcome: String, Encodable {
        case runs
        case afterWeights = "runs once its weights are there"
        case afterExport = "runs after export"
        case refused
    }

    /// A file that the bundle's list names.
    struct Download: Encodable {
        var file: String
        var url: String
        /// The kind of the digest and the digest; `nil` where the list gives none.
        var digest: String?
    }

    /// A command to run where MONAI is installed.
    struct Export: Encodable {
        var command: String
        /// Where it is run, in words.
        var place: String
        var notes: [String]
    }

    var outcome: Outcome
    /// Everything that the bundle is refused for; empty where it is not.
    var reasons: [SupportReason]
    /// What a person should know where it is not refused: what it takes, and why `serve` may not run it.
    var needs: [String] = []
    /// Where weights that are missing come from.
    var download: Download?
    /// How weights that nobody offers are made.
    var export: Export?

    /// Judges a bundle that was looked at.
    init(_ bundle: ModelBundle, _ examination: BundleExamination) {
        reasons = examination.reasons
        if case .success(let plan) = examination.plan {
            needs = plan.needs
            if let problem = plan.namesProblem {
                let id = "network_data_format::outputs::\(plan.output.name)::channel_def"
                reasons.append(SupportReason(id: id, kind: .result, message: problem))
            }
        }
        do { _ = try bundle.provenance } catch {
            reasons.append(SupportReason(error, at: "metadata"))
        }
        outcome = .runs
        if !bundle.hasWeights {
            switch bundle.weightsOrigin {
            case .download(let file):
                outcome = .afterWeights
                download = Download(file: file.path, url: file.url, digest: file.digestText)
            case .export(let command):
                outcome = .afterExport
                export = Export(command: command.text, place: command.place, notes: command.notes)
            }
        }
        if !reasons.isEmpty {
            outcome = .refused
            needs = []
        }
    }
}
