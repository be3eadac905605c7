extension UID {
    /// Makes a UID of a 128-bit number, such as a UUID or a digest: `2.25.` and the number (PS3.5 §B.2).
    public init(integer: UInt128) { value = "2.25.\(integer)" }
}
