public import Pipelines

/// The operators that a bundle can name. The list is closed: what is not here is refused when the bundle is read.
public enum Catalog {
    /// All operators.
    public static let operators = OperatorCatalog(
        [
            Activate.self,
            AddGuidanceFromPoints.self,
            AddGuidanceSignal.self,
            ApplyFunction.self,
            CastToType.self,
            CenterSpatialCrop.self,
            CropForeground.self,
            DeleteItems.self,
            Discretise.self,
            DivisiblePad.self,
            EnsureChannelFirst.self,
            EnsureType.self,
            FillHoles.self,
            FlattenSubKeys.self,
            Flip.self,
            FromMetaTensor.self,
            Invert.self,
            KeepLargestComponent.self,
            LoadImage.self,
            NormalizeIntensity.self,
            RemoveSmallObjects.self,
            Reorient.self,
            Resize.self,
            ResizeGuidance.self,
            ResizeWithPadOrCrop.self,
            Respace.self,
            Rotate90.self,
            SaveClassification.self,
            SaveImage.self,
            ScaleIntensity.self,
            ScaleIntensityRange.self,
            ScaleIntensityRangePercentiles.self,
            SpatialPad.self,
            SqueezeDim.self,
            ThresholdIntensity.self,
            ToDevice.self,
            ToNumpy.self,
            ToTensor.self,
            Transpose.self,
        ], standIns: standIns)
}
