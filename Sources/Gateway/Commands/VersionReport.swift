import DICOM
import Inference

/// What `portico version` prints.
struct VersionReport: Printable {
    var portico: String
    var dcmtk: String
    /// The inference back end with its version, or why there is none.
    var backEnd: String

    /// The versions of this program.
    static func current() -> VersionReport {
        let backEnd: String
        do {
            let loaded = try BackEnd.load()
            backEnd = "\(loaded.name) \(loaded.libraryVersion)"
        } catch {
            backEnd = "none (\(error))"
        }
        return VersionReport(
            portico: PorticoVersion.current, dcmtk: DICOMRuntime.libraryVersion, backEnd: backEnd)
    }

    var table: String {
        "portico   \(portico)\nDCMTK     \(dcmtk)\nback end  \(backEnd)"
    }
}
