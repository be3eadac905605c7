import ModelBundles

/// Which images of a command line a bundle loads under which key.
struct InputAssignment: Sendable {
    /// The images of each key, in the order of their channels.
    private(set) var images: [String: [RunInput]] = [:]

    /// The keys that a run does without.
    private(set) var absentKeys: Set<String> = []

    /// The first key that a run has to be given: results are named after its first image.
    let principalKey: String

    /// The first image of that key.
    let principal: RunInput

    /// Hands the inputs to the keys.
    ///
    /// - Throws: `CommandFailure` that says what is missing or too much, and what the bundle takes.
    init(_ inputs: [RunInput], to bundle: BundleInputs) throws {
        let keys = bundle.slots.map(\.key)
        for input in inputs {
            if let key = input.key, !keys.contains(key) {
                throw CommandFailure(
                    "\(key)=\(input.name): the bundle loads nothing under '\(key)'; it takes \(bundle.inWords)")
            }
        }
        let nameless = inputs.filter { $0.key == nil }
        if bundle.required.count > 1, let first = nameless.first {
            throw CommandFailure(
                "\(first.name): it is not said what this is; the bundle takes \(bundle.inWords)")
        }
        for slot in bundle.slots {
            let takesNameless = slot.key == bundle.required.first?.key
            let given = inputs.filter { $0.key == slot.key || ($0.key == nil && takesNameless) }
            if given.isEmpty, slot.isOptional {
                absentKeys.insert(slot.key)
                continue
            }
            try Self.check(given, slot, bundle)
            images[slot.key] = given
        }
        guard let key = bundle.required.first?.key, let principal = images[key]?.first else {
            throw CommandFailure("the bundle loads no image")
        }
        principalKey = key
        // What no step loads is absent too, such as the label of a classification's postprocessing.
        if !keys.contains(BundleInputs.truthKey) { absentKeys.insert(BundleInputs.truthKey) }
        self.principal = principal
    }

    private static func check(_ given: [RunInput], _ slot: BundleInputs.Slot, _ bundle: BundleInputs) throws {
        guard !slot.counts.contains(given.count) else { return }
        let found =
            switch given.count {
            case 0: "nothing is given for '\(slot.key)'"
            case 1: "one image is given for '\(slot.key)' (\(given[0].name))"
            default: "\(given.count) images are given for '\(slot.key)' (\(given.map(\.name).joined(separator: ", ")))"
            }
        throw CommandFailure("\(found); the bundle takes \(bundle.inWords)")
    }
}
