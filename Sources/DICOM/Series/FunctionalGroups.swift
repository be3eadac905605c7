/// The functional groups of one frame: its own, else those that all frames share (PS3.3 C.7.6.16).
struct FunctionalGroups {
    let own: DataSet
    let shared: DataSet?

    /// Whether an object says for each frame how it lies.
    static func describe(_ data: DataSet) -> Bool { data.contains(.perFrameFunctionalGroupsSequence) }

    /// The one item of a functional group, or nil where the frame has none.
    func group(_ tag: Tag) throws -> DataSet? {
        if own.contains(tag) { return try own.firstItem(tag) }
        return try shared?.firstItem(tag)
    }

    /// The numbers of an element of a group; empty where there is none.
    func doubles(_ groupTag: Tag, _ tag: Tag) throws -> [Double] { try group(groupTag)?.doubles(tag) ?? [] }
}

extension SliceHeader {
    /// The objects whose frames are slices: enhanced CT, MR and PET, and the legacy converted ones (PS3.4 B.5).
    private static let enhanced: Set<String> = Set(
        ["2.1", "2.2", "4.1", "4.4", "128.1", "130"].map { "1.2.840.10008.5.1.4.1.1." + $0 })

    /// More than any examination has: a hostile object holds as many frames as it has bytes.
    static let mostFrames = 65536

    /// A header for each frame, or one for the object that says why there are not.
    func split(_ data: DataSet) throws -> [SliceHeader] {
        func whole(_ fault: String) -> [SliceHeader] {
            var header = self
            header.framesFault = fault
            return [header]
        }
        guard SliceHeader.enhanced.contains(sopClassUID.value) else {
            return frames == 1
                ? [self]
                : whole(
                    "hold several frames (0028,0008) and are no enhanced CT, MR or PET, so nothing says how their frames "
                        + "lie to each other (PS3.3 C.7.6.16)")
        }
        guard frames <= SliceHeader.mostFrames else {
            return whole("have more than \(SliceHeader.mostFrames) frames (0028,0008)")
        }
        let items = try data.items(.perFrameFunctionalGroupsSequence)
        guard items.count == frames else {
            return whole(
                "have \(frames) frames (0028,0008) and \(items.count) items in Per-Frame Functional Groups (5200,9230)")
        }
        let shared = try data.firstItem(.sharedFunctionalGroupsSequence)
        let pointers = try dimensionPointers(data)
        return try items.enumerated().map { index, item in
            var header = self
            header.frameNumber = frames == 1 ? nil : index + 1
            try header.fill(from: FunctionalGroups(own: item, shared: shared), pointers)
            return header
        }
    }

    private mutating func fill(from groups: FunctionalGroups, _ pointers: [Tag]) throws {
        position = try groups.doubles(.planePositionSequence, .imagePositionPatient)
        orientation = try groups.doubles(.planeOrientationSequence, .imageOrientationPatient)
        let measures = try groups.group(.pixelMeasuresSequence)
        pixelSpacing = try measures?.doubles(.pixelSpacing) ?? []
        sliceSpacing = try measures?.double(.spacingBetweenSlices) ?? measures?.double(.sliceThickness)
        if let values = try groups.group(.pixelValueTransformationSequence) {
            rescale = Rescale(values)
        } else {
            hasRealWorldValuesOnly =
                try rescale == .absent && groups.group(.realWorldValueMappingSequence) != nil
        }
        for tag in [Tag.ctImageFrameTypeSequence, .mrImageFrameTypeSequence, .petFrameTypeSequence] {
            if let type = try groups.group(tag)?.strings(.frameType), !type.isEmpty { imageType = type }
        }
        let content = try groups.group(.frameContentSequence)
        stack = try content?.string(.stackID).map { harmless($0.utf8.prefix(16)) }
        distinctions = distinguishing(groups, content, pointers)
    }

    /// What tells the frame from others at its position: what the standard has for it, and what the object's own
    /// dimensions say.
    private func distinguishing(
        _ groups: FunctionalGroups, _ content: DataSet?, _ pointers: [Tag]
    ) -> [String: String] {
        var found: [String: String] = [:]
        func take(_ name: String, _ values: [Double]?) {
            if let values, !values.isEmpty { found[name] = "\(values)" }
        }
        found["Frame Type (0008,9007)"] = imageType.joined(separator: "\\")
        take("Temporal Position Index (0020,9128)", try? content?.doubles(.temporalPositionIndex))
        take("Frame Acquisition Number (0020,9156)", try? content?.doubles(.frameAcquisitionNumber))
        take("Effective Echo Time (0018,9082)", try? groups.doubles(.mrEchoSequence, .effectiveEchoTime))
        take("Diffusion b-value (0018,9087)", try? groups.doubles(.mrDiffusionSequence, .diffusionBValue))
        take(
            "Nominal Cardiac Trigger Delay Time (0020,9153)",
            try? groups.doubles(.cardiacSynchronizationSequence, .nominalCardiacTriggerDelayTime))
        take(
            "Temporal Position Time Offset (0020,930D)",
            try? groups.doubles(.temporalPositionSequence, .temporalPositionTimeOffset))
        let places: Set<Tag> = [.stackID, .inStackPositionNumber, .imagePositionPatient]
        let named = Set(found.keys.map { $0.suffix(11).lowercased() })
        // A value beyond what the pointers name has no name, and one without a value no meaning.
        let values = (try? content?.doubles(.dimensionIndexValues)) ?? []
        for (pointer, value) in zip(pointers, values)
        where !places.contains(pointer) && !named.contains(pointer.description) {
            take("the dimension of \(pointer)", [value])
        }
        return found
    }

    /// What the Dimension Index Values of the frames are about, in their order (PS3.3 C.7.6.17).
    private func dimensionPointers(_ data: DataSet) throws -> [Tag] {
        try data.items(.dimensionIndexSequence).map { item in
            let packed = (try item.double(.dimensionIndexPointer)).flatMap { UInt32(exactly: $0) }
            return Tag(packed: packed ?? 0)
        }
    }
}
