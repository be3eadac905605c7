import Foundation
import Testing
import Voxels

@testable import Inference

@Suite struct BackEndTests {
    @Test("the back end is looked for beside the executable, then below ../lib/portico")
    func search() {
        #expect(
            BackEnd.searchPaths(executable: "/opt/portico/bin/portico") == [
                "/opt/portico/bin/libPorticoTorch.so", "/opt/portico/bin/../lib/portico/libPorticoTorch.so",
            ])
        #expect(BackEnd.searchPaths(executable: "/portico").first == "/libPorticoTorch.so")
        let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(filePath: executable ?? "").deletingLastPathComponent().path
        #expect(BackEnd.searchPaths().first == folder + "/libPorticoTorch.so")
    }

    @Test("a back end that isn't there is missed with its path and the way out")
    func missing() throws {
        let error = #expect(throws: InferenceError.self) { try BackEnd.load(path: "/nowhere/libPorticoTorch.so") }
        #expect(error?.code == .backEndMissing)
        #expect(error?.message.contains("/nowhere/libPorticoTorch.so") == true)
        #expect(error?.message.contains("deploy/setup") == true)
    }

    @Test("a file that is no library is refused with the loader's own words")
    func noLibrary() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("libPorticoTorch.so", Array("not a library".utf8))
        let error = #expect(throws: InferenceError.self) { try BackEnd.load(path: path) }
        #expect(error?.code == .backEndMissing)
        #expect(error?.message.contains("invalid ELF header") == true || error?.message.contains("too short") == true)
    }

    @Test("a library that is no back end is refused", .enabled(if: Places.compiler != nil))
    func foreign() throws {
        let folder = try TemporaryFolder()
        let path = try compile("int other(void) { return 1; }", in: folder)
        let error = #expect(throws: InferenceError.self) { try BackEnd.load(path: path) }
        #expect(error?.code == .backEndIncompatible)
        #expect(error?.message.contains("portico_backend") == true)
    }

    @Test("a back end of another interface version is refused", .enabled(if: Places.compiler != nil))
    func version() throws {
        let folder = try TemporaryFolder()
        let source = "static const unsigned table[1] = {99}; const void *portico_backend(void) { return table; }"
        let error = #expect(throws: InferenceError.self) { try BackEnd.load(path: try compile(source, in: folder)) }
        #expect(error?.code == .backEndIncompatible)
        #expect(error?.message.contains("99") == true)
    }

    @Test("a library whose own libraries are missing says which", .enabled(if: Places.compiler != nil))
    func dependency() throws {
        let folder = try TemporaryFolder()
        let needed = folder.path + "/libneeded.so"
        _ = try compile("int needed(void) { return 1; }", in: folder, as: "libneeded.so")
        let path = try compile(
            "int needed(void); const void *portico_backend(void) { needed(); return 0; }", in: folder,
            ["-L" + folder.path, "-lneeded"])
        try FileManager.default.removeItem(atPath: needed)
        let error = #expect(throws: InferenceError.self) { try BackEnd.load(path: path) }
        #expect(error?.code == .backEndMissing)
        #expect(error?.message.contains("libneeded.so") == true)
    }

    private func compile(
        _ source: String, in folder: TemporaryFolder, as name: String = "libPorticoTorch.so", _ flags: [String] = []
    ) throws -> String {
        let code = try folder.file(name + ".c", Array(source.utf8))
        let path = folder.path + "/" + name
        try Places.run(try #require(Places.compiler), ["-shared", "-fPIC", "-o", path, code] + flags)
        return path
    }
}
