/// A picture of many slices side by side, with segments drawn over them in their colours and a legend.
///
/// It knows nothing of patients: what the texts say is up to the caller, who keeps identities out of them.
public struct Montage: Sendable {
    /// One slice: a grey image and, on the same grid, the segment of each pixel.
    public struct Slice: Sendable {
        /// The pixels in a row.
        public var width: Int
        /// The rows.
        public var height: Int
        /// The grey values row by row, window and level already applied.
        public var grey: [UInt8]
        /// The number of each pixel's segment row by row; 0 is none.
        public var labels: [UInt16]
        /// A line under the slice, such as `z = 12.5 mm`.
        public var caption: String

        /// Makes a slice.
        public init(width: Int, height: Int, grey: [UInt8], labels: [UInt16], caption: String = "") {
            self.width = width
            self.height = height
            self.grey = grey
            self.labels = labels
            self.caption = caption
        }
    }

    /// What a number in `Slice.labels` stands for.
    public struct Segment: Sendable {
        /// The number in `Slice.labels`, from 1.
        public var number: Int
        /// The name in the legend.
        public var name: String
        /// The red part of the colour in sRGB.
        public var red: UInt8
        /// The green part.
        public var green: UInt8
        /// The blue part.
        public var blue: UInt8

        /// Makes a segment.
        public init(number: Int, name: String, red: UInt8, green: UInt8, blue: UInt8) {
            self.number = number
            self.name = name
            self.red = red
            self.green = green
            self.blue = blue
        }
    }

    /// The letters at the edges of a slice, such as R, L, A and P.
    public struct Orientation: Sendable {
        /// Where a row begins.
        public var left: String
        /// Where a row ends.
        public var right: String
        /// Where a column begins.
        public var top: String
        /// Where a column ends.
        public var bottom: String

        /// Makes an orientation.
        public init(left: String, right: String, top: String, bottom: String) {
            self.left = left
            self.right = right
            self.top = top
            self.bottom = bottom
        }
    }

    /// The slices in reading order; at least one, at most 400.
    public var slices: [Slice]
    /// The segments in the legend's order.
    public var segments: [Segment]
    /// The distances of columns (`x`) and of rows (`y`) in millimetres.
    public var pixelSpacing: (x: Double, y: Double)
    /// The letters at the edges, the same for all slices.
    public var orientation: Orientation?
    /// The first line, large.
    public var title: String
    /// The second line.
    public var subtitle: String
    /// The lines at the end, such as "not for clinical use".
    public var footer: [String]
    /// The slices in a row; nothing leaves the choice.
    public var columns: Int?

    /// Makes a montage.
    public init(
        slices: [Slice], segments: [Segment], pixelSpacing: (x: Double, y: Double), orientation: Orientation? = nil,
        title: String, subtitle: String = "", footer: [String] = [], columns: Int? = nil
    ) {
        self.slices = slices
        self.segments = segments
        self.pixelSpacing = pixelSpacing
        self.orientation = orientation
        self.title = title
        self.subtitle = subtitle
        self.footer = footer
        self.columns = columns
    }

    /// Draws the montage and writes it.
    ///
    /// - Throws: `ImageFileError` when a slice's values don't fill its grid or name a segment that isn't there, or the
    ///   file can't be written.
    public func writePNG(to path: String) throws {
        try check()
        let layout = MontageLayout(self)
        let canvas = try Canvas(width: layout.width, height: layout.height, background: Ink(0.055, 0.067, 0.086))
        drawHeader(canvas, layout)
        for (index, slice) in slices.enumerated() {
            drawTile(slice, in: layout.tile(index), canvas, layout)
        }
        drawLegend(canvas, layout)
        drawFooter(canvas, layout)
        try canvas.writePNG(to: path)
    }

    private func check() throws {
        guard (1...400).contains(slices.count) else {
            throw ImageFileError(.badArgument, "a montage has 1 to 400 slices, not \(slices.count)")
        }
        guard pixelSpacing.x > 0, pixelSpacing.y > 0, pixelSpacing.x.isFinite, pixelSpacing.y.isFinite else {
            throw ImageFileError(.badArgument, "a montage needs positive pixel spacings, not \(pixelSpacing)")
        }
        guard columns.map({ $0 > 0 }) ?? true else {
            throw ImageFileError(.badArgument, "a montage has at least one column")
        }
        let numbers = Set(segments.map(\.number))
        for (index, slice) in slices.enumerated() {
            let count = slice.width.multipliedReportingOverflow(by: slice.height)
            guard slice.width > 0, slice.height > 0, !count.overflow, slice.grey.count == count.partialValue,
                slice.labels.count == count.partialValue
            else {
                throw ImageFileError(
                    .badArgument, "slice \(index) of the montage: the values don't fill its grid")
            }
            if let stray = Set(slice.labels).first(where: { $0 != 0 && !numbers.contains(Int($0)) }) {
                throw ImageFileError(.badArgument, "slice \(index) of the montage: there is no segment \(stray)")
            }
        }
    }
}
