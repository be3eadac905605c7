internal import CDCMTK
internal import Glibc

/// The calls to the file system that a store needs, with errors in words.
enum StoreFiles {
    static func failure(_ what: String, _ code: Int32 = errno) -> DICOMError {
        DICOMError(.io, "\(what): \(String(cString: strerror(code)))", foreignCode: code)
    }

    /// Makes a folder and those above it, and each of them durable together with its entry in the one above.
    static func makeFolder(_ path: String) throws(DICOMError) {
        let above = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        if mkdir(path, 0o750) != 0 {
            if errno == EEXIST { return }
            guard errno == ENOENT, above != "/", above != "." else {
                throw failure("the folder \(path) cannot be made")
            }
            try makeFolder(above)
            if mkdir(path, 0o750) != 0 {
                if errno == EEXIST { return }
                throw failure("the folder \(path) cannot be made")
            }
        }
        do throws(DICOMError) {
            try sync(folder: path)
            // A folder above the store may be one that may not be read; then there is no way but everything.
            if access(above, R_OK) == 0 { try sync(folder: above) } else { Glibc.sync() }
        } catch {
            // So that the next object tries again.
            rmdir(path)
            throw error
        }
    }

    /// Makes the entries of a folder durable.
    static func sync(folder: String) throws(DICOMError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("the folder \(folder) cannot be opened") }
        defer { close(descriptor) }
        // EINVAL: a file system that knows nothing to do for a folder, such as some in user space.
        if fsync(descriptor) != 0, errno != EINVAL { throw failure("the folder \(folder) cannot be made durable") }
    }

    /// Makes the folders above a file durable, from the file upwards to the last one below a root.
    static func sync(foldersOf path: String, below root: String) throws(DICOMError) {
        var folder = path
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            guard folder.utf8.count > root.utf8.count else { return }
            try sync(folder: folder)
        }
    }

    /// Whether a file system is one of those whose `fsync` of a file makes its name durable too, after a rename: ext2
    /// to ext4 (one number for all), XFS and Btrfs.
    static func keepsRenames(_ path: String) -> Bool { pdx_keeps_renames(path) != 0 }

    static func absolute(_ path: String) throws(DICOMError) -> String {
        guard let resolved = realpath(path, nil) else { throw failure("the folder \(path) cannot be used") }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Locks a file until the descriptor is closed.
    static func lock(_ path: String) throws(DICOMError) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failure("\(path) cannot be made") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK
                ? DICOMError(.io, "another process uses this store: \(path) is locked")
                : failure("\(path) cannot be locked", code)
        }
        return descriptor
    }

    /// Renaming needs one file system.
    static func demandOneFileSystem(_ root: String, _ folders: [String]) throws(DICOMError) {
        var devices: Set<UInt> = []
        for folder in folders {
            var status = stat()
            guard stat("\(root)/\(folder)", &status) == 0 else { throw failure("\(root)/\(folder) cannot be read") }
            devices.insert(UInt(status.st_dev))
        }
        if devices.count > 1 {
            throw DICOMError(.io, "the folders \(folders.joined(separator: ", ")) in \(root) must lie on one disk")
        }
    }

    /// Renames a file unless its new name is taken; the folder is made where it is missing.
    ///
    /// - Returns: false where the name is taken.
    static func move(_ path: String, to target: String, making folder: String) throws(DICOMError) -> Bool {
        var code: Int32 = 0
        for attempt in 0..<2 {
            code = pdx_rename_new(path, target)
            if code == 0 { return true }
            if code == EEXIST { return false }
            guard code == ENOENT, attempt == 0 else { break }
            try makeFolder(folder)
        }
        throw failure("\(path) cannot be moved to \(target)", code)
    }

    static func size(of path: String) throws(DICOMError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("\(path) cannot be read") }
        return Int(status.st_size)
    }

    /// Whether two files hold the same object: the same transfer syntax and the same bytes behind their meta headers,
    /// which differ with the peer that sent them.
    static func haveSameDataSet(_ path: String, _ other: String, _ facts: HeaderFacts) throws(DICOMError) -> Bool {
        let otherFacts: HeaderFacts
        do throws(HeaderScanError) {
            otherFacts = try HeaderScanner.scan(path: other)
        } catch {
            // What cannot be read may well be the same: it is an error, and no answer.
            if error.kind == .unreadable { throw DICOMError(.io, "\(other): \(error)") }
            return false
        }
        guard otherFacts.transferSyntaxUID == facts.transferSyntaxUID else { return false }
        let count = try size(of: path) - facts.dataSetOffset
        guard try size(of: other) - otherFacts.dataSetOffset == count else { return false }
        let first = open(path, O_RDONLY | O_CLOEXEC)
        guard first >= 0 else { throw failure("\(path) cannot be read") }
        defer { close(first) }
        let second = open(other, O_RDONLY | O_CLOEXEC)
        guard second >= 0 else { throw failure("\(other) cannot be read") }
        defer { close(second) }
        return try haveSameBytes((first, facts.dataSetOffset), (second, otherFacts.dataSetOffset), count)
    }

    private static func haveSameBytes(
        _ first: (descriptor: Int32, offset: Int), _ second: (descriptor: Int32, offset: Int), _ count: Int
    ) throws(DICOMError) -> Bool {
        let step = 256 << 10
        var left = [UInt8](repeating: 0, count: step)
        var right = left
        var done = 0
        while done < count {
            let wanted = min(step, count - done)
            guard try read(&left, wanted, first.descriptor, first.offset + done),
                try read(&right, wanted, second.descriptor, second.offset + done),
                left.prefix(wanted) == right.prefix(wanted)
            else { return false }
            done += wanted
        }
        return true
    }

    /// Fills the first bytes of a buffer; false where the file ends before.
    private static func read(
        _ buffer: inout [UInt8], _ count: Int, _ descriptor: Int32, _ offset: Int
    ) throws(DICOMError) -> Bool {
        var have = 0
        while have < count {
            let got = buffer.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress.map { $0 + have }, count - have, off_t(offset + have))
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw failure("a stored object cannot be read") }
            if got == 0 { return false }
            have += got
        }
        return true
    }

    /// The names in a folder, sorted, without those that begin with a dot.
    static func names(in folder: String) throws(DICOMError) -> [String] {
        guard let stream = opendir(folder) else { throw failure("the folder \(folder) cannot be read") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
