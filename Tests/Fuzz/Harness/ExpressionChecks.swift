@testable import ModelBundles

/// The bytes are one expression, in a configuration with ids of every kind to refer to.
enum ExpressionChecks {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        try parse(Array(text.unicodeScalars))
        let first = try fingerprint(of: text)
        let second = try fingerprint(of: text)
        try Finding.unless(first == second, "the expression has two outcomes: \(first) and \(second)")
    }

    private static func parse(_ scalars: [Unicode.Scalar]) throws(Finding) {
        do {
            let (expression, references) = try ExpressionParser.parse(scalars)
            try Finding.unless(
                expression.depth <= 2 * Limits.expressionDepth, "an expression of \(expression.depth) levels")
            try Finding.unless(
                Set(references.map { ExactString($0) }).count == references.count, "a reference twice")
        } catch let error as ExpressionError {
            try Finding.unless(!error.message.isEmpty, "an error without a message")
            try Finding.unless((0...scalars.count).contains(error.position), "a place outside of the expression")
        } catch {
            throw Finding(message: "\(error)")
        }
    }

    private static func fingerprint(of text: String) throws(Finding) -> String {
        let outcome = Outcome { () throws(BundleError) in try evaluated(text) }
        try outcome.check()
        return outcome.fingerprint
    }

    private static func evaluated(_ text: String) throws(BundleError) -> ConfigValue {
        let root = try JSONReader.read(surroundings)
        try root.set("e", to: ConfigNode(.string("$" + text)))
        try ConfigRewriter(root: root, files: nil, budget: NodeBudget()).rewrite()
        let context = EvaluationContext(cudaIsAvailable: true)
        return try ConfigResolver(root: root, files: nil, context: context).value(of: "e")
    }

    /// What the dictionary of the target knows the names of.
    private static let surroundings = Array(
        """
        {"i": ["$import math", "$import os", "$import json", "$import pathlib", "$import copy"],
         "a": 3, "b": "text", "c": [1, 2.5, null, true], "d": {"k": "v", "n": [0, -1]}, "r": "@c", "u": "$open('x')",
         "s": "$'text' * 1000", "l": "$list(range(10000))", "t": "$(1, 'x') * 100", "m": "$set(range(1000))",
         "n": "$float('nan')", "w": "$((0,) * 9,) * 9", "o": {"_target_": "Compose", "transforms": ["@f", "@c"]},
         "f": {"_target_": "Spacingd", "pixdim": "$[1.5] * 3"}, "g": "$lambda x: x", "h": "$range(0, 2**62, 2)"}
        """.utf8)
}
