internal import DICOM

/// Reads what the functional groups say of each frame; what a frame lacks is shared by all.
struct FrameReader {
    let dataSet: DataSet

    init(_ dataSet: DataSet) { self.dataSet = dataSet }

    /// The frames, and the orientation of each.
    func read() throws -> ([SegmentationReader.Frame], [[Double]]) {
        let shared = try dataSet.firstItem(.sharedFunctionalGroupsSequence)
        func group(_ tag: Tag, _ frame: DataSet) throws -> DataSet? {
            try frame.firstItem(tag) ?? shared?.firstItem(tag)
        }
        var frames: [SegmentationReader.Frame] = []
        var orientations: [[Double]] = []
        for frame in try dataSet.items(.perFrameFunctionalGroupsSequence) {
            guard let segment = try group(.segmentIdentificationSequence, frame)?.int(.referencedSegmentNumber) else {
                throw ResultsError(.malformed, "a frame names no segment (0062,000B)")
            }
            let derivations = try frame.items(.derivationImageSequence)
            let sources = try (derivations.isEmpty ? shared?.items(.derivationImageSequence) ?? [] : derivations)
                .flatMap { try $0.items(.sourceImageSequence) }
                .compactMap { try $0.uid(.referencedSOPInstanceUID) }
            frames.append(
                SegmentationReader.Frame(
                    segment: segment,
                    position: try group(.planePositionSequence, frame)?.doubles(.imagePositionPatient) ?? [],
                    sources: sources))
            orientations.append(
                try group(.planeOrientationSequence, frame)?.doubles(.imageOrientationPatient) ?? [])
        }
        return (frames, orientations)
    }
}

/// Finds the slice of a series that a frame lies on.
struct FrameMatcher {
    /// Positions are equal within this, in millimetres: they were copied, or rounded to 16 characters.
    static let positionTolerance = 0.01

    /// Directions are equal within this, per component.
    static let orientationTolerance = 1e-4

    private let series: ImageSeries
    /// The slices that come from each object; an enhanced one holds several.
    private let slicesOfSource: [UID: Set<Int>]
    private let byDepth: [(depth: Double, slice: Int)]
    private let normal: [Double]

    init(_ series: ImageSeries) {
        self.series = series
        slicesOfSource = Dictionary(grouping: series.slices.indices) { series.slices[$0].sopInstanceUID }
            .mapValues(Set.init)
        let (r, c) = (series.orientation.prefix(3).map { $0 }, series.orientation.suffix(3).map { $0 })
        let normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]]
        self.normal = normal
        byDepth = series.slices.enumerated()
            .map { (zip($0.element.position, normal).map(*).reduce(0, +), $0.offset) }
            .sorted { $0.depth < $1.depth }
    }

    /// The slice of each frame.
    ///
    /// - Throws: `ResultsError` where a frame lies on none, in another direction, or on another than its source image.
    func slices(of frames: [SegmentationReader.Frame], _ orientations: [[Double]]) throws -> [Int] {
        try zip(frames, orientations).enumerated().map { index, pair in
            let (frame, orientation) = pair
            guard orientation.count == 6,
                zip(orientation, series.orientation).allSatisfy({
                    abs($0 - $1) <= FrameMatcher.orientationTolerance
                })
            else {
                throw ResultsError(.wrongGrid, "frame \(index + 1) lies in another direction than the series")
            }
            guard let slice = slice(at: frame.position) else {
                throw ResultsError(.wrongGrid, "frame \(index + 1) lies at the position of no slice of the series")
            }
            for source in frame.sources {
                guard let named = slicesOfSource[source], !named.contains(slice) else { continue }
                throw ResultsError(
                    .wrongGrid,
                    "frame \(index + 1) lies at slice \(slice + 1) and names the image of slice "
                        + "\((named.min() ?? 0) + 1)")
            }
            return slice
        }
    }

    private func slice(at position: [Double]) -> Int? {
        guard position.count == 3 else { return nil }
        let depth = zip(position, normal).map(*).reduce(0, +)
        var (low, high) = (0, byDepth.count)
        while low < high {
            let middle = (low + high) / 2
            if byDepth[middle].depth < depth - FrameMatcher.positionTolerance {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < byDepth.count else { return nil }
        let slice = byDepth[low].slice
        let isThere = zip(position, series.slices[slice].position)
            .allSatisfy { abs($0 - $1) <= FrameMatcher.positionTolerance }
        return isThere ? slice : nil
    }
}
