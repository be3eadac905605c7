internal import DICOM
internal import FoundationEssentials
internal import Glibc

/// Gives a durable file another name in its folder.
enum DurableMove {
    static func rename(_ file: URL, to target: URL) throws {
        let folder = target.deletingLastPathComponent().path
        guard Glibc.rename(file.path, target.path) == 0 else { throw failure(target) }
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(target) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(target) }
    }

    private static func failure(_ target: URL) -> DICOMError {
        let code = errno
        return DICOMError(
            .io, "\(target.path) cannot be given its name: \(String(cString: strerror(code)))", foreignCode: code)
    }
}
