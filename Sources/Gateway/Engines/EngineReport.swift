import Foundation
import Inference

/// What `portico doctor` finds out about one engine.
struct EngineReport: Codable, Sendable, Equatable {
    /// The speed of one device.
    struct Speed: Codable, Sendable, Equatable {
        var device: String
        /// Multiplications and additions of a second, in thousand millions; nil where it failed.
        var gigaflops: Double?
        /// Why it failed.
        var problem: String?
    }

    /// What it is: `torch`, `openvino`, or `conversion`, which makes OpenVINO's networks.
    var engine: String
    /// The library that was loaded.
    var library: String?
    var description: EngineDescription?
    /// The versions that a converter was built with.
    var version: String?
    var speeds: [Speed] = []
    /// Why it can't be used; nil where it can.
    var problem: String?

    /// The names of what there is to look at.
    static let engines = BackEnd.Name.allCases.map(\.rawValue) + ["conversion"]

    /// Looks at an engine in this process.
    ///
    /// - Parameter seconds: how long each device is measured; 0 measures none.
    init(of engine: String, seconds: Double) {
        self.engine = engine
        do {
            guard let name = BackEnd.Name(rawValue: engine) else {
                let converter = try Converter.load()
                (library, version) = (converter.path, converter.libraryVersion)
                return
            }
            let backEnd = try BackEnd.load(named: name)
            library = backEnd.path
            let description = try backEnd.describe()
            self.description = description
            version = description.version
            guard seconds > 0 else { return }
            speeds = description.devices.map { device in
                do {
                    return Speed(device: device.name, gigaflops: try backEnd.speed(of: device.name, seconds: seconds))
                } catch {
                    return Speed(device: device.name, problem: "\(error)")
                }
            }
        } catch {
            problem = "\(error)"
        }
    }

    /// Looks at an engine in a process of its own, since loading it may end that.
    init(of engine: String, seconds: Double, by executable: WorkerExecutable) {
        self.engine = engine
        do {
            let child = try WorkerChild(executable)
            let limit = Monotonic.now + 60 + 10 * seconds
            while true {
                switch child.next(timeout: limit - Monotonic.now, bell: -1) {
                case .line(let line):
                    if let report = try? JSONDecoder().decode(EngineReport.self, from: line) { self = report }
                case .ended(.exited(0)): return
                case .ended(let end):
                    problem = "the process that looked at it \(end)"
                    return
                case .timeout:
                    child.kill()
                    problem = "it did not answer within \(Int(60 + 10 * seconds)) s"
                    return
                case .woken: break
                }
            }
        } catch {
            problem = "\(error)"
        }
    }
}
