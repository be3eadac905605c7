public import FoundationEssentials

extension SeriesReader {
    /// The 2D images that files hold.
    public struct PlanarSurvey: Sendable {
        /// The images, by Study, Series and SOP Instance UID, then by frame.
        public var images: [PlanarImage] = []
        /// The other objects, in the same order.
        public var refused: [PlanarRefusal] = []
        /// The files that are no DICOM or cannot be parsed.
        public var unreadable: [UnreadableFile] = []
        /// How many objects came a second time and were left out.
        public var duplicates = 0
    }

    /// Reads the headers of files, each object by itself; every frame of a multi-frame object is an image.
    ///
    /// Geometry rules do not matter. An object that came twice counts once where both copies hold the same; otherwise
    /// both are refused.
    public func images(in files: [URL]) -> PlanarSurvey {
        var survey = PlanarSurvey()
        var objects: [[SliceHeader]] = []
        for (file, result) in zip(files, headers(files)) {
            switch result {
            case .success(let headers): if !headers.isEmpty { objects.append(headers) }
            case .failure(let error): survey.unreadable.append(UnreadableFile(file: file, error: error))
            }
        }
        let (unique, conflicts) = SeriesReader.withoutDuplicates(objects)
        survey.duplicates = objects.count - unique.count
        for object in unique.sorted(by: {
            SeriesReader.sortKey($0[0]).lexicographicallyPrecedes(SeriesReader.sortKey($1[0]))
        }) {
            var reasons = PlanarGate.reasons(object)
            if conflicts.contains(object[0].sopInstanceUID) {
                reasons.append(
                    .init(.duplicates, "its SOP Instance UID stands for more than one content"))
            }
            if reasons.isEmpty {
                survey.images += PlanarGate.images(object)
            } else {
                survey.refused.append(PlanarRefusal(object[0], reasons))
            }
        }
        return survey
    }

    /// Reads the header of a file that holds a 2D image.
    ///
    /// - Parameter frame: which frame of a multi-frame object, from 1.
    /// - Throws: `PlanarRefusal` where the object cannot be read as a 2D image; `DICOMError` where the file cannot be
    ///   read, has no such frame, or has several and none was named.
    public func image(in file: URL, frame: Int? = nil) throws -> PlanarImage {
        let survey = images(in: [file])
        if let unreadable = survey.unreadable.first { throw unreadable.error }
        if let refusal = survey.refused.first { throw refusal }
        let name = file.lastPathComponent
        guard let first = survey.images.first else { throw DICOMError(.notFound, "\(name): there is no image") }
        guard let frame else {
            guard survey.images.count == 1 else {
                throw DICOMError(
                    .invalidArgument, "\(name): there are \(survey.images.count) frames; name one of them")
            }
            return first
        }
        guard survey.images.indices.contains(frame - 1) else {
            throw DICOMError(.notFound, "\(name): there is no frame \(frame) of \(survey.images.count)")
        }
        return survey.images[frame - 1]
    }

    private static func sortKey(_ header: SliceHeader) -> [String] {
        [header.studyInstanceUID.value, header.seriesInstanceUID.value, header.sopInstanceUID.value]
    }
}

/// Decides whether an object is made of 2D images.
enum PlanarGate {
    /// What is stored as an image and is none of the body: segmentations, a dose, tiles of a slide.
    private static let others: [String: String] = Dictionary(
        uniqueKeysWithValues: [
            ("66.4", "is a segmentation"), ("66.7", "is a label map"), ("66.8", "is a height map"),
            ("481.2", "is a dose"), ("30", "is a parametric map"),
        ].map { ("1.2.840.10008.5.1.4.1.1." + $0.0, $0.1) })

    /// Why an object cannot be read, in words that go on after "the object".
    static func reasons(_ object: [SliceHeader]) -> [SeriesRefusal.Reason] {
        let header = object[0]
        guard let format = header.format else {
            return [.init(.notAnImage, "holds no pixels, so there is nothing to run a model on")]
        }
        if let what = others[header.sopClassUID.value] {
            return [.init(.notAnImage, "\(what), so there is nothing to run a model on")]
        }
        if header.isTiled {
            return [.init(.multiFrame, "is a slide whose frames are tiles (0048,0006), and none is an image by itself")]
        }
        if header.frames > SliceHeader.mostFrames {
            return [.init(.multiFrame, "has more than \(SliceHeader.mostFrames) frames (0028,0008)")]
        }
        var reasons = formatReasons(format)
        if !header.canDecode {
            reasons.append(
                .init(.unreadablePixels, "is compressed in a way that cannot be decoded; send it uncompressed"))
        }
        if let fault = header.pixelFault {
            reasons.append(.init(.unreadablePixels, "has " + fault))
        }
        if format.isGrey, let fault = object.lazy.compactMap(\.valueFault).first {
            reasons.append(.init(.unreadablePixels, "has " + fault))
        }
        return reasons
    }

    private static func formatReasons(_ format: PixelFormat) -> [SeriesRefusal.Reason] {
        let (colours, samples) = (format.photometricInterpretation, format.samplesPerPixel)
        if !format.hasReadableSamples {
            return [
                .init(
                    .unreadablePixels, "has samples of \(format.bitsAllocated) bits (0028,0100), and 8 or 16 are read")
            ]
        }
        switch (colours, samples) {
        case ("MONOCHROME1", 1), ("MONOCHROME2", 1): return []
        case ("RGB", 3), ("PALETTE COLOR", 1), ("YBR_RCT", 3), ("YBR_ICT", 3):
            if !format.isSigned { return [] }
        case ("YBR_FULL", 3), ("YBR_FULL_422", 3):
            if !format.isSigned, format.bitsAllocated == 8, format.bitsStored == 8 { return [] }
            return [
                .init(.colour, "has a Photometric Interpretation (0028,0004) of YBR and samples of other than 8 bits")
            ]
        default:
            // The term is foreign text, and only terms of the standard are repeated.
            let name = known.contains(colours) ? colours : "one that is not known"
            return [
                .init(
                    .colour,
                    "has \(samples) \(samples == 1 ? "sample" : "samples") per pixel (0028,0002) and as Photometric "
                        + "Interpretation (0028,0004) \(name), which are not read together")
            ]
        }
        return [.init(.colour, "has signed colours (0028,0103)")]
    }

    /// Defined terms that may stand in a message (PS3.3 C.7.6.3.1.2).
    private static let known: Set<String> = [
        "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "HSV", "ARGB", "CMYK", "YBR_FULL", "YBR_FULL_422",
        "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT", "XYB",
    ]

    /// An image for each frame.
    static func images(_ object: [SliceHeader]) -> [PlanarImage] {
        let header = object[0]
        if header.frameNumber != nil || header.frames == 1 {
            return object.compactMap { PlanarImage($0, frame: $0.frameNumber) }
        }
        return (1...header.frames).compactMap { PlanarImage(header, frame: $0) }
    }
}
