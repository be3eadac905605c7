/// Which axis of the world each voxel axis runs along most closely, and in which direction.
///
/// Also the difference of two such: where each axis goes, and whether it is flipped (nibabel's `ornt` arrays).
public struct Orientation: Sendable, Equatable {
    /// For each voxel axis the world axis, or for a difference the axis that it becomes.
    public var axes: [Int]

    /// For each voxel axis whether it runs against that axis.
    public var flips: [Bool]

    /// Makes an orientation.
    public init(axes: [Int], flips: [Bool]) {
        self.axes = axes
        self.flips = flips
    }

    /// The orientation of an affine (nibabel `io_orientation`): the nearest rotation to the affine without its zooms,
    /// then axis by axis, the most decided first, the world axis with the largest part in it.
    ///
    /// - Returns: nil where an axis has no direction, as when a column of the affine is zero.
    public init?(_ affine: Affine) {
        guard var rotation = NearestRotation.of(affine) else { return nil }
        let largest = (0..<3).map { column in (0..<3).map { rotation[$0 * 3 + column].magnitude }.max() ?? 0 }
        // Stable, as nibabel's: of two axes that are equally decided the first one chooses.
        let order = (0..<3).sorted {
            let (first, second) = (largest[$0] * largest[$0], largest[$1] * largest[$1])
            return first == second ? $0 < $1 : first > second
        }
        var axes = [Int](repeating: -1, count: 3)
        var flips = [Bool](repeating: false, count: 3)
        for axis in order {
            let column = (0..<3).map { rotation[$0 * 3 + axis] }
            var world = 0
            for row in 1..<3 where column[row].magnitude > column[world].magnitude { world = row }
            guard column[world].magnitude > 1e-8 else { return nil }
            axes[axis] = world
            flips[axis] = column[world] < 0
            for other in 0..<3 { rotation[world * 3 + other] = 0 }
        }
        self.init(axes: axes, flips: flips)
    }

    /// The letters of the directions in which the axes run, such as `RAS` (nibabel `axcodes2ornt`).
    ///
    /// - Parameter labels: for each world axis the letter of its beginning and of its end.
    /// - Returns: nil where a letter is unknown or an axis is named twice.
    public init?(codes: String, labels: [(Character, Character)] = Orientation.labels) {
        var axes: [Int] = []
        var flips: [Bool] = []
        for code in codes {
            guard let axis = labels.firstIndex(where: { $0.0 == code || $0.1 == code }), !axes.contains(axis)
            else { return nil }
            axes.append(axis)
            flips.append(labels[axis].0 == code)
        }
        self.init(axes: axes, flips: flips)
    }

    /// Left to right, posterior to anterior, inferior to superior: the letters of a world in RAS.
    public static var labels: [(Character, Character)] { [("L", "R"), ("P", "A"), ("I", "S")] }

    /// The orientation of the first axes alone.
    ///
    /// - Returns: nil where one of them runs along an axis of the world that is not among the first.
    public func prefix(_ rank: Int) -> Orientation? {
        let first = Orientation(axes: Array(axes.prefix(rank)), flips: Array(flips.prefix(rank)))
        return first.axes.allSatisfy { $0 < rank } ? first : nil
    }

    /// The letters of the directions, such as `LPS`.
    public var codes: String {
        String(zip(axes, flips).map { $1 ? Self.labels[$0].0 : Self.labels[$0].1 })
    }

    /// What turns an array of this orientation into one of another (nibabel `ornt_transform`).
    ///
    /// - Returns: nil where the other has no axis along one of these.
    public func transform(to end: Orientation) -> Orientation? {
        var axes: [Int] = []
        var flips: [Bool] = []
        for (axis, flip) in zip(self.axes, self.flips) {
            guard let target = end.axes.firstIndex(of: axis) else { return nil }
            axes.append(target)
            flips.append(flip != end.flips[target])
        }
        return Orientation(axes: axes, flips: flips)
    }

    /// Takes voxels of an array that this turned to voxels of the array before (nibabel `inv_ornt_aff`).
    ///
    /// - Parameter shape: the shape before.
    public func inverseAffine(shape: [Int]) -> Affine {
        var affine = Affine(Array(repeating: 0, count: 16))
        affine[3, 3] = 1
        // Axes of space that an image of two lacks stay as they are.
        for axis in axes.count..<max(3, axes.count) { affine[axis, axis] = 1 }
        for axis in axes.indices {
            affine[axis, axes[axis]] = flips[axis] ? -1 : 1
            affine[axis, 3] = flips[axis] ? Double(shape[axis] - 1) : 0
        }
        return affine
    }

    /// The shape of an array of a shape after this turned it.
    public func turned(_ shape: [Int]) -> [Int] {
        var turned = shape
        for axis in 0..<axes.count { turned[axes[axis]] = shape[axis] }
        return turned
    }
}
