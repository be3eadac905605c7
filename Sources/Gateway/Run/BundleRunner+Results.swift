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

    /// The saved scores with the names of their classes.
    func scores(in saved: [SavedScores]) -> [RunSummary.Score] {
        saved.filter { $0.key == output.name }.flatMap { scores in
            let hasNames = scores.values.count == output.numChannels
            return scores.values.enumerated().map { index, value in
                RunSummary.Score(
                    label: (hasNames ? output.channelDefinition[index] : nil) ?? String(index), value: value)
            }
        }
    }

    /// Which model makes results, with what, of which objects.
    func provenance(of source: SourceObjects) throws -> Provenance {
        let model = try bundle.provenance
        return Provenance(
            manufacturer: model.manufacturer, modelName: model.modelName, softwareVersion: model.softwareVersion,
            deviceUID: model.deviceUID, bundleDigest: try bundle.digest.hex, engine: engine,
            engineProof: engineProof, portico: PorticoVersion.current, studyInstanceUID: source.studyInstanceUID,
            seriesInstanceUID: source.seriesInstanceUID, sourceInstances: source.instances)
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
