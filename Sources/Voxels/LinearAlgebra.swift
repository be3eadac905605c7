/// Small dense float64 algebra with the roundings of the libraries that MONAI computes affines with.
///
/// Output shapes round half to even and nearest neighbours have ties, so one unit in the last place of a matrix can
/// move a whole plane of voxels. NumPy's LAPACK (OpenBLAS `dgetrf`, `dgetrs`) multiplies by the reciprocals of pivots
/// and fuses multiplications with additions; torch's small matrix products do neither. Both are followed here to the
/// bit, in the order in which they add.
enum LinearAlgebra {
    /// The product of two row-major `n × n` matrices as NumPy makes it: fused, over ascending inner indices.
    static func fusedProduct(_ a: [Double], _ b: [Double], n: Int, columns: Int) -> [Double] {
        var product = [Double](repeating: 0, count: n * columns)
        for row in 0..<n {
            for column in 0..<columns {
                var sum = 0.0
                for inner in 0..<n { sum.addProduct(a[row * n + inner], b[inner * columns + column]) }
                product[row * columns + column] = sum
            }
        }
        return product
    }

    /// Solves `a x = b` for a row-major `n × n` matrix and several columns; nil where `a` is singular.
    static func solve(_ a: [Double], _ b: [Double], n: Int, columns: Int) -> [Double]? {
        guard let factors = Factors(a, n: n) else { return nil }
        return factors.solve(b, columns: columns)
    }

    /// The inverse of a row-major `n × n` matrix; nil where it is singular.
    static func inverse(_ a: [Double], n: Int) -> [Double]? {
        var identity = [Double](repeating: 0, count: n * n)
        for index in 0..<n { identity[index * n + index] = 1 }
        return solve(a, identity, n: n, columns: n)
    }

    /// The lower Cholesky factor of a row-major symmetric `n × n` matrix; nil where it is not positive definite.
    static func cholesky(_ matrix: [Double], n: Int) -> [Double]? {
        var factor = [Double](repeating: 0, count: n * n)
        for column in 0..<n {
            var square = 0.0
            for inner in 0..<column { square.addProduct(factor[column * n + inner], factor[column * n + inner]) }
            let diagonal = matrix[column * n + column] - square
            guard diagonal > 0 else { return nil }
            let root = diagonal.squareRoot()
            let reciprocal = 1 / root
            factor[column * n + column] = root
            for row in column + 1..<max(n, column + 1) {
                var sum = 0.0
                for inner in 0..<column { sum.addProduct(factor[row * n + inner], factor[column * n + inner]) }
                factor[row * n + column] = (matrix[row * n + column] - sum) * reciprocal
            }
        }
        return factor
    }
}

extension LinearAlgebra {
    /// A matrix split into a lower and an upper triangle with its rows exchanged.
    private struct Factors {
        var values: [Double]
        var pivots: [Int] = []
        let n: Int

        /// Factors column by column: each entry loses one fused sum, then the pivot's reciprocal scales the column.
        init?(_ matrix: [Double], n: Int) {
            values = matrix
            self.n = n
            for column in 0..<n {
                for (row, pivot) in pivots.enumerated() where pivot != row {
                    values.swapAt(row * n + column, pivot * n + column)
                }
                for row in 1..<max(n, 1) {
                    var sum = 0.0
                    for inner in 0..<min(row, column) {
                        sum.addProduct(values[row * n + inner], values[inner * n + column])
                    }
                    values[row * n + column] -= sum
                }
                guard let pivot = choosePivot(column) else { return nil }
                pivots.append(pivot)
                let reciprocal = 1 / values[column * n + column]
                for row in column + 1..<max(n, column + 1) { values[row * n + column] *= reciprocal }
            }
        }

        /// Brings the largest entry of a column's rest to the diagonal, together with the factors left of it.
        private mutating func choosePivot(_ column: Int) -> Int? {
            var pivot = column
            for row in column..<n
            where values[row * n + column].magnitude > values[pivot * n + column].magnitude {
                pivot = row
            }
            guard values[pivot * n + column].magnitude > 0 else { return nil }
            if pivot != column {
                for inner in 0...column { values.swapAt(column * n + inner, pivot * n + inner) }
            }
            return pivot
        }

        /// Substitutes forwards and backwards. The last row of an odd size is a block of its own, whose update is one
        /// sum that is subtracted at once.
        func solve(_ right: [Double], columns: Int) -> [Double] {
            var x = right
            for (row, pivot) in pivots.enumerated() where pivot != row {
                for column in 0..<columns { x.swapAt(row * columns + column, pivot * columns + column) }
            }
            let block = n % 2 == 1 ? n - 1 : n
            for column in 0..<columns {
                for row in 1..<max(n, 1) {
                    if row >= block {
                        subtractSum(&x, row, 0..<row, column, columns)
                    } else {
                        for inner in 0..<row { subtract(&x, row, inner, column, columns) }
                    }
                }
                for row in (0..<n).reversed() {
                    if row < block { subtractSum(&x, row, block..<n, column, columns) }
                    for inner in (row + 1..<max(block, row + 1)).reversed() {
                        subtract(&x, row, inner, column, columns)
                    }
                    x[row * columns + column] *= 1 / values[row * n + row]
                }
            }
            return x
        }

        private func subtract(_ x: inout [Double], _ row: Int, _ inner: Int, _ column: Int, _ columns: Int) {
            x[row * columns + column].addProduct(-values[row * n + inner], x[inner * columns + column])
        }

        private func subtractSum(
            _ x: inout [Double], _ row: Int, _ inner: Range<Int>, _ column: Int, _ columns: Int
        ) {
            guard !inner.isEmpty else { return }
            var sum = 0.0
            for index in inner { sum.addProduct(values[row * n + index], x[index * columns + column]) }
            x[row * columns + column] -= sum
        }
    }
}
