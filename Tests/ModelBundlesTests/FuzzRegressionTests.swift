import Foundation
import FuzzHarness
import TestSupport
import Testing

@Suite("What the fuzzers run through", .timeLimit(.minutes(5)))
struct FuzzRegressionTests {
    @Test("every seed holds what the fuzzers check, with a stack of 1 MB", arguments: FuzzTarget.allCases)
    func seeds(_ target: FuzzTarget) throws {
        let folder = Project.root.appendingPathComponent("Tests/Fuzz/Seeds/\(target.rawValue)")
        let seeds = try Project.files(below: folder.resolvingSymlinksInPath())
        #expect(seeds.count > 30)
        for seed in seeds {
            let bytes = [UInt8](try Data(contentsOf: seed))
            let finding = SmallStack.run { Self.finding(of: target, bytes) }
            #expect(finding == nil, "\(seed.lastPathComponent): \(finding ?? "")")
        }
    }

    private static func finding(of target: FuzzTarget, _ bytes: [UInt8]) -> String? {
        do {
            try target.check(bytes)
            return nil
        } catch {
            return error.message
        }
    }
}
