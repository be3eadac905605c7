import DICOM
import Foundation
import ImageFiles
import Pipelines
import Voxels

/// Answers `LoadImaged` with the images that a command line names.
struct RunSource: ImageSource {
    /// What stands behind one input once it was looked at.
    enum Content: Sendable {
        case nifti(path: String)
        case picture(path: String)
        case series(ImageSeries)
        case planar(PlanarImage)
    }

    /// The images of each key.
    private let contents: [String: [(input: RunInput, content: Content)]]

    /// The DICOM series among them, in the order of the keys and channels.
    let series: [ImageSeries]

    /// The DICOM images of two axes among them, in the same order.
    let planarImages: [PlanarImage]

    private let bundle: BundleInputs

    /// Looks at the inputs; of DICOM all headers are read, so that a series that is no volume is refused here.
    ///
    /// - Parameters:
    ///   - bundle: what the bundle takes.
    ///   - modality: what the bundle was made for.
    ///   - needsFrameOfReference: whether a DICOM result is made, which needs one.
    /// - Throws: `CommandFailure` where series do not belong together.
    init(
        _ assignment: InputAssignment, bundle: BundleInputs, modality: String?, needsFrameOfReference: Bool = true
    ) throws {
        var reader = SeriesReader()
        reader.rules.needsFrameOfReference = needsFrameOfReference
        var contents: [String: [(input: RunInput, content: Content)]] = [:]
        var series: [ImageSeries] = []
        var planarImages: [PlanarImage] = []
        // Several series of one folder: its headers are read once.
        var surveys: [URL: SeriesReader.Survey] = [:]
        for slot in bundle.slots {
            guard let inputs = assignment.images[slot.key] else { continue }
            for input in inputs {
                let content = try Self.content(of: input, bundle, modality, reader, &surveys)
                switch content {
                case .series(let found): series.append(found)
                case .planar(let found): planarImages.append(found)
                case .nifti, .picture: break
                }
                contents[slot.key, default: []].append((input, content))
            }
        }
        try Self.requireOneStudy(series)
        self.contents = contents
        self.series = series
        self.planarImages = planarImages
        self.bundle = bundle
    }

    /// Refuses series that were not made of one patient in one position, because voxels of one grid would be others.
    private static func requireOneStudy(_ series: [ImageSeries]) throws {
        guard let first = series.first else { return }
        for other in series.dropFirst() {
            let names = "the series \(first.seriesInstanceUID) and \(other.seriesInstanceUID)"
            guard other.studyInstanceUID == first.studyInstanceUID else {
                throw CommandFailure("\(names) are of different studies; one run takes images of one")
            }
            if let one = first.frameOfReferenceUID, let two = other.frameOfReferenceUID, one != two {
                throw CommandFailure(
                    "\(names) have different frames of reference (0020,0052), so they do not lie on one grid whatever "
                        + "their positions say; register them first")
            }
        }
    }

    /// What a person should know of the series.
    var notes: [String] {
        series.enumerated().flatMap { index, one -> [String] in
            var notes = one.notes
            if one.duplicates > 0 {
                notes.append("objects that came again with the same content and count once: \(one.duplicates)")
            }
            if series[..<index].contains(where: { $0.seriesInstanceUID == one.seriesInstanceUID }) {
                notes.append("the series \(one.seriesInstanceUID) is given more than once")
            }
            return notes
        }
    }

    /// The DICOM objects that the images came from, in their order.
    var provenance: SourceObjects {
        SourceObjects(
            studyInstanceUID: (series.first?.studyInstanceUID ?? planarImages.first?.studyInstanceUID)?.value,
            seriesInstanceUID: (series.first?.seriesInstanceUID ?? planarImages.first?.seriesInstanceUID)?.value,
            instances: series.flatMap { $0.slices.map(\.sopInstanceUID.value) }
                + planarImages.map(\.sopInstanceUID.value))
    }

