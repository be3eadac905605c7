/// A parsed expression.
struct Expression: Sendable {
    indirect enum Kind: Sendable {
        case constant(Value)
        case name(String)
        case reference(String)
        case list([Expression])
        case tuple([Expression])
        case set([Expression])
        /// A pair without a key is a `**` of a mapping.
        case dictionary([(key: Expression?, value: Expression)])
        case starred(Expression)
        case unary(String, Expression)
        case binary(String, Expression, Expression)
        case boolean(isOr: Bool, [Expression])
        case comparison(Expression, [(operation: String, operand: Expression)])
        case conditional(condition: Expression, then: Expression, otherwise: Expression)
        case attribute(Expression, String)
        case subscripted(Expression, Expression)
        case slice(lower: Expression?, upper: Expression?, step: Expression?)
        case call(Expression, [Argument])
        /// `...`, which means something among the indices of a tensor alone.
        case ellipsis
        /// A lambda is kept as its source; it is compiled where it is used.
        case lambda(String)
    }

    struct Argument: Sendable {
        enum Label: Sendable {
            case positional
            case keyword(String)
            case star
            case doubleStar
        }
        var label: Label
        var value: Expression
    }

    let kind: Kind
    /// The index of the scalar that an error points at.
    let position: Int
    /// How many nodes lie on the longest way down.
    let depth: Int
}
