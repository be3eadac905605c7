/// The cases in which Portico does not do what MONAI does, by design.
enum CaseExceptions {
    /// What Portico does in place of MONAI, and why.
    enum Exception {
        /// It refuses what MONAI takes.
        case refused(String)
        /// It takes what MONAI refuses.
        case accepted(String)
    }

    /// By the case's id.
    static let reasons: [String: Exception] = {
        var reasons: [String: Exception] = [:]
        for (reason, ids) in refused { for id in ids { reasons[id] = .refused(reason) } }
        for (reason, ids) in accepted { for id in ids { reasons[id] = .accepted(reason) } }
        return reasons
    }()

    private static let refused: [(reason: String, ids: [String])] = [
        (
            "nothing of the image would be left, with which MONAI's next transform or the network fails",
            [
                "CropForeground.empty", "CropForeground.empty_2d", "CropForeground.empty_margin",
                "CropForeground.empty_smaller",
            ]
        ),
        (
            "smoothing before the resizing",
            ["Resize.smooth", "Resize.smooth_sigma", "Resize.smooth_up", "Resize.2d_smooth"]
        ),
        ("an axis of length 1 with aligned corners, after which the affine is singular", ["Resize.aligned_to_one"]),
        ("resampling in float32, whose voxels depend on the processor", ["Spacing.float32"]),
        (
            "intensities in float64, where Portico keeps float32",
            [
                "NormalizeIntensity.float64", "ScaleIntensity.float64", "ScaleIntensityRange.float64",
                "ScaleIntensityRangePercentiles.float64",
            ]
        ),
        ("float16, which would round what Portico keeps as float32", ["CastToType.half"]),
        ("a function of torch as an activation, which no bundle of the zoo asks for", ["Activations.other"]),
    ]

    private static let accepted: [(reason: String, ids: [String])] = []
}