    private static func content(
        of input: RunInput, _ bundle: BundleInputs, _ modality: String?, _ reader: SeriesReader,
        _ surveys: inout [URL: SeriesReader.Survey]
    ) throws -> Content {
        switch input.kind {
        case .nifti: return .nifti(path: input.url.path)
        case .picture:
            guard bundle.isPlanar else {
                throw CommandFailure("\(input.name): a picture has two axes, and the bundle takes \(bundle.inWords)")
            }
            return .picture(path: input.url.path)
        case .dicomFolder where bundle.isPlanar, .dicomFile where bundle.isPlanar:
            return .planar(try PlanarChoice.find(in: input.url, series: input.series, frame: input.frame))
        case .dicomFolder, .dicomFile:
            let survey = try surveys[input.url] ?? reader.survey(try SeriesChoice.files(in: input.url))
            surveys[input.url] = survey
            return .series(
                try SeriesChoice.find(in: survey, of: input.url, series: input.series, modality: modality))
        }
    }

    /// What files made of the images of a key are called: the file's name without its suffix, or the series' UID.
    func stem(of key: String) -> String {
        guard let first = contents[key]?.first else { return key }
        switch first.content {
        case .series(let series): return series.seriesInstanceUID.value
        case .planar(let image): return image.sopInstanceUID.value
        case .nifti(let path), .picture(let path): return Self.stem(ofFile: path)
        }
    }

    /// The name of a file as MONAI shortens it (data/utils.py, `create_file_basename`): without its last suffix, and
    /// without the one before where that is `.gz`.
    static func stem(ofFile path: String) -> String {
        let url = URL(fileURLWithPath: path)
        let name = url.deletingPathExtension()
        return url.pathExtension.lowercased() == "gz"
            ? name.deletingPathExtension().lastPathComponent : name.lastPathComponent
    }

    func load(_ request: LoadRequest) throws -> ModelImage {
        let images = contents[request.key] ?? []
        return try ImageStack.read(
            images.map { image in
                ImageStack.Member(name: image.input.name) { try read(image.content, request, image.input.name) }
            }, key: request.key)
    }

    private func read(_ content: Content, _ request: LoadRequest, _ name: String) throws -> ModelImage {
        switch content {
        case .nifti(let path):
            try Self.requireNoConverter(request, path)
            let image = try NIfTISource(path: path).load(request)
            guard !bundle.isPlanar || image.source.shape.count == 2 else {
                throw RunError("\(name): it is a volume, and the bundle takes \(bundle.inWords)")
            }
            return image
        case .picture(let path):
            return try colourful(try PictureSource(path: path).load(request), name)
        case .planar(let image):
            return try colourful(try PlanarSource(image: image).load(request), name)
        case .series(let series):
            try Self.requireNoConverter(request, "a DICOM volume")
            return try SeriesSource(series).load(request)
        }
    }

    /// Refuses a grey picture where the bundle takes colours.
    private func colourful(_ image: ModelImage, _ name: String) throws -> ModelImage {
        guard let components = bundle.components, image.source.channelAxis == nil else { return image }
        throw RunError(
            "\(name): the picture is grey, and the bundle takes \(components) components a pixel; for a bundle of RGB an "
                + "overlay can give its LoadImaged \"reader\": \"PILReader\" and "
                + "\"converter\": \"$lambda x: x.convert('RGB')\"")
    }

    /// PILReader's `converter` is a function of a picture.
    private static func requireNoConverter(_ request: LoadRequest, _ name: String) throws {
        guard !request.convertsToRGB else {
            throw RunError(
                "\(name): the bundle converts a picture to colour, which this is not; give a .png or .jpg file")
        }
    }
}

/// The DICOM objects that a result was made of.
struct SourceObjects {
    /// The study; nil where the images are no DICOM.
    var studyInstanceUID: String?
    /// The first series, whose grid the result lies on.
    var seriesInstanceUID: String?
    /// SOP Instance UIDs in the order of the inputs and their slices, each once, however many frames it has.
    var instances: [String]

    /// Makes a description.
    init(studyInstanceUID: String?, seriesInstanceUID: String?, instances: [String]) {
        self.studyInstanceUID = studyInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        var known: Set<String> = []
        self.instances = instances.filter { known.insert($0).inserted }
    }

    /// The objects of one series.
    init(_ series: ImageSeries) {
        self.init(
            studyInstanceUID: series.studyInstanceUID.value, seriesInstanceUID: series.seriesInstanceUID.value,
            instances: series.slices.map(\.sopInstanceUID.value))
    }
}
