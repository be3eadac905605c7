/// Where the windows of a sliding-window pass lie on an image.
///
/// The arithmetic is MONAI's (`monai/inferers/utils.py` `sliding_window_inference`, `monai/data/utils.py`
/// `dense_patch_slices`): an image smaller than the window is padded on both sides, the step is the truncated product
/// of window and `1 − overlap`, and the last window of an axis is moved back to end with the image.
/// Images of one, two or three spatial axes are laid out on three axes here; missing ones lead and have length 1.
public struct WindowGrid: Sendable, Equatable {
    /// The spatial shape of the image as it was given, one to three axes.
    public let imageShape: [Int]

    /// The window's length on each axis of `imageShape`.
    public let window: [Int]

    /// The groups that windows are blended in; without buffering there is one.
    public let groups: [WindowGroup]

    /// The number of windows.
    public let count: Int

    /// The image on three axes, the window, and the padding before and after.
    let image: [Int]
    let size: [Int]
    let before: [Int]
    /// The image with its padding.
    let padded: [Int]
    /// The first voxel of the windows on each of the three axes, in padded coordinates.
    let starts: [[Int]]
    /// The axes from the slowest changing to the fastest: 0, 1, 2 unless a buffered axis leads.
    let order: [Int]
    /// The windows by that order in the one they run in; nil where that is the same.
    private(set) var sequence: [Int]?

    /// Whether the image is smaller than the window on any axis.
    public var isPadded: Bool { padded != image }

    /// Lays windows over an image.
    ///
    /// - Parameters:
    ///   - imageShape: the spatial shape, one to three axes.
    ///   - window: the length of the window on each axis; zero or less takes the image's.
    ///   - overlap: the fraction of the window that neighbours share on each axis, at least 0 and below 1.
    ///   - buffer: MONAI's `buffer_steps` and `buffer_dim`: the windows are sorted along the axis and blended in
    ///     groups of so many positions. It changes the order of additions, and the batches, nothing else.
    /// - Throws: `WindowError` when an argument doesn't fit the image.
    public init(
        imageShape: [Int], window: [Int], overlap: [Double], buffer: (steps: Int, axis: Int)? = nil
    ) throws(WindowError) {
        try Self.check(imageShape: imageShape, window: window, overlap: overlap)
        let rank = imageShape.count
        let lead = 3 - rank
        let ones = Array(repeating: 1, count: lead)
        let sizes = zip(window, imageShape).map { $0 > 0 ? $0 : $1 }
        let image = ones + imageShape
        let size = ones + sizes
        let shares = Array(repeating: 0.0, count: lead) + overlap
        let padded = zip(image, size).map { max($0, $1) }
        self.imageShape = imageShape
        self.window = sizes
        self.image = image
        self.size = size
        self.padded = padded
        before = zip(padded, image).map { ($0 - $1) / 2 }
        starts = (0..<3).map { Self.starts(image: padded[$0], window: size[$0], overlap: shares[$0]) }
        count = starts.reduce(1) { $0 * $1.count }

        guard let buffer, buffer.steps > 0 else {
            order = [0, 1, 2]
            groups = [WindowGroup(windows: 0..<count, axis: 0, span: 0..<padded[0], isWhole: true)]
            return
        }
        try Self.check(bufferAxis: buffer.axis, rank: rank)
        let axis = lead + (buffer.axis < 0 ? buffer.axis + rank : buffer.axis)
        order = [axis] + [0, 1, 2].filter { $0 != axis }
        let along = starts[axis]
        let each = count / along.count
        groups = stride(from: 0, to: along.count, by: min(buffer.steps, along.count)).map { first in
            let end = min(first + min(buffer.steps, along.count), along.count)
            return WindowGroup(
                windows: first * each..<end * each, axis: axis, span: along[first]..<along[end - 1] + size[axis],
                isWhole: false)
        }
    }

    /// Whether windows are blended in groups of their own.
    public var isBuffered: Bool { !groups.allSatisfy(\.isWhole) }

