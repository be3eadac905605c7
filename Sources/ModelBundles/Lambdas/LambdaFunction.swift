/// The functions that a compiled lambda may call, by their names in torch; most are methods of tensors as well.
enum LambdaFunction: String {
    case `where`, clamp, clip, abs, absolute, round, floor, ceil, trunc, sqrt, sigmoid, softmax
    case nanToNum = "nan_to_num"
    case isnan, isinf, isfinite
    case argmax, argmin, sum, mean, amax, amin, any, all
    case cat, concat, stack, unsqueeze, squeeze, maximum, minimum
    case zerosLike = "zeros_like"
    case onesLike = "ones_like"
    case fullLike = "full_like"
    case logicalAnd = "logical_and"
    case logicalOr = "logical_or"
    case logicalXor = "logical_xor"
    case logicalNot = "logical_not"
    case eq, ne, lt, le, gt, ge

    /// The parameters in torch's order; a method's tensor is the first of them.
    var parameters: [String] {
        switch self {
        case .where: ["condition", "input", "other"]
        case .clamp, .clip: ["input", "min", "max"]
        case .round: ["input", "decimals"]
        case .softmax: ["input", "dim", "dtype"]
        case .nanToNum: ["input", "nan", "posinf", "neginf"]
        case .argmax, .argmin, .amax, .amin, .any, .all: ["input", "dim", "keepdim"]
        case .sum, .mean: ["input", "dim", "keepdim", "dtype"]
        case .cat, .concat, .stack: ["tensors", "dim"]
        case .unsqueeze, .squeeze: ["input", "dim"]
        case .zerosLike, .onesLike: ["input", "dtype"]
        case .fullLike: ["input", "fill_value", "dtype"]
        case .maximum, .minimum, .logicalAnd, .logicalOr, .logicalXor, .eq, .ne, .lt, .le, .gt, .ge: ["input", "other"]
        default: ["input"]
        }
    }

    /// Whether a tensor has it as a method that takes the tensor first.
    var isMethod: Bool {
        switch self {
        case .where, .cat, .concat, .stack, .zerosLike, .onesLike, .fullLike: false
        default: true
        }
    }

    /// The function of a dotted name.
    init?(path: String) {
        if path == "builtins.abs" {
            self = .abs
        } else if path.hasPrefix("torch."), let function = LambdaFunction(rawValue: String(path.dropFirst(6))) {
            self = function
        } else {
            return nil
        }
    }

    var comparison: TensorExpression.Binary? {
        switch self {
        case .eq: .equal
        case .ne: .notEqual
        case .lt: .less
        case .le: .lessOrEqual
        case .gt: .greater
        case .ge: .greaterOrEqual
        default: nil
        }
    }
}
