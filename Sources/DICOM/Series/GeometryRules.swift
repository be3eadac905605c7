/// How regular a series has to be to be read as a volume.
///
/// What breaks a rule is refused, never resampled or guessed: a model assumes an orthogonal, evenly spaced grid.
public struct GeometryRules: Sendable, Hashable {
    /// The least number of slices. Two cannot show that they are evenly spaced, so the default is 3.
    public var minimumSlices = 3

    /// Whether all images must name one frame of reference, which a result needs (PS3.3 C.7.4.1).
    public var needsFrameOfReference = true

    /// How far a slice may lie from its place on the regular grid, along and across the normal: so many millimetres …
    ///
    /// 0.051 mm lets positions pass that a scanner rounded to 0.1 mm.
    public var positionTolerance = 0.051

    /// … or this part of the spacing in that direction, whichever is more. Above a fifth of it a note is kept.
    public var relativePositionTolerance = 0.02

    /// A distance between neighbours of more than so many times the median is a gap.
    public var gapFactor = 1.5

    /// Slices closer together than this, in millimetres, lie at the same position.
    public var duplicateDistance = 0.01

    /// The largest angle in degrees between the stack and the normal of its slices; real series have up to 0.05.
    public var tiltTolerance = 0.1

    /// The largest angle in radians between the directions of two images: 0.08 mm at the end of a row of 400 mm.
    public var orientationTolerance = 2e-4

    /// The largest relative difference between pixel spacings: a twentieth of a pixel over 512.
    public var spacingTolerance = 1e-4

    /// How far the direction vectors may be from perpendicular and from length 1.
    public var orthonormalityTolerance = 1e-3

    /// Makes the default rules.
    public init() {}
}
