import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("What --input and --series name")
struct RunInputTests {
    @Test(
        "a key is taken off, unless a file has that very name or it is no key",
        arguments: [
            ("a.nii", nil, "a.nii"), ("t1=a.nii", "t1", "a.nii"), ("t1=b=c.nii", "t1", "b=c.nii"),
            ("there=x.nii", nil, "there=x.nii"), ("./a=b.nii", nil, "./a=b.nii"), ("/x/y=z", nil, "/x/y=z"),
            ("=a", nil, "=a"), ("t1=", nil, "t1="), ("t_1-b=/x", "t_1-b", "/x"),
        ] as [(String, String?, String)])
    func parts(text: String, key: String?, path: String) {
        let found = RunInput.parts(of: text) { $0 == "there=x.nii" }
        #expect(found.key == key && found.path == path)
    }

    @Test("what lies there decides how it is read; anything else is refused in words")
    func kinds() async throws {
        try await Scratch.with { scratch in
            func write(_ name: String, _ data: Data) throws -> String {
                let url = scratch.path(name)
                try data.write(to: url)
                return url.path
            }
            let dicom = Data(count: 128) + Data("DICM".utf8) + Data(count: 10)
            #expect(try RunInput(write("a=b.nii.gz", Data([0]))).kind == .nifti)
            #expect(try RunInput("k=" + write("p.PNG", Data([0]))).kind == .picture)
            #expect(try RunInput("k=" + write("p.jpeg", Data([0]))).key == "k")
            #expect(try RunInput(write("image", dicom)).kind == .dicomFile)
            #expect(try RunInput(scratch.folder.path).kind == .dicomFolder)
            let other = try write("text.txt", Data("words".utf8))
            let error = #expect(throws: CommandFailure.self) { try RunInput(other) }
            #expect(error?.description.contains(other) == true && error?.description.contains(".png") == true)
            let none = #expect(throws: CommandFailure.self) { try RunInput(scratch.path("none").path) }
            #expect(none?.description.contains("no such file") == true)
        }
    }

    @Test("several series are several images of one folder, in their order, with their keys")
    func series() async throws {
        try await Scratch.with { scratch in
            let folder = scratch.folder.path
            let inputs = try RunInput.all([folder], series: ["1.2", "t2=1.3"])
            #expect(inputs.map(\.series) == ["1.2", "1.3"] && inputs.map(\.key) == [nil, "t2"])
            #expect(inputs[0].name.contains("series 1.2"))
            let keyed = try RunInput.all(["k=" + folder], series: ["1.2", "1.3"])
            #expect(keyed.map(\.series) == ["1.2", "1.3"] && keyed.map(\.key) == ["k", "k"])
        }
    }

    /// `KEY=FOLDER` and `KEY=UID`, and what becomes of them: the key, the folder and the series of each image.
    @Test(
        "of several folders each has its series: by its key, or by its place",
        arguments: [
            (["a", "b"], ["1.1", "1.2"], ["a 1.1", "b 1.2"]),
            (["t1=a", "t2=b"], ["t2=1.2"], ["t1 a", "t2 b 1.2"]),
            (["t1=a", "t2=b"], ["t2=1.2", "t1=1.1"], ["t1 a 1.1", "t2 b 1.2"]),
            (["t1=a", "b"], ["t2=1.2", "t3=1.3", "t1=1.1"], ["t1 a 1.1", "t2 b 1.2", "t3 b 1.3"]),
            (["t1=a", "t1=b", "t2=a"], ["t1=1.1", "t1=1.2"], ["t1 a 1.1", "t1 b 1.2", "t2 a"]),
            (["x.nii", "a", "y.nii"], ["1.1", "1.2"], ["x.nii", "a 1.1", "a 1.2", "y.nii"]),
            (["x=x.nii", "y=a"], ["1.1"], ["x x.nii", "y a 1.1"]),
        ])
    func folders(inputs: [String], series: [String], expected: [String]) async throws {
        let found = try await all(inputs, series)
        #expect(
            found.map { input in
                [input.key, input.url.lastPathComponent, input.series].compactMap { $0 }.joined(separator: " ")
            } == expected)
    }

    @Test(
        "a series whose folder is not known is refused with the way to name it",
        arguments: [
            (["a", "b"], ["1.1"], "1 --series for 2 --input"),
            (["a", "b"], ["1.1", "1.2", "1.3"], "3 --series for 2"),
            (["a", "b"], ["t1=1.1"], "--input KEY=PATH goes with --series KEY=UID"),
            (["t1=a", "t2=b"], ["1.1"], "a series without a key with an --input without one"),
            (["t1=a"], ["t2=1.1"], "--series t2=1.1: no --input says where it is"),
            (["x.nii"], ["1.1"], "no --input is a folder or a file of DICOM"),
        ])
    func unknownFolders(inputs: [String], series: [String], words: String) async throws {
        let error = await #expect(throws: CommandFailure.self) { try await all(inputs, series) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// Makes the folders and files that inputs name, and reads the options.
    private func all(_ inputs: [String], _ series: [String]) async throws -> [RunInput] {
        try await Scratch.with { scratch in
            let texts = try inputs.map { text in
                let (key, name) = RunInput.parts(of: text) { _ in false }
                let url = scratch.path(name)
                if name.hasSuffix(".nii") {
                    try Data([0]).write(to: url)
                } else {
                    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
                }
                return (key.map { "\($0)=" } ?? "") + url.path
            }
            return try RunInput.all(texts, series: series)
        }
    }

    @Test(
        "a file is named as MONAI shortens it",
        arguments: [
            ("/x/case0.nii.gz", "case0"), ("/x/case.v1.nii", "case.v1"), ("a.b.png", "a.b"), ("plain", "plain"),
        ])
    func stem(path: String, expected: String) {
        #expect(RunSource.stem(ofFile: path) == expected)
    }
}
