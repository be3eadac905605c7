extension Montage {
    private static let bright = Ink.grey(0.96)
    private static let dim = Ink(0.62, 0.67, 0.74)
    private static let warning = Ink(0.98, 0.76, 0.36)

    func drawHeader(_ canvas: borrowing Canvas, _ layout: MontageLayout) {
        let room = Double(layout.width) - 2 * MontageLayout.margin
        let line = canvas.shortened(title, to: room, size: 24, bold: true)
        canvas.text(line, x: MontageLayout.margin, y: 46, size: 24, Self.bright, bold: true)
        let second = canvas.shortened(subtitle, to: room, size: 14)
        canvas.text(second, x: MontageLayout.margin, y: 72, size: 14, Self.dim)
    }

    func drawLegend(_ canvas: borrowing Canvas, _ layout: MontageLayout) {
        let room = (Double(layout.width) - 2 * MontageLayout.margin) / Double(layout.legendColumns)
        for (index, segment) in segments.enumerated() {
            let x = MontageLayout.margin + Double(index % layout.legendColumns) * room
            let y = layout.legendTop + Double(index / layout.legendColumns) * MontageLayout.entryHeight
            canvas.fill(Frame(x: x, y: y + 2, width: 16, height: 16), segment.ink(1), radius: 4)
            let name = canvas.shortened(segment.name, to: room - 40, size: 14)
            canvas.text(name, x: x + 26, y: y + 15, size: 14, Self.bright)
        }
    }

    func drawFooter(_ canvas: borrowing Canvas, _ layout: MontageLayout) {
        let room = Double(layout.width) - 2 * MontageLayout.margin
        for (index, line) in footer.enumerated() {
            let text = canvas.shortened(line, to: room, size: 13)
            canvas.text(
                text, x: MontageLayout.margin, y: layout.footerTop + 14 + Double(index) * 22, size: 13, Self.warning)
        }
    }

    func drawTile(_ slice: Slice, in tile: Frame, _ canvas: borrowing Canvas, _ layout: MontageLayout) {
        canvas.fill(tile, .grey(0))
        // Slices of unlike size keep one scale and stand in the middle of their tiles.
        let width = Double(slice.width) * pixelSpacing.x * layout.scale.x
        let height = Double(slice.height) * pixelSpacing.y * layout.scale.y
        let frame = Frame(
            x: tile.x + (tile.width - width) / 2, y: tile.y + (tile.height - height) / 2, width: width, height: height)
        var pixels = slice.grey.map { 0xff00_0000 | UInt32($0) * 0x01_0101 }
        canvas.image(&pixels, width: slice.width, height: slice.height, in: frame, smooth: true)
        var overlay = tint(slice)
        canvas.image(&overlay, width: slice.width, height: slice.height, in: frame, smooth: false)
        let step = (x: frame.width / Double(slice.width), y: frame.height / Double(slice.height))
        for segment in segments {
            let lines = outline(of: UInt16(clamping: segment.number), in: slice).map {
                (
                    frame.x + Double($0.0) * step.x, frame.y + Double($0.1) * step.y,
                    frame.x + Double($0.2) * step.x, frame.y + Double($0.3) * step.y
                )
            }
            if !lines.isEmpty { canvas.stroke(lines, segment.ink(1), width: tile.width < 260 ? 1 : 1.5) }
        }
        drawLetters(tile, canvas)
        let caption = canvas.shortened(slice.caption, to: tile.width, size: 12)
        canvas.text(
            caption, x: tile.x + tile.width / 2, y: tile.y + tile.height + 15, size: 12, Self.dim, anchor: .centre)
    }

    private func drawLetters(_ tile: Frame, _ canvas: borrowing Canvas) {
        guard let orientation else { return }
        let size = tile.width < 260 ? 11.0 : 14.0
        let (middleX, middleY) = (tile.x + tile.width / 2, tile.y + tile.height / 2 + size / 3)
        func letter(_ text: String, _ x: Double, _ y: Double, _ anchor: Canvas.Anchor) {
            canvas.text(text, x: x, y: y, size: size, Self.bright, bold: true, anchor: anchor, rim: true)
        }
        letter(orientation.left, tile.x + 6, middleY, .left)
        letter(orientation.right, tile.x + tile.width - 6, middleY, .right)
        letter(orientation.top, middleX, tile.y + size + 5, .centre)
        letter(orientation.bottom, middleX, tile.y + tile.height - 7, .centre)
    }

    /// The segments' colours at a third of full opacity.
    private func tint(_ slice: Slice) -> [UInt32] {
        var colours: [UInt16: UInt32] = [0: 0]
        for segment in segments {
            let alpha = 0.34
            let parts = [segment.red, segment.green, segment.blue].map { UInt32(Double($0) * alpha) }
            colours[UInt16(clamping: segment.number)] =
                UInt32(255 * alpha) << 24 | parts[0] << 16 | parts[1] << 8 | parts[2]
        }
        return slice.labels.map { colours[$0] ?? 0 }
    }

    /// The edges between a segment's pixels and all others in pixel units, runs joined.
    private func outline(of number: UInt16, in slice: Slice) -> [(Int, Int, Int, Int)] {
        let (width, height) = (slice.width, slice.height)
        func inside(_ x: Int, _ y: Int) -> Bool {
            x >= 0 && y >= 0 && x < width && y < height && slice.labels[y * width + x] == number
        }
        guard slice.labels.contains(number) else { return [] }
        var lines: [(Int, Int, Int, Int)] = []
        for y in 0...height {
            var start: Int?
            for x in 0...width {
                let edge = x < width && inside(x, y - 1) != inside(x, y)
                if edge && start == nil { start = x }
                if !edge, let first = start {
                    lines.append((first, y, x, y))
                    start = nil
                }
            }
        }
        for x in 0...width {
            var start: Int?
            for y in 0...height {
                let edge = y < height && inside(x - 1, y) != inside(x, y)
                if edge && start == nil { start = y }
                if !edge, let first = start {
                    lines.append((x, first, x, y))
                    start = nil
                }
            }
        }
        return lines
    }
}

extension Montage.Segment {
    func ink(_ alpha: Double) -> Ink {
        Ink(Double(red) / 255, Double(green) / 255, Double(blue) / 255, alpha)
    }
}
