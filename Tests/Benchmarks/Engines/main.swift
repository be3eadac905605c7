import Foundation
import Inference
import Voxels

// Converts a network and times it on both engines, or measures the memory of one that was compiled before. Two threads
// each; the least time of several rounds counts.
//
//   EngineBenchmark compare NAME NETWORK.ts FOLDER LENGTH…      prints a row of docs/performance.md's table
//   EngineBenchmark memory NAME NETWORK.xml CACHE LENGTH…       prints the peak of resident memory

struct Usage: Error {}

func noise(_ shape: [Int]) -> Tensor {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    let values = (0..<shape.reduce(1, *)).map { _ -> Float in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 23) - 1
    }
    return Tensor(shape: shape, elements: values)
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let time = try clock.measure(body).components
    return Double(time.seconds) + Double(time.attoseconds) * 1e-18
}

/// The least of as many rounds as go into 4 s, three at least, after one that warms up.
func best(_ body: () throws -> Void) rethrows -> Double {
    try body()
    var times: [Double] = []
    while times.count < 3 || (times.reduce(0, +) < 4 && times.count < 30) { times.append(try seconds(body)) }
    return times.min() ?? 0
}

func words(_ value: Double) -> String { String(format: value < 0.1 ? "%.4f" : "%.3f", value) }

/// How a network differs from what is expected: the largest difference, the range, the part of places of one class.
func agreement(_ found: Tensor, _ expected: Tensor) -> (difference: Float, range: Float, sameClass: Double) {
    let difference = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
    let range = (expected.elements.max() ?? 0) - (expected.elements.min() ?? 0)
    let (channels, places) = (expected.shape[1], expected.shape[2...].reduce(1, *))
    func label(_ tensor: Tensor, _ place: Int) -> Int? {
        (0..<channels).max { tensor.elements[place + $0 * places] < tensor.elements[place + $1 * places] }
    }
    let same = (0..<places).count { label(found, $0) == label(expected, $0) }
    return (difference, range, Double(same) / Double(places))
}

func compare(_ name: String, _ path: String, _ folder: String, _ window: [Int]) throws {
    let (openVINO, converter) = (try BackEnd.load(named: .openvino), try Converter.load())
    let batch4 = [4 * window[0]] + window[1...]
    let input = noise(window)
    let torch = try BackEnd.load().loadNetwork(path, options: LoadOptions(threads: 2))
    let expected = try torch.forward(input)
    let torch1 = try best { _ = try torch.run(input) }
    let torch4 = try best { _ = try torch.run(noise4) } / 4

    let (xml, xml4, cache) = ("\(folder)/\(name).xml", "\(folder)/\(name)-4.xml", "\(folder)/\(name).blob")
    for way in Converter.Way.allCases {
        do {
            let conversion = try seconds { try converter.convert(path, way: way, shape: window, to: xml) }
            try converter.convert(path, way: way, shape: batch4, to: xml4)
            var network: LoadedNetwork?
            var options = LoadOptions(threads: 2, batchShape: window)
            let compiling = try seconds { network = try openVINO.loadNetwork(xml, options: options) }
            options.cachePath = cache
            _ = try openVINO.loadNetwork(xml, options: options)
            let reading = try seconds { network = try openVINO.loadNetwork(xml, options: options) }
            guard let network, network.cache == .read else { throw Usage() }
            let (difference, range, same) = agreement(try network.forward(input), expected)
            guard difference <= 1e-4 * range, same >= 0.9999 else {
                print("\(name), \(way): difference \(difference) of \(range), \(same) of one class; not used")
                continue
            }
            let one = try best { _ = try network.run(input) }
            let four = try openVINO.loadNetwork(xml4, options: LoadOptions(threads: 2, batchShape: batch4))
            let openVINO4 = try best { _ = try four.run(noise4) } / 4
            let parallel = try openVINO.loadNetwork(
                xml, options: LoadOptions(threads: 1, batchShape: window, streams: 2))
            let streams =
                best {
                    DispatchQueue.concurrentPerform(iterations: 2) { _ in
                        for _ in 0..<4 { if (try? parallel.run(input)) == nil { exit(1) } }
                    }
                } / 8
            let size = window[2...].map(String.init).joined(separator: " × ")
            let times = [torch1, torch4, one, openVINO4, streams, conversion, compiling, reading].map(words)
            let place = String(format: "%.0e (%.3g)", difference, range)
            print("| \(([name, size, way.rawValue] + times + [place]).joined(separator: " | ")) |")
            return
        } catch let error as InferenceError where error.code == .unsupported {
            continue
        }
    }
    print("\(name): no way of conversion goes")
    exit(1)
}

func memory(_ name: String, _ path: String, _ cache: String, _ window: [Int]) throws {
    let options = LoadOptions(threads: 2, batchShape: window, cachePath: cache)
    let network = try BackEnd.load(named: .openvino).loadNetwork(path, options: options)
    let input = noise(window)
    for _ in 0..<5 { _ = try network.run(input) }
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").dropFirst().first
    print("\(name): \((peak.flatMap { Int($0) } ?? 0) / 1024) MB resident at most, compiled network \(network.cache)")
}

let arguments = CommandLine.arguments
guard arguments.count > 5 else { throw Usage() }
let window = arguments[5...].compactMap { Int($0) }
let noise4 = noise(arguments[1] == "compare" ? [4 * window[0]] + window[1...] : [1])
switch arguments[1] {
case "compare": try compare(arguments[2], arguments[3], arguments[4], window)
case "memory": try memory(arguments[2], arguments[3], arguments[4], window)
default: throw Usage()
}
