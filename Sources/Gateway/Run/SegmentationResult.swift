import Crypto
import DICOM
import Foundation
import ModelBundles
import Results
import Voxels

/// The DICOM SEG of one run.
struct SegmentationResult {
    /// Segmentation Storage (PS3.4 B.5).
    private static let sopClass = "1.2.840.10008.5.1.4.1.1.66.4"

    private let context: SegmentationContext
    private let labels: SavedLabels
    private let file: URL

    /// Gathers what the object says.
    ///
    /// - Parameters:
    ///   - key: the job's; with the bundle and the source instances it determines every UID, so that the same run
    ///     makes the same object again.
    ///   - created: the moment that the object carries.
    ///   - folder: where the file goes; made if it is not there.
    init(
        runner: BundleRunner, labels: SavedLabels, source: ImageSeries, key: String, created: Date, folder: URL,
        parameters: ResultParameters
    ) throws {
        let provenance = try runner.bundle.provenance
        let digest = try runner.bundle.digest.hex
        guard let deviceUID = UID(provenance.deviceUID) else {
            throw RunError("the bundle's device UID \(provenance.deviceUID) is no UID")
        }
        let model = ModelIdentity(
            manufacturer: provenance.manufacturer, modelName: provenance.modelName,
            softwareVersion: provenance.softwareVersion, deviceUID: deviceUID, algorithmName: provenance.modelName,
            digest: digest, description: runner.bundle.metadata.intendedUse)
        let uids = ResultUIDs(seed: Self.seed(key: key, digest: digest, source: source))
        var context = SegmentationContext(
            series: source, segments: labels.labels.map { SegmentDefinition(value: $0.value, label: $0.name) },
            model: model,
            gateway: GatewayIdentity(
                serialNumber: parameters.serialNumber, softwareVersion: PorticoVersion.current),
            uids: uids, created: created)
        context.seriesNumber = parameters.seriesNumber
        context.purposeOfReference = CodedConcept(
            parameters.purposeCodeValue, parameters.purposeCodeScheme, parameters.purposeCodeMeaning)
        self.context = context
        self.labels = labels
        try OutputFolder.make(folder)
        file = folder.appendingPathComponent("\(uids.segmentation.value).dcm")
    }

    /// Writes the file, durable and checked.
    ///
    /// - Throws: `ResultsError` or `DICOMError`; then there is no file.
    func write() throws -> ResultObject {
        let map = try LabelMap(tensor: labels.tensor, affine: labels.affine)
        guard case .written(let written) = try SegmentationWriter(context).write(map, to: file) else {
            throw RunError("the label map is empty, so there is no segmentation to write")
        }
        return ResultObject(
            path: written.file.path, sopClassUID: Self.sopClass,
            sopInstanceUID: written.sopInstanceUID.value, seriesInstanceUID: written.seriesInstanceUID.value)
    }

    /// Names the run: its key, the bundle's bytes and the images.
    private static func seed(key: String, digest: String, source: ImageSeries) -> String {
        let instances = source.slices.map(\.sopInstanceUID.value).sorted().joined(separator: "\n")
        let images = SHA256.hash(data: Data(instances.utf8)).map { String(format: "%02x", $0) }.joined()
        return "\(key)\n\(digest)\n\(images)"
    }
}
