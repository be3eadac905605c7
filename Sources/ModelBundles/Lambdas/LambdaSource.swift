/// A lambda of a configuration: its text, and what the text's references and names stand for.
///
/// Whether Portico can compute what it says is judged where it is used: a bundle may hold lambdas that nothing needs.
public struct LambdaSource: Sendable {
    /// The text as the configuration has it, without its `$`.
    public let text: String

    /// The values of the ids that the text refers to, or why they have none.
    let references: [ExactString: Result<Value, BundleError>]
    let names: NameTable
    let context: EvaluationContext

    /// Makes a lambda that refers to no id.
    public init(_ text: String) {
        self.init(text: text, references: [:], names: NameTable(), context: EvaluationContext())
    }

    init(
        text: String, references: [ExactString: Result<Value, BundleError>], names: NameTable,
        context: EvaluationContext
    ) {
        self.text = text
        self.references = references
        self.names = names
        self.context = context
    }

    /// Compiles the lambda to a function of one float32 tensor.
    ///
    /// - Parameter id: the id where the lambda is used, for errors.
    /// - Throws: `BundleError` with the id, the text, a caret below what cannot be compiled, and a way out.
    public func compile(id: String) throws(BundleError) -> TensorFunction {
        let scalars = Array(text.unicodeScalars)
        guard text.utf8.count <= Limits.expressionLength else {
            throw BundleError(.limit, "a lambda longer than \(Limits.expressionLength) bytes", id: id)
        }
        do throws(ExpressionError) {
            let (parameter, body) = try ExpressionParser.function(scalars)
            let evaluator = Evaluator(
                references: references, names: names, context: context, allowance: Allowance(),
                readJSON: { _ throws(BundleError) in
                    throw BundleError(.unsupported, "a lambda that reads a file", id: id)
                })
            let compiler = LambdaCompiler(parameter: parameter, evaluator: evaluator)
            return TensorFunction(text: text, body: try compiler.function(body))
        } catch {
            throw error.located(id: id, source: scalars)
        }
    }
}