    /// The same windows in another order, which changes the order of additions and nothing else.
    ///
    /// - Parameter sequence: the numbers that the windows have here, first to last.
    /// - Precondition: the windows are not buffered, and each is there once.
    public func running(in sequence: [Int]) -> WindowGrid {
        precondition(!isBuffered, "buffered windows have an order of their own")
        precondition(sequence.count == count, "windows are missing")
        var grid = self
        grid.sequence = sequence
        return grid
    }

    /// The place of a window on each of the three axes, as a position in `starts`.
    func place(of window: Int) -> (Int, Int, Int) {
        var place = (0, 0, 0)
        var rest = sequence?[window] ?? window
        for axis in order.reversed() {
            let position: Int
            (rest, position) = rest.quotientAndRemainder(dividingBy: starts[axis].count)
            switch axis {
            case 0: place.0 = position
            case 1: place.1 = position
            default: place.2 = position
            }
        }
        return place
    }

    /// The first voxel of a window on the three axes, in padded coordinates.
    func origin(of window: Int) -> (Int, Int, Int) {
        let place = place(of: window)
        return (starts[0][place.0], starts[1][place.1], starts[2][place.2])
    }

    /// The number of voxels in a window.
    public var windowVoxels: Int { size.reduce(1, *) }

    /// The number of voxels in the image with its padding.
    public var paddedVoxels: Int { padded.reduce(1, *) }

    /// The most values that a buffer of a pass may have: 2³³, which are 32 GB.
    public static let mostValues = 1 << 33

    /// Refuses a buffered axis that images of so many spatial axes lack.
    ///
    /// - Parameter bufferAxis: from 0, or from the end below 0.
    public static func check(bufferAxis: Int, rank: Int) throws(WindowError) {
        guard (-rank..<rank).contains(bufferAxis) else {
            throw WindowError(
                "buffer_dim \(bufferAxis) is no spatial axis of an image with \(rank) of them", argument: "buffer_dim")
        }
    }

    private static func check(imageShape: [Int], window: [Int], overlap: [Double]) throws(WindowError) {
        guard (1...3).contains(imageShape.count), imageShape.allSatisfy({ $0 > 0 }) else {
            throw WindowError("an image of shape \(imageShape) can't be cut into windows: 1 to 3 spatial axes can")
        }
        guard window.count == imageShape.count else {
            throw WindowError(
                "a window with \(window.count) axes doesn't fit an image with \(imageShape.count) spatial axes")
        }
        guard overlap.count == imageShape.count, overlap.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
            throw WindowError(
                "overlap must be at least 0 and below 1 on each axis, not \(overlap)", argument: "overlap")
        }
        guard Tensor.holds(zip(window, imageShape).map { max($0, $1) }, atMost: mostValues) else {
            throw WindowError(
                "a window of \(window) on an image of \(imageShape) is too large: more than 2³³ voxels (32 GB)")
        }
    }

    /// The first voxels of the windows along one axis.
    private static func starts(image: Int, window: Int, overlap: Double) -> [Int] {
        guard window < image else { return [0] }
        // MONAI truncates this product in IEEE double: 96 · (1 − 0.7) gives 28.
        let step = max(Int(Double(window) * (1 - overlap)), 1)
        var starts: [Int] = []
        var start = 0
        while start + window < image {
            starts.append(start)
            start += step
        }
        return starts + [image - window]
    }
}

/// Windows that are blended into one buffer before the buffer is added to the result.
public struct WindowGroup: Sendable, Equatable {
    /// The windows of the group by number.
    public let windows: Range<Int>

    /// The axis of three that the buffer is cut along, and what of it the group covers.
    let axis: Int
    let span: Range<Int>

    /// Whether the group is the whole image, so that no buffer of its own is needed.
    let isWhole: Bool
}

/// Why windows can't be laid over an image.
public struct WindowError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, with the values.
    public let message: String

    /// The argument of MONAI's that is at fault; nil where it is the window or the image.
    public let argument: String?

    /// Makes an error.
    public init(_ message: String, argument: String? = nil) {
        self.message = message
        self.argument = argument
    }

    /// The message.
    public var description: String { message }
}
