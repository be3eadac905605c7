/// Who wrote a file or opened an association, as PS3.7 §D.3.3.2 and PS3.10 §7.1 ask for it.
public enum Implementation {
    /// The Implementation Class UID of Portico.
    public static let classUID = UID(constant: "2.25.232514815822859496742368911486388519516")

    /// The Implementation Version Name, at most 16 characters.
    public static let versionName = "PORTICO_0_1"
}
