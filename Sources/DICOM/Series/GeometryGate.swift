/// Decides whether the objects of one series are a regular volume, and says in words and numbers why not.
///
/// It goes from the images one by one over what they have in common to how they lie; a later step needs what the
/// earlier ones ensure, so reasons are collected within a step.
struct GeometryGate {
    typealias Reason = SeriesRefusal.Reason

    let rules: GeometryRules

    /// The slices in order with what was noticed, or the reasons.
    enum Verdict {
        case regular(ordered: [SliceHeader], step: SIMD3<Double>, notes: [String])
        case refused([Reason])
    }

    func check(_ headers: [SliceHeader]) -> Verdict {
        for step in [imageReasons, commonReasons] {
            let reasons = step(headers)
            if !reasons.isEmpty { return .refused(reasons) }
        }
        guard let first = headers.first, let axes = Axes(first.orientation) else {
            return .refused([Reason(.noGeometry, "no images")])
        }
        let ordered = headers.sorted { left, right in
            let a = axes.depth(left.position)
            let b = axes.depth(right.position)
            return a == b ? left.sopInstanceUID < right.sopInstanceUID : a < b
        }
        var reasons = stackReasons(ordered, axes)
        if reasons.isEmpty {
            let (more, notes) = regularityReasons(ordered, axes)
            if more.isEmpty, headers.count >= rules.minimumSlices, frameReasons(headers).isEmpty {
                return .regular(ordered: ordered, step: step(ordered, axes), notes: notes)
            }
            reasons += more
        }
        reasons += countReasons(headers) + frameReasons(headers)
        return .refused(reasons)
    }

    // MARK: What all have in common

    private func commonReasons(_ headers: [SliceHeader]) -> [Reason] {
        guard let first = headers.first, let axes = Axes(first.orientation) else { return [] }
        var reasons: [Reason] = []
        func differ(_ what: String, _ kind: SeriesRefusal.Kind, _ value: (SliceHeader) -> String) {
            let counts = Dictionary(grouping: headers, by: value).mapValues(\.count)
            guard counts.count > 1 else { return }
            let listed = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
                .prefix(4).map { "\($0.key) in \($0.value)" }.joined(separator: ", ")
            reasons.append(Reason(kind, "the images have \(counts.count) \(what): \(listed)"))
        }
        differ("SOP classes", .mixed) { $0.sopClassUID.value }
        differ("sizes (columns × rows)", .mixed) { "\($0.format?.columns ?? 0) × \($0.format?.rows ?? 0)" }
        differ("ways of storing samples (bits allocated, stored, highest, signed)", .mixed) {
            let format = $0.format
            return "\(format?.bitsAllocated ?? 0)/\(format?.bitsStored ?? 0)/\(format?.highBit ?? 0)"
                + (format?.isSigned == true ? " signed" : " unsigned")
        }
        differ("photometric interpretations", .mixed) { $0.format?.photometricInterpretation ?? "" }
        differ("ways of rescaling (0028,1053), (0028,1052), so values would be in different units", .mixed) {
            $0.valueMeaning
        }
        if Set(headers.compactMap(\.stack)).count > 1 {
            differ("stacks (0020,9056), each of which is a volume of its own", .mixed) { $0.stack ?? "none" }
        }
        if Set(headers.map(\.patient)).count > 1 {
            reasons.append(Reason(.patients, "the images name more than one patient"))
        }
        let spread = headers.map { header in
            zip(header.pixelSpacing, first.pixelSpacing).map { abs($0 / $1 - 1) }.max() ?? 0
        }
        if let largest = spread.max(), largest > rules.spacingTolerance {
            differ("pixel spacings (mm)", .mixed) { $0.pixelSpacing.map { millimetres($0) }.joined(separator: " × ") }
        }
        let angles = headers.compactMap { Axes($0.orientation)?.angle(to: axes) }
        if let largest = angles.max(), largest > rules.orientationTolerance {
            let off = angles.count { $0 > rules.orientationTolerance }
            reasons.append(
                Reason(
                    .mixedOrientation,
                    "\(off) of \(headers.count) images lie in another direction than the first, by up to "
                        + "\(degrees(largest))"))
        }
        return reasons
    }

    private func frameReasons(_ headers: [SliceHeader]) -> [Reason] {
        guard rules.needsFrameOfReference else { return [] }
        let frames = Set(headers.map(\.frameOfReferenceUID))
        if frames.count > 1 {
            return [
                Reason(
                    .frameOfReference,
                    "the images have \(frames.count) different frames of reference (0020,0052), and a result can "
                        + "lie in one only")
            ]
        }
        if frames.contains(nil) {
            return [Reason(.frameOfReference, "the images name no frame of reference (0020,0052)")]
        }
        return []
    }

    /// What to say of images that hold many slices side by side, none of which has a place of its own.
    func mosaicWords(_ headers: [SliceHeader]) -> String {
        headers.contains { $0.imageType.contains("MOSAIC") }
            ? "; they are mosaics of slices (MOSAIC in Image Type (0008,0008)), which are not taken apart" : ""
    }

    private func countReasons(_ headers: [SliceHeader]) -> [Reason] {
        guard headers.count < rules.minimumSlices else { return [] }
        return [
            Reason(
                .tooFewSlices, "\(headers.count) slices are fewer than \(rules.minimumSlices)\(mosaicWords(headers))")
        ]
    }
}
