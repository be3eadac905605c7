import Foundation
import Pipelines
import TestSupport
import Testing

@testable import Gateway

@Suite("Tables of scores")
struct ScoreTableTests {
    private func scores(_ values: [Float], file: String = "predictions.csv", delimiter: String = ",") -> SavedScores {
        SavedScores(
            key: "pred", values: values, fileName: file, delimiter: delimiter, outputDirectory: nil,
            operatorID: "postprocessing::transforms::1")
    }

    @Test("values are written as Python writes the float64 of them")
    func text() {
        let line = ScoreTable().line(of: "/x/a.png", [0.1, 1e-5, 1, 0, -0.0, 1e-4, .infinity, -.nan])
        #expect(
            line == "/x/a.png,0.10000000149011612,9.999999747378752e-06,1.0,0.0,-0.0,9.999999747378752e-05,inf,nan\n")
    }

    @Test("a file for each name, lines of one name below each other, replaced by the next run")
    func files() async throws {
        try await Scratch.with { scratch in
            let folder = scratch.path("out")
            let saved = [scores([1, 2]), scores([3]), scores([0.5], file: "other.csv", delimiter: ";")]
            for _ in 0..<2 {
                let written = try ScoreTable.write(saved, input: "/x/a.png", folder: folder)
                #expect(written.map { URL(fileURLWithPath: $0).lastPathComponent } == ["predictions.csv", "other.csv"])
                #expect(try String(contentsOfFile: written[0], encoding: .utf8) == "/x/a.png,1.0,2.0\n/x/a.png,3.0\n")
                #expect(try String(contentsOfFile: written[1], encoding: .utf8) == "/x/a.png;0.5\n")
            }
        }
    }

    @Test("a name that leads out of the folder is refused", arguments: ["../x.csv", "/x.csv", "..", ""])
    func escape(name: String) async throws {
        try await Scratch.with { scratch in
            let error = #expect(throws: RunError.self) {
                try ScoreTable.write([scores([1], file: name)], input: "a", folder: scratch.path("out"))
            }
            #expect(error?.description.contains("postprocessing::transforms::1::filename") == true)
        }
    }
}
