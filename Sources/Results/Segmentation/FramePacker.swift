internal import DICOM
internal import Voxels

/// The label map slice by slice, with the place of every segment in every slice.
///
/// Slices lie one behind another with columns fastest, as frames have them, while the label map has slices fastest.
struct SlicedLabels {
    /// A frame that is not empty: a segment in a slice, and the rows that it has voxels in.
    struct Frame: Sendable {
        let segment: Int
        let slice: Int
        let rows: ClosedRange<Int>
    }

    let rows: Int
    let columns: Int
    /// Segment indices from 1, 0 for background: the label of voxel (i, j) of slice k at `(k · rows + j) · columns + i`.
    let planes: [UInt16]
    /// Ordered by segment, then by slice.
    let frames: [Frame]
    /// The voxels of each segment, in order.
    let voxelCounts: [Int]

    /// Sorts a label map into slices.
    ///
    /// - Throws: `ResultsError` where it holds a label that no segment has.
    init(_ map: LabelMap, _ segments: [SegmentDefinition]) throws {
        let (width, height, depth) = (map.shape[0], map.shape[1], map.shape[2])
        let count = segments.count
        var indexOfLabel = [UInt16](repeating: UInt16.max, count: 65536)
        indexOfLabel[0] = 0
        for (index, segment) in segments.enumerated() { indexOfLabel[segment.value] = UInt16(index + 1) }
        var planes = SliceOrder.planes(map.labels, columns: width, rows: height, depth: depth)
        // For each slice and segment: number of voxels, first row, last row.
        var found = [Int](repeating: 0, count: depth * (count + 1) * 3)
        var unknown: UInt16?
        planes.withUnsafeMutableBufferPointer { planes in
            for k in 0..<depth {
                for j in 0..<height {
                    let start = (k &* height &+ j) &* width
                    for pixel in start..<start &+ width {
                        let label = planes[pixel]
                        if label == 0 { continue }
                        let index = indexOfLabel[Int(label)]
                        if index == UInt16.max {
                            unknown = label
                            continue
                        }
                        planes[pixel] = index
                        let at = (k &* (count &+ 1) &+ Int(index)) &* 3
                        if found[at] == 0 { found[at &+ 1] = j }
                        found[at] &+= 1
                        found[at &+ 2] = j
                    }
                }
            }
        }
        if let unknown {
            throw ResultsError(.wrongLabel, "the label map holds label \(unknown), which no segment has")
        }
        self.planes = planes
        rows = height
        columns = width
        var frames: [Frame] = []
        var counts = [Int](repeating: 0, count: count)
        for segment in 0..<count {
            for slice in 0..<depth {
                let at = (slice * (count + 1) + segment + 1) * 3
                guard found[at] > 0 else { continue }
                frames.append(Frame(segment: segment + 1, slice: slice, rows: found[at + 1]...found[at + 2]))
                counts[segment] += found[at]
            }
        }
        self.frames = frames
        voxelCounts = counts
    }
}

/// Packs frames into bits, least significant first; frames run on without a gap (PS3.5 §8.1.1, C.8.20.2).
struct FramePacker {
    private let labels: SlicedLabels

    init(_ labels: SlicedLabels) { self.labels = labels }

    /// The bytes of all frames; bits behind the last frame are 0.
    var byteCount: Int { (labels.frames.count * labels.rows * labels.columns + 7) / 8 }

    /// Hands the packed bytes on, piece by piece.
    func write(_ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        let pixels = labels.rows * labels.columns
        var frame = [UInt8](repeating: 0, count: (pixels + 7) / 8)
        var piece: [UInt8] = []
        piece.reserveCapacity(frame.count + 1)
        // Bits of the frame before that did not fill a byte.
        var carry: UInt8 = 0
        var carried = 0
        for place in labels.frames {
            pack(place, into: &frame)
            if carried == 0, pixels % 8 == 0 {
                try frame.withUnsafeBytes(sink)
                continue
            }
            piece.removeAll(keepingCapacity: true)
            let whole = (carried + pixels) / 8
            for byte in frame {
                piece.append(carry | byte << UInt8(carried))
                carry = carried == 0 ? 0 : byte >> UInt8(8 - carried)
            }
            // The frame's own last byte may be part of a byte, so one more can be needed, or one less.
            piece.append(carry)
            carried = (carried + pixels) % 8
            carry = carried == 0 ? 0 : piece[whole]
            try piece.prefix(whole).withUnsafeBytes(sink)
        }
        if carried > 0 { try [carry].withUnsafeBytes(sink) }
    }

    private func pack(_ place: SlicedLabels.Frame, into frame: inout [UInt8]) {
        let pixels = labels.rows * labels.columns
        let wanted = UInt16(place.segment)
        let first = place.rows.lowerBound * labels.columns / 8
        let end = min(pixels, (place.rows.upperBound + 1) * labels.columns)
        frame.withUnsafeMutableBufferPointer { bits in
            bits.update(repeating: 0)
            labels.planes.withUnsafeBufferPointer { planes in
                guard let base = planes.baseAddress else { return }
                let start = place.slice * pixels
                var pixel = first * 8
                while pixel &+ 8 <= end {
                    let at = base + (start &+ pixel)
                    // Without branches: 8 comparisons become 8 bits.
                    var byte = at[0] == wanted ? 1 as UInt8 : 0
                    byte |= at[1] == wanted ? 2 : 0
                    byte |= at[2] == wanted ? 4 : 0
                    byte |= at[3] == wanted ? 8 : 0
                    byte |= at[4] == wanted ? 16 : 0
                    byte |= at[5] == wanted ? 32 : 0
                    byte |= at[6] == wanted ? 64 : 0
                    byte |= at[7] == wanted ? 128 : 0
                    bits[pixel / 8] = byte
                    pixel &+= 8
                }
                while pixel < end {
                    if planes[start &+ pixel] == wanted { bits[pixel / 8] |= 1 &<< UInt8(pixel % 8) }
                    pixel &+= 1
                }
            }
        }
    }
}
