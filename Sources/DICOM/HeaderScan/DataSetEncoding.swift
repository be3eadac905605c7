/// How a transfer syntax encodes the elements of a data set (PS3.5 §10 and annex A).
struct DataSetEncoding: Hashable {
    var isImplicit = false
    var isBigEndian = false
    var isDeflated = false

    /// Every transfer syntax that is not named here, known or not, is explicit VR little endian.
    init(_ transferSyntax: UID) {
        switch transferSyntax.value {
        case "1.2.840.10008.1.2", "1.2.840.113619.5.2", "1.2.840.10008.1.20": isImplicit = true
        case "1.2.840.10008.1.2.2": isBigEndian = true
        case "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205": isDeflated = true
        default: break
        }
    }

    init() {}
}
