import Foundation
import Testing
import Voxels

@testable import ImageFiles

@Suite(.enabled(if: ProcessInfo.processInfo.environment["PORTICO_BENCHMARKS"] == "1"))
struct NIfTIBenchmarks {
    @Test("how long reading and writing a volume of 512 × 512 × 200 take")
    func speed() throws {
        let folder = try TemporaryFolder()
        let count = 512 * 512 * 200
        let tensor = Tensor(
            shape: [512, 512, 200], elements: (0..<count).map { Float(($0 &* 2_654_435_761) >> 20 & 255) - 100 })
        // The processor's time, which other work on the machine doesn't change much.
        func measure(_ body: () throws -> Void) rethrows -> String {
            let start = clock()
            try body()
            return "\(Double(clock() - start) / Double(CLOCKS_PER_SEC)) s"
        }
        for (name, type) in [
            ("a.nii", NIfTIType.int16), ("a.nii.gz", .int16), ("b.nii.gz", .uint8), ("c.nii", .float32),
        ] {
            let source =
                type == .uint8 ? Tensor(shape: tensor.shape, elements: tensor.elements.map { $0 > 0 ? 1 : 0 }) : tensor
            let path = folder.path + "/" + name
            let write = try measure { try NIfTI.write(source, affine: .identity, to: path, type: type) }
            var image: NIfTIImage?
            let read = try measure { image = try NIfTI.read(path) }
            #expect(image?.tensor == source)
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] ?? 0
            print("\(name) \(type), \(size) bytes: write \(write), read \(read)")
        }
    }
}
