public import DICOM
public import Foundation

/// A segment of the result: a label of the map and what it stands for.
public struct SegmentDefinition: Sendable, Hashable {
    /// The label in the label map, 1 or more.
    public let value: Int

    /// The name, kept as Segment Label (0062,0005): verbatim where it is no longer than 64 bytes of UTF-8.
    public let label: String

    /// The codes and the colour.
    public let concept: SegmentConcept

    /// Defines a segment; without a concept the built-in terminology is asked.
    public init(value: Int, label: String, concept: SegmentConcept? = nil) {
        self.value = value
        self.label = label
        self.concept = concept ?? Terminology.builtIn.concept(for: label)
    }

    /// Segment Label (0062,0005) as it is written: never empty, and no longer than the element allows.
    func writtenLabel(number: Int) -> String {
        let label = FittedText.longString(label)
        return label.isEmpty ? "Segment \(number)" : label
    }
}

/// Everything that a segmentation says but its pixels.
public struct SegmentationContext: Sendable {
    /// The images that the label map lies on.
    public let series: ImageSeries

    /// The foreground labels in the order of their segment numbers, 1, 2, …
    ///
    /// All of them are declared, also those that nothing was found of: that they were looked for is part of the
    /// result, and a segment without frames is legal.
    public let segments: [SegmentDefinition]

    /// The model that made the label map.
    public let model: ModelIdentity

    /// The gateway that writes the object.
    public let gateway: GatewayIdentity

    /// The UIDs of the objects.
    public let uids: ResultUIDs

    /// What the tracking UIDs derive from; they stay the same when a study is segmented again.
    public let trackingSeed: String

    /// When the result was made: the job's own time, so that a retry writes the same bytes.
    public let created: Date

    /// The time zone of dates and times, where the source names none itself (0008,0201).
    public var timeZone: TimeZone = .current

    /// The role of the model in the Contributing Equipment Sequence.
    public var purposeOfReference = CodedConcept("Newcode1", "99IHE", "Processing Algorithm")

    /// What describes the private coding schemes in use.
    public var codingSchemes: [CodingScheme] = [.ihe]

    /// Series Number (0020,0011).
    public var seriesNumber = 9000

    /// Series Description (0008,103E); by default model and version and that no person has looked at it.
    public var seriesDescription: String?

    /// Instance Number (0020,0013).
    public var instanceNumber = 1

    /// Content Label (0070,0080): capitals, digits, blanks and underscores, at most 16.
    public var contentLabel = "AI_SEGMENTATION"

    /// Content Description (0070,0081).
    public var contentDescription: String?

    /// Gathers what a segmentation says.
    ///
    /// - Parameter trackingSeed: by default the study and the name of the model.
    public init(
        series: ImageSeries, segments: [SegmentDefinition], model: ModelIdentity, gateway: GatewayIdentity,
        uids: ResultUIDs, created: Date, trackingSeed: String? = nil
    ) {
        self.series = series
        self.segments = segments
        self.model = model
        self.gateway = gateway
        self.uids = uids
        self.created = created
        self.trackingSeed = trackingSeed ?? "\(series.studyInstanceUID) \(model.modelName)"
    }

    /// The description of the series as it is written.
    public var effectiveSeriesDescription: String {
        if let seriesDescription { return seriesDescription }
        return FittedText.longString("\(model.modelName) \(model.softwareVersion)", suffix: " (AI, not reviewed)")
    }
}
