public import Voxels

extension SlidingWindowInferer {
    /// The length of the window on each axis.
    public enum Window: Sendable, Equatable {
        /// The same on every axis, as `roi_size: 96`.
        case uniform(Int)
        /// One length per spatial axis, as `roi_size: [96, 96, -1]`; zero or less takes the image's length.
        case perAxis([Int])

        /// The lengths for an image of so many spatial axes.
        ///
        /// - Throws: `WindowError` when there is another number of lengths.
        func lengths(rank: Int) throws(WindowError) -> [Int] {
            switch self {
            case .uniform(let length): return Array(repeating: length, count: rank)
            case .perAxis(let lengths):
                guard lengths.count == rank else {
                    throw WindowError(
                        "\(lengths) has \(lengths.count) values; the image has \(rank) spatial axes",
                        argument: "roi_size")
                }
                return lengths
            }
        }
    }

    /// How overlapping windows are blended.
    public enum Blending: String, Sendable, Equatable {
        /// All windows count the same.
        case constant
        /// The middle of a window counts more than its edge.
        case gaussian
    }

    /// The arguments of MONAI's class that change numbers, with its defaults.
    public struct Settings: Sendable, Equatable {
        /// `roi_size`.
        public var window: Window
        /// `sw_batch_size`: the most windows that go through the network at once, 1 to `mostWindows`.
        public var batchSize: Int
        /// `overlap`: one value, or one for each spatial axis; at least 0 and below 1.
        public var overlap: [Double]
        /// `mode`.
        public var blending: Blending
        /// `sigma_scale`: one value, or one for each spatial axis; above 0.
        public var sigmaScale: [Double]
        /// `padding_mode` and `cval`: what surrounds an image that is smaller than the window.
        public var padding: WindowPadding
        /// `buffer_steps`: nothing or a positive number; it changes the order of additions, nothing else.
        public var bufferSteps: Int?
        /// `buffer_dim`: a spatial axis from 0, or from the end below 0.
        public var bufferAxis: Int

        /// Makes settings; what is left out has MONAI's default.
        public init(
            window: Window, batchSize: Int = 1, overlap: [Double] = [0.25], blending: Blending = .constant,
            sigmaScale: [Double] = [0.125], padding: WindowPadding = .constant(0), bufferSteps: Int? = nil,
            bufferAxis: Int = -1
        ) {
            self.window = window
            self.batchSize = batchSize
            self.overlap = overlap
            self.blending = blending
            self.sigmaScale = sigmaScale
            self.padding = padding
            self.bufferSteps = bufferSteps
            self.bufferAxis = bufferAxis
        }

        /// The most windows that a batch may be set to.
        public static let mostWindows = 1 << 16

        /// Finds what is wrong whatever the image is.
        ///
        /// - Throws: `InferenceError` that names the argument.
        public func check() throws {
            guard (1...Self.mostWindows).contains(batchSize) else {
                throw InferenceError(
                    .badArgument, "sw_batch_size must be at least 1 and at most \(Self.mostWindows), not \(batchSize)")
            }
            guard !overlap.isEmpty, overlap.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
                throw InferenceError(.badArgument, "overlap must be at least 0 and below 1, not \(overlap)")
            }
            guard blending == .constant || (!sigmaScale.isEmpty && sigmaScale.allSatisfy { $0 > 0 && $0.isFinite })
            else {
                throw InferenceError(.badArgument, "sigma_scale must be above 0, not \(sigmaScale)")
            }
            if case .perAxis(let lengths) = window, !(1...3).contains(lengths.count) {
                throw InferenceError(.badArgument, "roi_size has \(lengths.count) values; 1 to 3 are supported")
            }
        }

        /// Finds what fits no image of so many spatial axes.
        ///
        /// - Throws: `WindowError` that names the argument.
        public func check(rank: Int) throws(WindowError) {
            _ = try window.lengths(rank: rank)
            _ = try Self.spread(overlap, over: rank, argument: "overlap")
            if blending == .gaussian { _ = try Self.spread(sigmaScale, over: rank, argument: "sigma_scale") }
            if bufferSteps != nil { try WindowGrid.check(bufferAxis: bufferAxis, rank: rank) }
        }

        /// MONAI's `ensure_tuple_rep`: one value for all axes, or one for each.
        static func spread(_ values: [Double], over rank: Int, argument: String) throws(WindowError) -> [Double] {
            if values.count == 1, let value = values.first { return Array(repeating: value, count: rank) }
            guard values.count == rank else {
                throw WindowError(
                    "it has \(values.count) values; the image has \(rank) spatial axes", argument: argument)
            }
            return values
        }
    }
}
