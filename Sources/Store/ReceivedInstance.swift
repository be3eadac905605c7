public import Foundation

/// What the index keeps of a received object: the facts of its header that decisions are made on.
public struct ReceivedInstance: Sendable, Hashable {
    /// Study Instance UID (0020,000D).
    public var study: String
    /// Series Instance UID (0020,000E).
    public var series: String
    /// SOP Instance UID (0008,0018).
    public var instance: String
    /// SOP Class UID (0008,0016).
    public var sopClass: String
    /// Transfer Syntax UID (0002,0010).
    public var transferSyntax: String
    /// Modality (0008,0060).
    public var modality: String?
    /// Series Number (0020,0011).
    public var seriesNumber: Int?
    /// Instance Number (0020,0013).
    public var number: Int?
    /// Frame of Reference UID (0020,0052).
    public var frameOfReference: String?
    /// Rows (0028,0010).
    public var rows: Int?
    /// Columns (0028,0011).
    public var columns: Int?
    /// Number of Frames (0028,0008); `nil` for a single-frame object.
    public var frames: Int?
    /// Image Position (Patient) (0020,0032): x, y, z in mm, LPS.
    public var position: [Double]?
    /// Image Orientation (Patient) (0020,0037): the cosines of a row, then of a column, LPS.
    public var orientation: [Double]?
    /// The size of the file.
    public var byteCount: Int64
    /// When the file became durable.
    public var receivedAt: Date
    /// The calling AE title; `nil` where the file was found in the studies folder.
    public var callingAE: String?

    /// Makes the facts of an object.
    public init(
        study: String, series: String, instance: String, sopClass: String, transferSyntax: String,
        modality: String? = nil, seriesNumber: Int? = nil, number: Int? = nil, frameOfReference: String? = nil,
        rows: Int? = nil, columns: Int? = nil, frames: Int? = nil, position: [Double]? = nil,
        orientation: [Double]? = nil, byteCount: Int64 = 0, receivedAt: Date, callingAE: String? = nil
    ) {
        self.study = study
        self.series = series
        self.instance = instance
        self.sopClass = sopClass
        self.transferSyntax = transferSyntax
        self.modality = modality
        self.seriesNumber = seriesNumber
        self.number = number
        self.frameOfReference = frameOfReference
        self.rows = rows
        self.columns = columns
        self.frames = frames
        self.position = position
        self.orientation = orientation
        self.byteCount = byteCount
        self.receivedAt = receivedAt
        self.callingAE = callingAE
    }
}
