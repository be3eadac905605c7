/// What an operator does with an argument, as it says itself while it reads its arguments.
public enum ArgumentUse: Sendable, Equatable {
    /// It is understood.
    case read
    /// It is read past, because it changes nothing that Portico computes.
    case ignored
    /// It is understood where it is one of the values that the words name.
    case limited(String)
}
