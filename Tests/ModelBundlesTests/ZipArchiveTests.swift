import Foundation
import Testing

@testable import ModelBundles

@Suite("Zip archives")
struct ZipArchiveTests {
    private func text(_ name: String, in fixture: ZipFixture, limit: Int = 1 << 20) throws -> String {
        let archive = try ZipArchive(bytes: fixture.bytes)
        let member = try #require(archive[name])
        return String(decoding: try archive.contents(of: member, limit: limit), as: UTF8.self)
    }

    private func failure(_ fixture: ZipFixture, reading name: String? = nil) -> BundleError? {
        bundleError {
            let archive = try ZipArchive(bytes: fixture.bytes)
            if let name, let member = archive[name] { _ = try archive.contents(of: member, limit: 1 << 20) }
        }
    }

    @Test("stored and deflated members are read, with Zip64 and with a comment that holds a signature")
    func members() throws {
        let long = String(repeating: "spleen and liver, ", count: 40_000)
        for isZip64 in [false, true] {
            var fixture = ZipFixture(["a/b.json": "{}", "a/": ""])
            fixture.addDeflated("a/long.txt", Array(long.utf8))
            fixture.addDeflated("a/empty.txt", [])
            fixture.isZip64 = isZip64
            fixture.comment = [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 7, count: 40)
            #expect(try text("a/b.json", in: fixture) == "{}")
            #expect(try text("a/long.txt", in: fixture) == long)
            #expect(try text("a/empty.txt", in: fixture) == "")
            #expect(try ZipArchive(bytes: fixture.bytes).members.map(\.name).contains("a/"))
        }
    }

    @Test(
        "a name that leads out of the archive, or that systems read differently, refuses it",
        arguments: ["../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", "a\\b", "C:\\x", "a\nb", "..", "a/.."])
    func names(_ name: String) {
        var fixture = ZipFixture(["good.json": "{}"])
        fixture.add(name, "1")
        #expect(failure(fixture)?.code == .escape, "\(name)")
    }

    @Test("what readers would read differently is refused")
    func ambiguous() {
        var twice = ZipFixture(["a": "1"])
        twice.add("a", "2")
        #expect(failure(twice)?.message.contains("twice") == true)
        var other = ZipFixture()
        other.members = [.init(name: "a", contents: [1], localName: "b")]
        #expect(failure(other, reading: "a")?.message.contains("another member") == true)
        var overlapping = ZipFixture(["a": "1"])
        overlapping.members.append(.init(name: "b", contents: [1], offset: 3))
        #expect(failure(overlapping)?.message.contains("overlaps") == true)
        // The length of the first local header's extra field, which the directory does not have.
        var shifted = ZipFixture(["a": "1", "b": "2"]).bytes
        shifted[28] = 1
        let error = bundleError {
            let archive = try ZipArchive(bytes: shifted)
            _ = try archive.contents(of: try #require(archive["a"]), limit: 10)
        }
        #expect(error?.message.contains("reaches into what lies behind it") == true)
    }

    @Test("damage is told as such, with the member")
    func damage() {
        var checksum = ZipFixture()
        checksum.members = [.init(name: "a/b", contents: [1, 2], checksum: 5)]
        let error = failure(checksum, reading: "a/b")
        #expect(error?.file == "a/b" && error?.message.contains("checksum") == true)
        var longer = ZipFixture()
        longer.members = [.init(name: "a", contents: [1, 2], stored: ZipFixture.deflated([1, 2]), method: 8, size: 1)]
        #expect(failure(longer, reading: "a")?.message.contains("longer") == true)
        var shorter = ZipFixture()
        shorter.members = [
            .init(name: "a", contents: [1, 2], stored: ZipFixture.deflated([1, 2]), method: 8, size: 3)
        ]
        #expect(failure(shorter, reading: "a")?.message.contains("declared") == true)
        var cut = ZipFixture()
        let half = Array(ZipFixture.deflated(Array(0..<200)).dropLast(20))
        cut.members = [.init(name: "a", contents: Array(0..<200), stored: half, method: 8)]
        #expect(failure(cut, reading: "a")?.message.contains("end early") == true)
        var garbage = ZipFixture()
        garbage.members = [.init(name: "a", contents: [1], stored: [0xFF, 0xFF, 0xFF], method: 8)]
        #expect(failure(garbage, reading: "a")?.message.contains("damaged") == true)
    }

    @Test("every cut of an archive is an error and never a crash")
    func truncated() throws {
        var fixture = ZipFixture(["a/b.json": "{}"])
        fixture.addDeflated("a/c.json", Array(repeating: 65, count: 500))
        fixture.isZip64 = true
        let bytes = fixture.bytes
        for count in 0..<bytes.count {
            #expect(bundleError { _ = try ZipArchive(bytes: Array(bytes.prefix(count))) } != nil, "\(count)")
        }
    }

    @Test("what Portico does not read is named: encryption, links, other methods")
    func unsupported() {
        var fixture = ZipFixture()
        fixture.members = [
            .init(name: "secret", contents: [1], flags: 1), .init(name: "lzma", contents: [1], method: 14),
            .init(name: "link", contents: [1], attributes: 0xA1FF_0000),
        ]
        #expect(failure(fixture, reading: "secret")?.message.contains("encrypted") == true)
        #expect(failure(fixture, reading: "lzma")?.message.contains("method 14") == true)
        #expect(failure(fixture, reading: "link")?.message.contains("symbolic link") == true)
        for name in ["secret", "lzma", "link"] { #expect(failure(fixture, reading: name)?.code == .unsupported) }
    }

    @Test("a bomb is refused before it is unpacked")
    func bomb() throws {
        var fixture = ZipFixture()
        fixture.addDeflated("a.json", [UInt8](repeating: 0x20, count: 64 << 20))
        let archive = try ZipArchive(bytes: fixture.bytes)
        let member = try #require(archive["a.json"])
        #expect(bundleError { _ = try archive.contents(of: member, limit: 16 << 20) }?.code == .limit)
        var taken = 0
        let streamed = bundleError {
            try archive.read(member) { (bytes: [UInt8]) throws(BundleError) in taken += bytes.count }
        }
        #expect(streamed?.code == .limit && taken == 0)
        // One that lies about its length ends where the declared length does.
        var liar = ZipFixture()
        liar.members = [
            .init(
                name: "a.json", contents: [], stored: ZipFixture.deflated([UInt8](repeating: 0x20, count: 64 << 20)),
                method: 8, size: 1000)
        ]
        #expect(failure(liar, reading: "a.json")?.message.contains("longer than the 1000 bytes") == true)
    }
}
