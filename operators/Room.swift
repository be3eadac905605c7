import Pipelines
import Voxels

/// How large a result may become: an argument that asks for more is a mistake, and ends the run before memory does.
enum Room {
    /// The most values of a result or of a step on the way to it, all channels together: 2³¹, which are 8 GB.
    static let mostValues = 1 << 31

    /// Refuses buffers that would hold more.
    ///
    /// - Parameters:
    ///   - shape: the result's, channels included; its lengths are not negative.
    ///   - steps: the shapes of the buffers on the way.
    ///   - path: the config path of the argument that asks for it.
    static func check(_ shape: [Int], steps: [[Int]] = [], path: String) throws(PipelineError) {
        for buffer in [shape] + steps where !Tensor.holds(buffer, atMost: mostValues) {
            throw PipelineError(
                .unfitImage, "\(path): \(shape) values would take more memory than the 2³¹ (8 GB) that Portico allows")
        }
    }
}
