import Foundation
import Testing

@testable import ImageFiles

@Suite struct MontageTests {
    private func montage() -> Montage {
        let slices = (0..<6).map { index in
            var grey = [UInt8](repeating: 0, count: 96 * 80)
            var labels = [UInt16](repeating: 0, count: 96 * 80)
            for y in 0..<80 {
                for x in 0..<96 {
                    let (dx, dy) = (Double(x) - 48, Double(y) - 40)
                    let body = dx * dx / 1900 + dy * dy / 1300
                    if body < 1 { grey[y * 96 + x] = UInt8(90 + (x * 7 + y * 13 + index * 5) % 40) }
                    if (dx + 20) * (dx + 20) + dy * dy < Double(40 + index * 40) { labels[y * 96 + x] = 1 }
                    if (dx - 20) * (dx - 20) + (dy - 5) * (dy - 5) < 110 { labels[y * 96 + x] = 2 }
                }
            }
            return Montage.Slice(width: 96, height: 80, grey: grey, labels: labels, caption: "z = \(index * 5) mm")
        }
        return Montage(
            slices: slices,
            segments: [
                .init(number: 1, name: "Liver", red: 221, green: 84, blue: 84),
                .init(number: 2, name: "Left kidney with a very long name that is cut", red: 90, green: 200, blue: 120),
            ],
            pixelSpacing: (2, 2.5), orientation: .init(left: "R", right: "L", top: "A", bottom: "P"),
            title: "Abdomen phantom", subtitle: "6 of 40 slices · axial", footer: ["Not for clinical use"])
    }

    @Test("a montage becomes a PNG with every part in its place")
    func draw() throws {
        let folder = try TemporaryFolder()
        let path = ProcessInfo.processInfo.environment["PORTICO_MONTAGE"] ?? folder.path + "/m.png"
        let montage = montage()
        try montage.writePNG(to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        #expect(Array(bytes[0..<8]) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        let layout = MontageLayout(montage)
        let size = [16, 20].map { place in (0..<4).reduce(0) { $0 << 8 | Int(bytes[place + $1]) } }
        #expect(size == [layout.width, layout.height])
        // The distances of columns and rows give the tile its form.
        #expect(abs(layout.tileHeight / layout.tileWidth - (80 * 2.5) / (96 * 2)) < 0.01)
    }

    @Test("the legend's colours and the segments' are those of the segments", .enabled(if: Places.python != nil))
    func colours() throws {
        let folder = try TemporaryFolder()
        let montage = montage()
        try montage.writePNG(to: folder.path + "/m.png")
        let layout = MontageLayout(montage)
        let tile = layout.tile(5)
        // The middle of the liver's disc in the last tile: its grey in 2/3, its colour in 1/3.
        let x = tile.x + tile.width * 28 / 96
        let y = tile.y + tile.height * 40 / 80
        let program = """
            import sys; from PIL import Image
            im = Image.open(sys.argv[1]).convert('RGB')
            for p in sys.argv[2:]:
                print(*im.getpixel(tuple(int(float(v)) for v in p.split(','))))
            """
        let places = ["\(MontageLayout.margin + 8),\(layout.legendTop + 10)", "\(x),\(y)"]
        let lines = try Places.run(python: program, [folder.path + "/m.png"] + places).split(separator: "\n")
        #expect(lines.first == "221 84 84")
        let mixed = try #require(lines.last).split(separator: " ").compactMap { Int($0) }
        #expect(mixed[0] > mixed[1] + 30 && mixed[0] > mixed[2] + 30)
    }

    @Test("what doesn't fit together is refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/m.png"
        var cases: [Montage] = []
        func add(_ edit: (inout Montage) -> Void) {
            var montage = montage()
            edit(&montage)
            cases.append(montage)
        }
        add { $0.slices = [] }
        add { $0.slices[0].grey.removeLast() }
        add { $0.slices[0].labels[5] = 9 }
        add { $0.slices[0].width = -96 }
        add { $0.pixelSpacing.x = 0 }
        add { $0.pixelSpacing.y = .nan }
        add { $0.columns = 0 }
        for montage in cases { #expect(throws: ImageFileError.self) { try montage.writePNG(to: path) } }
        #expect(throws: ImageFileError.self) { try montage().writePNG(to: folder.path + "/none/m.png") }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("a hundred segments, one slice, and slices of odd shapes are drawn")
    func extremes() throws {
        let folder = try TemporaryFolder()
        var montage = montage()
        montage.segments = (1...105).map {
            .init(number: $0, name: "Segment \($0)", red: UInt8($0 * 2), green: 80, blue: 200)
        }
        try montage.writePNG(to: folder.path + "/many.png")
        montage.slices = [
            .init(width: 1, height: 400, grey: .init(repeating: 9, count: 400), labels: .init(repeating: 1, count: 400))
        ]
        try montage.writePNG(to: folder.path + "/thin.png")
        montage.slices = [
            .init(width: 400, height: 1, grey: .init(repeating: 9, count: 400), labels: .init(repeating: 0, count: 400))
        ]
        try montage.writePNG(to: folder.path + "/flat.png")
    }
}
