public import Pipelines

/// The operators that a bundle can name. The list is closed: what is not here is refused when the bundle is read.
public enum Catalog {
    /// All operators.
    public static let operators = OperatorCatalog([
        Activate.self,
        ApplyFunction.self,
        Discretise.self,
        EnsureChannelFirst.self,
        EnsureType.self,
        Invert.self,
        LoadImage.self,
        NormalizeIntensity.self,
        Reorient.self,
        Respace.self,
        SaveImage.self,
        ScaleIntensity.self,
        ScaleIntensityRange.self,
    ])
}
