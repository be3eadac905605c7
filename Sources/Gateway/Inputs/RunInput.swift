import DICOM
import Foundation
import ImageFiles

/// One image that `portico run` is given: what `--input` or `--series` says, and what lies there.
struct RunInput: Sendable, Equatable {
    /// What lies at a path.
    enum Kind: Sendable, Equatable {
        case nifti
        case picture
        case dicomFolder
        case dicomFile
    }

    /// The key that it was given for; nil where none was named.
    var key: String?
    var url: URL
    var kind: Kind
    /// The series to take of it.
    var series: String?
    /// The frame of an object of several, from 1, where it is an image of two axes.
    var frame: Int?

    /// What messages call it.
    var name: String { url.path + (series.map { " (series \($0))" } ?? "") }

    /// Makes an input that was looked at.
    init(key: String?, url: URL, kind: Kind, series: String? = nil) {
        self.key = key
        self.url = url
        self.kind = kind
        self.series = series
    }

    /// Understands `PATH` or `KEY=PATH` and looks what is there.
    ///
    /// - Throws: `CommandFailure` where there is nothing, or nothing that images are read from.
    init(_ text: String) throws {
        guard !text.isEmpty else { throw CommandFailure("--input names no file and no folder") }
        let (key, path) = Self.parts(of: text) { FileManager.default.fileExists(atPath: $0) }
        self.key = key
        url = URL(fileURLWithPath: path)
        kind = try Self.kind(of: url)
    }

    /// Takes `KEY=PATH` apart. A path that exists means itself, whatever is in it.
    ///
    /// A key is letters, digits, `_` and `-`, so that `./a=b` and `/x=y` are paths.
    static func parts(of text: String, exists: (String) -> Bool) -> (key: String?, path: String) {
        guard !exists(text), let end = text.firstIndex(of: "="), end > text.startIndex else { return (nil, text) }
        let key = text[..<end]
        let path = String(text[text.index(after: end)...])
        guard key.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }), !path.isEmpty else {
            return (nil, text)
        }
        return (String(key), path)
    }

    private static func kind(of url: URL) throws -> Kind {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw CommandFailure("\(url.path): there is no such file or folder")
        }
        if isFolder.boolValue { return .dicomFolder }
        if NIfTI.isNIfTI(path: url.path) { return .nifti }
        if ["png", "jpg", "jpeg"].contains(url.pathExtension.lowercased()) { return .picture }
        guard Self.isDICOM(url) else {
            throw CommandFailure(
                "\(url.path): expected a folder of DICOM files, a DICOM file, or a .nii, .nii.gz, .png or .jpg file")
        }
        return .dicomFile
    }

    /// Whether a file has the prefix of PS3.10 §7.1.
    static func isDICOM(_ url: URL) -> Bool {
        guard let file = try? FileHandle(forReadingFrom: url) else { return false }
        defer { try? file.close() }
        let start = (try? file.read(upToCount: 132)) ?? nil
        return start?.count == 132 && start?.suffix(4) == Data("DICM".utf8)
    }
}

extension RunInput {
    /// The inputs that the options of a command line name.
    ///
    /// - Parameters:
    ///   - inputs: `--input`, each `PATH` or `KEY=PATH`.
    ///   - series: `--series`, each `UID` or `KEY=UID`. Of one place with DICOM every one is an image of its own; of
    ///     several places for one key there is one for each, in their order. A key that no place was given for names a
    ///     series of the one place without a key.
    ///   - frame: `--frame`.
    /// - Throws: `CommandFailure` where it is not said which place a series is of.
    static func all(_ inputs: [String], series: [String], frame: Int? = nil) throws -> [RunInput] {
        let found = try inputs.map { text in
            var input = try RunInput(text)
            input.frame = frame
            return input
        }
        let wanted = series.map { text in parts(of: text) { _ in false } }.map { (key: $0.key, uid: $0.path) }
        var chosen: [Int: [RunInput]] = [:]
        for (places, series) in try groups(wanted, among: found) {
            guard places.count == 1 || places.count == series.count else {
                throw CommandFailure(
                    "\(series.count) --series for \(places.count) --input with DICOM "
                        + "(\(places.map { found[$0].name }.joined(separator: ", "))): give one for each, in their order, "
                        + "or tell them apart by keys, --input KEY=PATH --series KEY=UID")
            }
            for (index, one) in series.enumerated() {
                let place = places.count == 1 ? places[0] : places[index]
                var input = found[place]
                input.key = one.key ?? input.key
                input.series = one.uid
                chosen[place, default: []].append(input)
            }
        }
        return found.indices.flatMap { chosen[$0] ?? [found[$0]] }
    }

    /// The series by the places that they are of, each place as its index.
    private static func groups(
        _ series: [(key: String?, uid: String)], among inputs: [RunInput]
    ) throws -> [(places: [Int], series: [(key: String?, uid: String)])] {
        let places = inputs.indices.filter { inputs[$0].kind == .dicomFolder || inputs[$0].kind == .dicomFile }
        var groups: [(places: [Int], series: [(key: String?, uid: String)])] = []
        for one in series {
            let own = places.filter { inputs[$0].key == one.key }
            let nameless = places.filter { inputs[$0].key == nil }
            let fitting = !own.isEmpty ? own : one.key == nil ? places : nameless
            guard !fitting.isEmpty, !own.isEmpty || fitting.count == 1 else {
                let name = (one.key.map { "\($0)=" } ?? "") + one.uid
                throw CommandFailure(
                    "--series \(name): "
                        + (places.isEmpty
                            ? "it names a series of DICOM, and no --input is a folder or a file of DICOM"
                            : "no --input says where it is: --input KEY=PATH goes with --series KEY=UID, and a series "
                                + "without a key with an --input without one"))
            }
            if let index = groups.firstIndex(where: { $0.places == fitting }) {
                groups[index].series.append(one)
            } else {
                groups.append((fitting, [one]))
            }
        }
        return groups
    }
}
