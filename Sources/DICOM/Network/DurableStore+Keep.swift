internal import Glibc

extension DurableStore {
    /// Scans, compares, makes durable, files and reports an object.
    func keep(_ object: ReceivedObject) throws(Rejection) {
        let facts = try scan(object)
        let whole = "\(object.path.dropLast(".part".count))-\(object.byteCount).whole"
        guard rename(object.path, whole) == 0, fsync(object.descriptor) == 0 else {
            let reason = "\(object.path) cannot be made durable: \(String(cString: strerror(errno)))"
            unlink(whole)
            throw Rejection(.outOfResources, "the object cannot be made durable", reason)
        }
        do throws(Rejection) {
            try file(whole, facts, Int(object.byteCount), object.request.association)
        } catch {
            unlink(whole)
            throw error
        }
    }

    private func scan(_ object: ReceivedObject) throws(Rejection) -> HeaderFacts {
        let request = object.request
        let facts: HeaderFacts
        do throws(HeaderScanError) {
            facts = try HeaderScanner.scan(descriptor: object.descriptor, path: object.path)
        } catch {
            let place = error.tag.map { " \($0)" } ?? ""
            // Without its own UIDs an object does not match the request that names them.
            let isNameless = error.kind == .missing && error.tag?.group == 0x0008
            let status: StoreStatus =
                error.kind == .unreadable ? .outOfResources : isNameless ? .mismatch : .cannotUnderstand
            throw Rejection(status, "\(error.kind.rawValue):\(place) at byte \(error.offset)", "\(error)")
        }
        guard facts.sopClassUID == request.sopClassUID else {
            throw Rejection(.mismatch, "SOP Class UID (0008,0016) differs from the request")
        }
        guard facts.sopInstanceUID == request.sopInstanceUID else {
            throw Rejection(.mismatch, "SOP Instance UID (0008,0018) differs from the request")
        }
        return facts
    }

    /// Moves a durable file to its final name, or deals with the one that is there already.
    func file(
        _ whole: String, _ facts: HeaderFacts, _ byteCount: Int, _ association: AssociationInfo?
    ) throws(Rejection) {
        let target = path(of: facts)
        var object = StoredObject(
            facts: facts, path: target, byteCount: byteCount, association: association, isResend: false)
        do throws(DICOMError) {
            let isNew = try StoreFiles.move(whole, to: target, making: folder(of: facts))
            // Also for an object that is there already: who brought it may not have come to this yet.
            if !keepsRenames { try StoreFiles.sync(foldersOf: target, below: configuration.root) }
            if !isNew {
                guard try StoreFiles.haveSameDataSet(whole, target, facts) else {
                    let path = try quarantine(whole, facts)
                    observer.quarantined(
                        QuarantinedObject(facts: facts, path: path, first: target, association: association))
                    return
                }
                unlink(whole)
                object.isResend = true
                object.byteCount = try StoreFiles.size(of: target)
            }
        } catch {
            throw Rejection(.outOfResources, "the object cannot be filed", error.message)
        }
        do {
            try observer.stored(object)
        } catch {
            throw Rejection(.outOfResources, "the object cannot be indexed", "\(error)")
        }
    }

    private func quarantine(_ whole: String, _ facts: HeaderFacts) throws(DICOMError) -> String {
        let folder = "\(configuration.root)/quarantine"
        for number in 1... {
            let path = "\(folder)/\(facts.sopInstanceUID)-\(number).dcm"
            let isNew = try StoreFiles.move(whole, to: path, making: folder)
            if !keepsRenames { try StoreFiles.sync(folder: folder) }
            if isNew { return path }
            // The peer that sent it may send it once more.
            if try StoreFiles.haveSameDataSet(whole, path, facts) {
                unlink(whole)
                return path
            }
        }
        throw DICOMError(.io, "\(folder) is full")
    }

    /// Finishes what was durable and not filed yet, and removes what never became whole.
    func recover() throws(DICOMError) {
        let folder = "\(configuration.root)/incoming"
        for name in try StoreFiles.names(in: folder) {
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".part") {
                unlink(path)
            } else if name.hasSuffix(".whole") {
                recover(path, claimed: Int(name.dropLast(".whole".count).split(separator: "-").last ?? ""))
            }
        }
    }

    private func recover(_ path: String, claimed: Int?) {
        guard let claimed else {
            return observer.unrecovered(path: path, reason: "its name does not say its size")
        }
        // Whatever goes wrong now may be over at the next start, and somebody may have been told that the object is
        // safe: the file stays.
        do {
            let size = try StoreFiles.size(of: path)
            guard size == claimed else {
                // It never reached the disk whole, so nobody was told that it did.
                unlink(path)
                return
            }
            try file(path, try HeaderScanner.scan(path: path), size, nil)
        } catch let rejection as Rejection {
            observer.unrecovered(path: path, reason: rejection.reason)
        } catch {
            observer.unrecovered(path: path, reason: "\(error)")
        }
    }

    /// Calls a function for every object under `studies/`, to rebuild an index from the files.
    ///
    /// - Parameter unreadable: called with the path of a file that is no object, and why.
    public func forEachObject(
        _ body: (StoredObject) throws -> Void, unreadable: (String, HeaderScanError) -> Void = { _, _ in }
    ) throws {
        let studies = "\(configuration.root)/studies"
        for study in try StoreFiles.names(in: studies) {
            for series in try StoreFiles.names(in: "\(studies)/\(study)") {
                let folder = "\(studies)/\(study)/\(series)"
                for name in try StoreFiles.names(in: folder) where name.hasSuffix(".dcm") {
                    let path = "\(folder)/\(name)"
                    let facts: HeaderFacts
                    do throws(HeaderScanError) {
                        facts = try HeaderScanner.scan(path: path)
                    } catch {
                        unreadable(path, error)
                        continue
                    }
                    let size = try StoreFiles.size(of: path)
                    try body(
                        StoredObject(facts: facts, path: path, byteCount: size, association: nil, isResend: false))
                }
            }
        }
    }
}
