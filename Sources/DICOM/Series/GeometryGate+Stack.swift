internal import Glibc

/// The directions of an image: along a row, down a column, and the normal of both, LPS.
struct Axes {
    let row: SIMD3<Double>
    let column: SIMD3<Double>
    let normal: SIMD3<Double>

    /// Takes the six values of Image Orientation (Patient), or gives nil where there are not six.
    init?(_ orientation: [Double]) {
        guard orientation.count == 6 else { return nil }
        row = SIMD3(orientation[0], orientation[1], orientation[2])
        column = SIMD3(orientation[3], orientation[4], orientation[5])
        let cross = Axes.cross(row, column)
        normal = cross / length(cross)
    }

    /// Whether the values are two perpendicular vectors of length 1.
    static func isUsable(_ orientation: [Double], _ tolerance: Double) -> Bool {
        guard let axes = Axes(orientation) else { return false }
        return abs(length(axes.row) - 1) <= tolerance && abs(length(axes.column) - 1) <= tolerance
            && abs(dot(axes.row, axes.column)) <= tolerance
    }

    /// How far a position lies along the normal.
    func depth(_ position: [Double]) -> Double { dot(normal, SIMD3(position[0], position[1], position[2])) }

    /// The larger of the angles between the rows and between the columns, in radians.
    func angle(to other: Axes) -> Double {
        max(Axes.angle(row, other.row), Axes.angle(column, other.column))
    }

    /// The angle between two vectors in radians, exact for small ones too.
    static func angle(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { atan2(length(cross(a, b)), dot(a, b)) }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
}

func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }

func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }

/// A length for a message, to a thousandth.
func millimetres(_ value: Double) -> String { decimals(value, 1000) }

/// An angle in radians for a message, in degrees to a hundredth.
func degrees(_ radians: Double) -> String { decimals(radians * 180 / .pi, 100) + "°" }

private func decimals(_ value: Double, _ unit: Double) -> String { "\((value * unit).rounded() / unit)" }

extension GeometryGate {
    /// The vector from a slice to the next on the regular grid.
    func step(_ ordered: [SliceHeader], _ axes: Axes) -> SIMD3<Double> {
        guard ordered.count > 1 else { return axes.normal * (ordered.first?.sliceSpacing ?? 1) }
        return (ordered[ordered.count - 1].point - ordered[0].point) / Double(ordered.count - 1)
    }

    /// Duplicates, gaps and tilt: what is wrong with the stack as a whole.
    func stackReasons(_ ordered: [SliceHeader], _ axes: Axes) -> [Reason] {
        guard ordered.count > 1 else { return [] }
        let depths = ordered.map { axes.depth($0.position) }
        let distances = zip(depths.dropFirst(), depths).map { $0 - $1 }
        if let reason = duplicateReason(ordered, distances) { return [reason] }
        var reasons: [Reason] = []
        let median = distances.sorted()[distances.count / 2]
        // With two distances the upper one would be the median, and the lower one is what is usual.
        let usual = distances.count == 2 ? distances.min() ?? median : median
        let gaps = distances.enumerated().filter { $0.element > usual * rules.gapFactor }
        if let gap = gaps.first {
            reasons.append(
                Reason(
                    .gap,
                    "\(gaps.count) of \(distances.count) distances between slices are gaps: "
                        + "\(millimetres(gap.element)) mm between slices \(gap.offset + 1) and \(gap.offset + 2) where "
                        + "\(millimetres(usual)) mm is usual; slices are missing"))
        }
        let along = ordered[ordered.count - 1].point - ordered[0].point
        let angle = Axes.angle(along, axes.normal)
        let drift = length(along - axes.normal * dot(along, axes.normal))
        if angle > rules.tiltTolerance * .pi / 180, drift > rules.positionTolerance {
            reasons.append(
                Reason(
                    .tilt,
                    "the stack leans \(degrees(angle)) against the normal of its slices, as under a tilted gantry "
                        + "(\(millimetres(drift)) mm over \(millimetres(dot(along, axes.normal))) mm)"))
        }
        return reasons
    }

    private func duplicateReason(_ ordered: [SliceHeader], _ distances: [Double]) -> Reason? {
        let close = distances.indices.filter { distances[$0] < rules.duplicateDistance }
        guard let first = close.first else { return nil }
        let places = distances.count - close.count + 1
        // All that lie where the first two do, so that what three or more have in common is told, too.
        let end = distances[first...].firstIndex { $0 >= rules.duplicateDistance } ?? distances.count
        let images = ordered[first...end]
        let told = Set(images.flatMap(\.distinctions.keys)).filter { key in
            Set(images.map { $0.distinctions[key] }).count > 1
        }
        let why = told.isEmpty ? "" : "; they differ in " + told.sorted().joined(separator: ", ")
        let things = ordered.contains { $0.frameNumber != nil } ? "frames" : "images"
        return Reason(
            .duplicates,
            "\(ordered.count) \(things) lie at \(places) \(places == 1 ? "position" : "positions"), so some positions "
                + "have more than one\(why)\(mosaicWords(ordered))")
    }

    /// How far slices lie from their places on the regular grid.
    func regularityReasons(_ ordered: [SliceHeader], _ axes: Axes) -> ([Reason], [String]) {
        guard ordered.count > 1 else { return ([], []) }
        let step = step(ordered, axes)
        var along = (distance: 0.0, slice: 0)
        var across = (distance: 0.0, slice: 0)
        for (index, header) in ordered.enumerated() {
            let off = header.point - (ordered[0].point + step * Double(index))
            let depth = dot(off, axes.normal)
            if abs(depth) > along.distance { along = (abs(depth), index) }
            let lateral = length(off - axes.normal * depth)
            if lateral > across.distance { across = (lateral, index) }
        }
        let spacing = length(step)
        let pixel = ordered[0].pixelSpacing.min() ?? 0
        let limits = (
            along: max(rules.positionTolerance, rules.relativePositionTolerance * spacing),
            across: max(rules.positionTolerance, rules.relativePositionTolerance * pixel)
        )
        func words(_ found: (distance: Double, slice: Int), _ where: String) -> String {
            "slice \(found.slice + 1) of \(ordered.count) lies \(millimetres(found.distance)) mm \(`where`) its place "
                + "on a grid of \(millimetres(spacing)) mm"
        }
        var reasons: [Reason] = []
        var notes: [String] = []
        if along.distance > limits.along {
            reasons.append(
                Reason(.irregularSpacing, "slices are unequally spaced: " + words(along, "before or behind")))
        } else if along.distance > limits.along / 5 {
            notes.append(words(along, "before or behind"))
        }
        if across.distance > limits.across {
            reasons.append(Reason(.shift, "slices are shifted in their plane: " + words(across, "beside")))
        } else if across.distance > limits.across / 5 {
            notes.append(words(across, "beside"))
        }
        return (reasons, notes)
    }
}

extension SliceHeader {
    /// The position as a vector.
    var point: SIMD3<Double> { SIMD3(position[0], position[1], position[2]) }
}
