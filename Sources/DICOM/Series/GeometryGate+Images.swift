extension GeometryGate {
    /// What an image may lack by itself, with words that go on after "3 of 5 objects".
    private struct Check: Sendable {
        let kind: SeriesRefusal.Kind
        let words: String
        let fails: @Sendable (SliceHeader, GeometryRules) -> Bool

        init(
            _ kind: SeriesRefusal.Kind, _ words: String,
            _ fails: @escaping @Sendable (SliceHeader, GeometryRules) -> Bool
        ) {
            self.kind = kind
            self.words = words
            self.fails = fails
        }
    }

    /// What keeps a single image from being a slice.
    func imageReasons(_ headers: [SliceHeader]) -> [Reason] {
        let things = headers.contains { $0.frameNumber != nil } ? "frames" : "objects"
        var reasons: [Reason] = []
        for check in GeometryGate.kindChecks + GeometryGate.placeChecks {
            let count = headers.count { check.fails($0, rules) }
            if count > 0 { reasons.append(Reason(check.kind, "\(count) of \(headers.count) \(things) \(check.words)")) }
            // What has no pixels has no geometry either, and saying so helps nobody.
            if count == headers.count { return reasons }
        }
        // Words that depend on the image, each once with its number.
        func told(_ kind: SeriesRefusal.Kind, _ fault: (SliceHeader) -> String?) {
            let faults = Dictionary(grouping: headers.compactMap(fault)) { $0 }.mapValues(\.count)
            reasons += faults.sorted { $0.key < $1.key }.prefix(4).map { words, count in
                Reason(kind, "\(count) of \(headers.count) \(things) \(words)")
            }
        }
        told(.multiFrame) { $0.framesFault }
        told(.unreadablePixels) { $0.pixelFault.map { "have " + $0 } }
        told(.unreadablePixels) { $0.valueFault.map { "have " + $0 } }
        return reasons
    }

    private static let kindChecks = [
        Check(.notAnImage, "hold no pixels, so there is nothing to run a model on") { header, _ in
            header.format == nil
        },
        Check(.colour, "are no grey-scale images: Samples per Pixel (0028,0002) is not 1, or a palette is used") {
            header, _ in
            header.format.map { $0.samplesPerPixel != 1 || !$0.isGrey } ?? false
        },
        Check(.localizer, "are localizers: value 3 of Image Type (0008,0008)") { header, _ in
            header.imageType.dropFirst(2).contains { $0 == "LOCALIZER" || $0 == "SCOUT" }
        },
    ]

    private static let placeChecks = [
        Check(.noGeometry, "have no usable Image Position (Patient) (0020,0032)") { header, _ in
            header.framesFault == nil && header.position.count != 3
        },
        Check(
            .noGeometry, "have no usable Image Orientation (Patient) (0020,0037): two perpendicular unit vectors"
        ) { header, rules in
            header.framesFault == nil && !Axes.isUsable(header.orientation, rules.orthonormalityTolerance)
        },
        Check(.noGeometry, "have no usable Pixel Spacing (0028,0030)") { header, _ in
            header.framesFault == nil
                && (header.pixelSpacing.count != 2 || !header.pixelSpacing.allSatisfy { $0 > 0 })
        },
        Check(.unreadablePixels, "have samples of a size that is not read: 8 or 16 bits are (0028,0100)") { header, _ in
            header.format.map { !$0.isReadable && $0.samplesPerPixel == 1 } ?? false
        },
        Check(.unreadablePixels, "are compressed in a way that cannot be decoded; send them uncompressed") {
            header, _ in !header.canDecode
        },
    ]
}

extension SliceHeader {
    /// Why stored values do not become numbers, in words that go on after "objects have"; nil where they do.
    var valueFault: String? {
        if hasRealWorldValuesOnly {
            return "values whose meaning only a Real World Value Mapping (0040,9096) tells, which is not applied"
        }
        switch modalityLUT {
        case .failure(let error): return "a Modality LUT that cannot be applied: \(error.message)"
        case .success(.some) where rescale != .absent:
            return "both a Modality LUT Sequence (0028,3000) and slope or intercept, and only one can hold"
        default: return rescale.fault.map { "\($0), so no voxel has a value" }
        }
    }

    /// What turns stored values into numbers, in words.
    var valueMeaning: String {
        if case .success(.some) = modalityLUT { return "a Modality LUT" }
        return rescale.presence
    }
}
