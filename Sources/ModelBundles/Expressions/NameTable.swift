/// The names that an expression may use: a closed table, and imports that bind names of it.
struct NameTable {
    /// What import statements bind: a name to a dotted path.
    var imports: [String: String] = [:]

    /// MONAI's own globals (MONAI 1.6.1 bundle/config_parser.py, `_default_globals`).
    private static let globals = ["monai": "monai", "torch": "torch", "np": "numpy", "numpy": "numpy"]

    func value(of name: String, at position: Int) throws(ExpressionError) -> Value {
        if name.hasPrefix("__") { throw .unsupported("the name \(name)", at: position) }
        if let path = imports[name] ?? Self.globals[name] {
            if let value = Self.lookup(path) { return value }
            // A module that the table has nothing of; only its use is an error, as in MONAI.
            return .module(path)
        }
        if let value = Self.lookup("builtins." + name) { return value }
        if Self.otherBuiltins.contains(name) { throw .unsupported("the function \(name)", at: position) }
        throw .invalid("the name '\(name)' is not defined; an import statement would bind it", at: position)
    }

    func member(_ name: String, of path: String, at position: Int) throws(ExpressionError) -> Value {
        let full = path + "." + name
        if let value = Self.lookup(full) { return value }
        throw .unsupported("the name \(full)", at: position)
    }

    /// The constant that a dotted path names, which Python would locate by it; nil for everything else.
    static func constant(_ path: String) -> Value? {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return nil }
        let owner = parts.dropLast().joined(separator: ".")
        return constants[(aliases[owner] ?? owner) + "." + parts[parts.count - 1]]
    }

    /// What a canonical or aliased dotted path stands for.
    static func lookup(_ path: String) -> Value? {
        let path = aliases[path] ?? path
        if let value = constants[path] { return value }
        if symbols.contains(path) || TableFunction(rawValue: path) != nil { return .symbol(path) }
        if modules.contains(path) || ComponentTable.isModule(path) { return .module(path) }
        return ComponentTable.located(path).map { aliases[$0] ?? $0 }.map(Value.symbol)
    }

    private static let modules: Set<String> = [
        "torch", "torch.cuda", "numpy", "math", "os", "os.path", "json", "pathlib", "copy",
    ]

    /// Python's builtins that are not in the table, to tell them from misspelt names.
    private static let otherBuiltins: Set<String> = [
        "open", "eval", "exec", "compile", "getattr", "setattr", "delattr", "hasattr", "globals", "locals", "vars",
        "print", "input", "map", "filter", "zip", "enumerate", "reversed", "iter", "next", "isinstance", "issubclass",
        "type", "object", "super", "callable", "id", "hash", "dir", "help", "repr", "ascii", "chr", "ord", "hex", "oct",
        "bin", "bytes", "bytearray", "memoryview", "complex", "slice", "frozenset", "format", "pow", "divmod",
        "property", "staticmethod", "classmethod", "breakpoint", "exit", "quit",
    ]

    private static let torchTypes = [
        "float16", "float32", "float64", "bfloat16", "uint8", "int8", "int16", "int32", "int64", "bool",
    ]
    private static let numpyTypes = [
        "float16", "float32", "float64", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
        "bool",
    ]

    static let symbols: Set<String> = Set(
        torchTypes.map { "torch." + $0 } + numpyTypes.map { "numpy." + $0 } + ["monai.utils.enums.CommonKeys"])

    static let aliases: [String: String] = [
        "torch.float": "torch.float32", "torch.double": "torch.float64", "torch.half": "torch.float16",
        "torch.long": "torch.int64", "torch.int": "torch.int32", "torch.short": "torch.int16",
        "numpy.single": "numpy.float32", "numpy.double": "numpy.float64", "numpy.half": "numpy.float16",
        "numpy.bool_": "numpy.bool", "numpy.byte": "numpy.int8", "numpy.ubyte": "numpy.uint8",
        "numpy.short": "numpy.int16", "numpy.ushort": "numpy.uint16", "numpy.intc": "numpy.int32",
        "numpy.uintc": "numpy.uint32", "numpy.int_": "numpy.int64", "numpy.uint": "numpy.uint64",
        "monai.utils.CommonKeys": "monai.utils.enums.CommonKeys",
        // What CPython calls the module behind `os.path` on every system that Portico runs on.
        "posixpath": "os.path",
    ]

    static let constants: [String: Value] = {
        var result: [String: Value] = [
            "math.tau": .double(2 * .pi), "os.sep": .string("/"), "os.path.sep": .string("/"),
        ]
        for module in ["math", "numpy", "torch"] {
            result[module + ".pi"] = .double(.pi)
            result[module + ".e"] = .double(2.718281828459045)
            result[module + ".inf"] = .double(.infinity)
            result[module + ".nan"] = .double(.nan)
        }
        for key in ["IMAGE", "LABEL", "PRED", "LOSS"] {
            result["monai.utils.enums.CommonKeys." + key] = .string(key.lowercased())
        }
        result["monai.utils.enums.CommonKeys.METADATA"] = .string("metadata")
        return result
    }()
}

/// The functions that an expression may call, by their canonical names.
enum TableFunction: String, CaseIterable {
    case len = "builtins.len"
    case int = "builtins.int"
    case float = "builtins.float"
    case str = "builtins.str"
    case bool = "builtins.bool"
    case list = "builtins.list"
    case tuple = "builtins.tuple"
    case dict = "builtins.dict"
    case set = "builtins.set"
    case range = "builtins.range"
    case sorted = "builtins.sorted"
    case sum = "builtins.sum"
    case min = "builtins.min"
    case max = "builtins.max"
    case abs = "builtins.abs"
    case round = "builtins.round"
    case any = "builtins.any"
    case all = "builtins.all"
    case sqrt = "math.sqrt"
    case floor = "math.floor"
    case ceil = "math.ceil"
    case trunc = "math.trunc"
    case prod = "math.prod"
    case device = "torch.device"
    case cudaIsAvailable = "torch.cuda.is_available"
    case join = "os.path.join"
    case basename = "os.path.basename"
    case dirname = "os.path.dirname"
    case deepcopy = "copy.deepcopy"
    case copy = "copy.copy"
    /// These two have a meaning in `json.loads(pathlib.Path(P).read_text())` alone.
    case jsonLoads = "json.loads"
    case path = "pathlib.Path"
}
