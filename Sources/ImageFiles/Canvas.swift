internal import CCairo

/// A colour with an opacity.
struct Ink {
    var red: Double
    var green: Double
    var blue: Double
    var alpha: Double

    init(_ red: Double, _ green: Double, _ blue: Double, _ alpha: Double = 1) {
        (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
    }

    /// A grey of 0 (black) to 1.
    static func grey(_ value: Double) -> Ink { Ink(value, value, value) }
}

/// A rectangle in pixels from the upper left corner.
struct Frame {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    /// The frame without a margin on each side.
    func inset(_ margin: Double) -> Frame {
        Frame(x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin)
    }
}

/// A picture that is being drawn with cairo.
struct Canvas: ~Copyable {
    /// Where a text is placed relative to its point.
    enum Anchor { case left, centre, right }

    private let surface: OpaquePointer
    private let context: OpaquePointer

    /// Makes a picture filled with one colour.
    ///
    /// - Throws: `ImageFileError` when cairo can't make one so large.
    init(width: Int, height: Int, background: Ink) throws(ImageFileError) {
        guard (1...32_000).contains(width), (1...32_000).contains(height),
            let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface)
        else { throw ImageFileError(.tooLarge, "a picture of \(width) × \(height) pixels can't be made") }
        self.surface = surface
        self.context = context
        set(background)
        cairo_paint(context)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// Fills a rectangle, with round corners if a radius is given.
    func fill(_ frame: Frame, _ ink: Ink, radius: Double = 0) {
        set(ink)
        if radius > 0 {
            let (right, bottom) = (frame.x + frame.width - radius, frame.y + frame.height - radius)
            cairo_new_sub_path(context)
            cairo_arc(context, right, frame.y + radius, radius, -.pi / 2, 0)
            cairo_arc(context, right, bottom, radius, 0, .pi / 2)
            cairo_arc(context, frame.x + radius, bottom, radius, .pi / 2, .pi)
            cairo_arc(context, frame.x + radius, frame.y + radius, radius, .pi, 1.5 * .pi)
            cairo_close_path(context)
        } else {
            cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
        }
        cairo_fill(context)
    }

    /// Draws lines, each `(x0, y0, x1, y1)` in pixels.
    func stroke(_ lines: [(Double, Double, Double, Double)], _ ink: Ink, width: Double) {
        set(ink)
        cairo_set_line_width(context, width)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
        for line in lines {
            cairo_move_to(context, line.0, line.1)
            cairo_line_to(context, line.2, line.3)
        }
        cairo_stroke(context)
    }

    /// Draws a text on a base line; a dark rim keeps it readable on an image.
    func text(
        _ text: String, x: Double, y: Double, size: Double, _ ink: Ink, bold: Bool = false, anchor: Anchor = .left,
        rim: Bool = false
    ) {
        select(size, bold)
        let width = measure(text)
        let left = anchor == .left ? x : anchor == .centre ? x - width / 2 : x - width
        if rim {
            cairo_move_to(context, left, y)
            cairo_text_path(context, text)
            set(Ink(0, 0, 0, 0.75))
            cairo_set_line_width(context, 3)
            cairo_stroke(context)
        }
        set(ink)
        cairo_move_to(context, left, y)
        cairo_show_text(context, text)
    }

    /// The width of a text in pixels.
    func width(of text: String, size: Double, bold: Bool = false) -> Double {
        select(size, bold)
        return measure(text)
    }

    /// The text, or as much of it as fits with an ellipsis.
    func shortened(_ text: String, to width: Double, size: Double, bold: Bool = false) -> String {
        select(size, bold)
        if measure(text) <= width { return text }
        var kept = text
        while !kept.isEmpty && measure(kept + "…") > width { kept.removeLast() }
        return kept + "…"
    }

    /// Draws pixels, one 32-bit value each (premultiplied alpha, red, green, blue), stretched to a frame.
    ///
    /// - Parameter smooth: whether pixels blend into each other where they are enlarged.
    func image(_ pixels: inout [UInt32], width: Int, height: Int, in frame: Frame, smooth: Bool) {
        pixels.withUnsafeMutableBytes { bytes in
            let data = bytes.bindMemory(to: UInt8.self).baseAddress
            guard
                let source = cairo_image_surface_create_for_data(
                    data, CAIRO_FORMAT_ARGB32, Int32(width), Int32(height), Int32(width * 4))
            else { return }
            cairo_save(context)
            cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
            cairo_clip(context)
            cairo_translate(context, frame.x, frame.y)
            cairo_scale(context, frame.width / Double(width), frame.height / Double(height))
            cairo_set_source_surface(context, source, 0, 0)
            let pattern = cairo_get_source(context)
            cairo_pattern_set_filter(pattern, smooth ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_NEAREST)
            // Beyond the image its edge goes on, so that a smooth border doesn't fade.
            cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
            cairo_paint(context)
            cairo_restore(context)
            cairo_surface_finish(source)
            cairo_surface_destroy(source)
        }
    }

    /// Writes the picture.
    func writePNG(to path: String) throws(ImageFileError) {
        cairo_surface_flush(surface)
        let status = cairo_surface_write_to_png(surface, path)
        guard status == CAIRO_STATUS_SUCCESS else {
            let reason = cairo_status_to_string(status).map { String(cString: $0) } ?? ""
            throw ImageFileError(.unwritable, "\(path): \(reason)")
        }
    }

    private func set(_ ink: Ink) { cairo_set_source_rgba(context, ink.red, ink.green, ink.blue, ink.alpha) }

    private func select(_ size: Double, _ bold: Bool) {
        let weight = bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL
        cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, weight)
        cairo_set_font_size(context, size)
    }

    private func measure(_ text: String) -> Double {
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        return extents.x_advance
    }
}
