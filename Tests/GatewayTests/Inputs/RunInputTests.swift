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
            #expect(try RunInput.all(["k=" + folder], series: ["1.2"]).map(\.key) == ["k"])
            #expect(throws: CommandFailure.self) { try RunInput.all(["k=" + folder], series: ["1.2", "1.3"]) }
            #expect(throws: CommandFailure.self) { try RunInput.all([folder, folder], series: ["1.2"]) }
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
