import ModelBundles
import Voxels

extension NetworkPort {
    /// Refuses an input that the network was not made for, before it is asked.
    func checkInput(_ tensor: Tensor) throws {
        if let expected = numChannels, tensor.channels != expected {
            throw RunError(
                "after preprocessing '\(name)' has \(tensor.channels) channels (shape \(tensor.shape)), but the "
                    + "bundle takes \(expected): the input holds another number of images or components")
        }
        guard tensor.elements.allSatisfy(\.isFinite) else {
            throw RunError(
                "after preprocessing '\(name)' holds values that are not finite (NaN or infinity): "
                    + "look at the input's own voxels")
        }
    }

    /// Refuses an output that is not what the bundle's metadata promises. That its values are finite is the inferer's
    /// own check.
    ///
    /// - Parameters:
    ///   - channels: those of the network's output.
    ///   - spatialShape: its other axes.
    ///   - grid: the spatial shape of the input.
    func checkOutput(channels: Int?, spatialShape: [Int], on grid: [Int]) throws {
        if let expected = numChannels, let channels, channels != expected {
            throw RunError(
                "models/model.ts gives \(channels) channels, but network_data_format.outputs.\(name)"
                    + ".num_channels in configs/metadata.json says \(expected)")
        }
        // Scores have no place; an image of another grid would be taken for one of the input's.
        guard spatialShape == grid || spatialShape.allSatisfy({ $0 == 1 }) else {
            throw RunError(
                "the network makes \(spatialShape) voxels of an input of \(grid), so it is not known where they lie; "
                    + "the output has to keep the input's grid")
        }
    }
}
