import Foundation
import ModelBundles
import Pipelines
import Voxels

@testable import Gateway

/// Makes the label maps that the tests look at.
enum SavedLabelsSupport {
    /// What SaveImaged of the demo bundle is given, counted.
    ///
    /// - Parameter spacing: millimetres along X, Y and Z.
    static func map(_ tensor: Tensor, spacing: [Double]) throws -> SavedLabels {
        var affine = Affine.identity
        for axis in 0..<3 { affine[axis, axis] = spacing[axis] }
        let image = ModelImage(
            tensor: tensor, affine: affine, source: SourceGrid(shape: tensor.shape, affine: affine))
        let saved = SavedImage(
            key: "pred", image: image, outputPostfix: "seg", outputExtension: ".nii.gz", outputDType: .uint8,
            separateFolder: false, outputDirectory: nil, squeezesEndAxes: true, operatorID: "postprocessing::3")
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bundle = try ModelBundle(
            opening: root.appendingPathComponent("dicom-fixtures/bundles/abdomen_phantom"))
        return try SavedLabels([saved], output: bundle.metadata.outputs[0])
    }
}
