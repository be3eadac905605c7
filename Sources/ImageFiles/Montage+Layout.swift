/// Where the parts of a montage lie.
struct MontageLayout {
    static let margin = 28.0
    static let gap = 10.0
    static let captionHeight = 22.0
    static let entryHeight = 26.0

    let columns: Int
    let tileWidth: Double
    /// The image's height in a tile, without the caption.
    let tileHeight: Double
    let headerHeight: Double
    let legendColumns: Int
    let legendTop: Double
    let footerTop: Double
    let width: Int
    let height: Int
    let scale: (x: Double, y: Double)

    init(_ montage: Montage) {
        let first = montage.slices.map { Double($0.width) * montage.pixelSpacing.x }.max() ?? 1
        let second = montage.slices.map { Double($0.height) * montage.pixelSpacing.y }.max() ?? 1
        let aspect = min(max(second / first, 0.1), 10)
        let count = montage.slices.count
        // As many columns as make the picture about half as wide again as high.
        let natural = Int((Double(count) * 1.5 * aspect).squareRoot().rounded())
        columns = min(max(montage.columns ?? natural, 1), count)
        let rows = (count + columns - 1) / columns
        let room = 1560.0 - Self.gap * Double(columns - 1)
        var tileWidth = min(max(room / Double(columns), 150), 560)
        if tileWidth * aspect > 620 { tileWidth = 620 / aspect }
        tileWidth = tileWidth.rounded()
        self.tileWidth = tileWidth
        tileHeight = (tileWidth * aspect).rounded()
        scale = (tileWidth / first, tileHeight / second)

        let grid = tileWidth * Double(columns) + Self.gap * Double(columns - 1)
        let inner = max(grid, 640)
        headerHeight = montage.subtitle.isEmpty ? 74 : 98
        legendTop = headerHeight + Double(rows) * (tileHeight + Self.captionHeight + Self.gap) + 8
        legendColumns = max(1, Int(inner / 240))
        let entries = (montage.segments.count + legendColumns - 1) / legendColumns
        footerTop = legendTop + (entries > 0 ? Double(entries) * Self.entryHeight + 22 : 0)
        width = Int(inner + 2 * Self.margin)
        height = Int(footerTop + Double(montage.footer.count) * 22 + Self.margin)
    }

    /// The image's frame in the tile of a slice.
    func tile(_ index: Int) -> Frame {
        let grid = tileWidth * Double(columns) + Self.gap * Double(columns - 1)
        let left = (Double(width) - grid) / 2
        return Frame(
            x: left + Double(index % columns) * (tileWidth + Self.gap),
            y: headerHeight + Double(index / columns) * (tileHeight + Self.captionHeight + Self.gap),
            width: tileWidth, height: tileHeight)
    }
}
