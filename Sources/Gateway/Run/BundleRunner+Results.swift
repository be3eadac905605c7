import DICOM
import ModelBundles
import Pipelines

extension BundleRunner {
    /// The bundle's name and version.
    var title: String { "\(bundle.metadata.name) \(bundle.metadata.version)" }

    /// The modality that the bundle was made for, as DICOM spells it; `nil` where its metadata names none.
    var modality: String? { ModalityName.dicom(input.modality) }

    /// The label map among what the bundle saved.
    func labels(in saved: [SavedImage]) throws -> SavedLabels {
        try SavedLabels(saved, output: output)
    }

    /// Which model makes results, with what, from which series.
    func provenance(of series: ImageSeries?) throws -> Provenance {
        let model = try bundle.provenance
        return Provenance(
            manufacturer: model.manufacturer, modelName: model.modelName, softwareVersion: model.softwareVersion,
            deviceUID: model.deviceUID, bundleDigest: try bundle.digest.hex, engine: engine,
            portico: PorticoVersion.current, studyInstanceUID: series?.studyInstanceUID.value,
            seriesInstanceUID: series?.seriesInstanceUID.value,
            sourceInstances: series?.slices.map(\.sopInstanceUID.value) ?? [])
    }
}

/// How bundles and DICOM (PS3.3 C.7.3.1.1.1) spell modalities.
enum ModalityName {
    /// The DICOM code of a bundle's modality; `nil` where it names none.
    static func dicom(_ modality: String?) -> String? {
        guard let modality = modality?.uppercased() else { return nil }
        let known = ["CT": "CT", "MR": "MR", "MRI": "MR", "PT": "PT", "PET": "PT"]
        return known[modality]
    }
}
