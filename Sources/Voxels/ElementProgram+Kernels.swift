internal import CVoxels

extension ElementProgram {
    /// Loops over one block. A result may lie where its first operand does.
    enum Kernels {
        typealias Values = UnsafePointer<Float>
        typealias Output = UnsafeMutablePointer<Float>

        static func apply(_ operation: Unary, _ a: Values, _ out: Output, _ count: Int) {
            switch operation {
            case .negative: map(a, out, count) { -$0 }
            case .absolute: map(a, out, count) { $0.magnitude }
            case .squareRoot: map(a, out, count) { $0.squareRoot() }
            case .floor: map(a, out, count) { $0.rounded(.down) }
            case .ceiling: map(a, out, count) { $0.rounded(.up) }
            case .truncated: map(a, out, count) { $0.rounded(.towardZero) }
            case .rounded: map(a, out, count) { $0.rounded(.toNearestOrEven) }
            case .sigmoid:
                if UnsafePointer(out) != a { out.update(from: a, count: count) }
                pvx_sigmoid(out, count)
            case .inverse: map(a, out, count) { 1 / $0 }
            case .not: map(a, out, count) { $0 == 0 ? 1 : 0 }
            case .truth: map(a, out, count) { $0 == 0 ? 0 : 1 }
            case .isNaN: map(a, out, count) { $0 == $0 ? 0 : 1 }
            case .isInfinite: map(a, out, count) { $0.magnitude == .infinity ? 1 : 0 }
            case .isFinite: map(a, out, count) { $0.magnitude < .infinity ? 1 : 0 }
            }
        }

        /// - Returns: false where an integer is divided by zero.
        static func apply(_ operation: Binary, _ a: Values, _ b: Values, _ out: Output, _ count: Int) -> Bool {
            switch operation {
            case .add: map(a, b, out, count) { $0 + $1 }
            case .subtract: map(a, b, out, count) { $0 - $1 }
            case .multiply: map(a, b, out, count) { $0 * $1 }
            case .divide: map(a, b, out, count) { $0 / $1 }
            case .floorDivide: map(a, b, out, count, floorQuotient)
            case .remainder: map(a, b, out, count, remainder)
            case .floorDivideIntegers:
                guard isNonzero(b, count) else { return false }
                map(a, b, out, count) { Float((Double($0) / Double($1)).rounded(.down)) }
            case .remainderOfIntegers:
                guard isNonzero(b, count) else { return false }
                map(a, b, out, count, remainder)
            case .less: map(a, b, out, count) { $0 < $1 ? 1 : 0 }
            case .lessOrEqual: map(a, b, out, count) { $0 <= $1 ? 1 : 0 }
            case .equal: map(a, b, out, count) { $0 == $1 ? 1 : 0 }
            case .notEqual, .exclusiveOr: map(a, b, out, count) { $0 == $1 ? 0 : 1 }
            case .and: map(a, b, out, count) { $0 * $1 }
            case .or, .maximum: map(a, b, out, count) { $0 > $1 || $0 != $0 ? $0 : $1 }
            case .minimum: map(a, b, out, count) { $0 < $1 || $0 != $0 ? $0 : $1 }
            }
            return true
        }

        static func choose(_ condition: Values, _ a: Values, _ b: Values, _ out: Output, _ count: Int) {
            for i in 0..<count { out[i] = condition[i] != 0 ? a[i] : b[i] }
        }

        static func clamp(_ a: Values, _ out: Output, _ count: Int, _ lower: Float, _ upper: Float) {
            map(a, out, count) { value in
                // What is no number compares as false and stays so; the upper bound counts where both are crossed.
                let raised = value < lower ? lower : value
                return raised > upper ? upper : raised
            }
        }

        static func replace(
            _ a: Values, _ out: Output, _ count: Int, _ nan: Float, _ positive: Float, _ negative: Float
        ) {
            map(a, out, count) { value in
                value != value ? nan : value == .infinity ? positive : value == -.infinity ? negative : value
            }
        }

        /// - Returns: false where a value is outside of the bounds or no number.
        static func integers(
            _ a: Values, _ out: Output, _ count: Int, _ lower: Float, _ upper: Float
        ) -> Bool {
            var outside: Int32 = 0
            for i in 0..<count {
                let value = a[i]
                outside |= value >= lower && value <= upper ? 0 : 1
                out[i] = value + 0
            }
            return outside == 0
        }

        private static func isNonzero(_ values: Values, _ count: Int) -> Bool {
            for i in 0..<count where values[i] == 0 { return false }
            return true
        }

        /// torch 2.13 c10/util/generic_math.h, `div_floor_floating`.
        @inline(__always)
        private static func floorQuotient(_ a: Float, _ b: Float) -> Float {
            if b == 0 { return a / b }
            let rest = a.truncatingRemainder(dividingBy: b)
            var quotient = (a - rest) / b
            if rest != 0, (b < 0) != (rest < 0) { quotient -= 1 }
            guard quotient != 0 else { return (a / b).sign == .minus ? -0.0 : 0 }
            let floor = quotient.rounded(.down)
            return quotient - floor > 0.5 ? floor + 1 : floor
        }

        /// The remainder with the sign of the divisor.
        @inline(__always)
        private static func remainder(_ a: Float, _ b: Float) -> Float {
            let rest = a.truncatingRemainder(dividingBy: b)
            return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest
        }

        @inline(__always)
        private static func map(_ a: Values, _ out: Output, _ count: Int, _ body: (Float) -> Float) {
            for i in 0..<count { out[i] = body(a[i]) }
        }

        @inline(__always)
        private static func map(
            _ a: Values, _ b: Values, _ out: Output, _ count: Int, _ body: (Float, Float) -> Float
        ) {
            for i in 0..<count { out[i] = body(a[i], b[i]) }
        }
    }
}
