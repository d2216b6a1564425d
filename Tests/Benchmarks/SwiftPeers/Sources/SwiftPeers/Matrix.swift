import _Differentiation

/// A matrix, row by row, whose operations tell the compiler their derivatives.
struct Matrix<S: Number>: Differentiable {
  var rows, columns: Int
  var scalars: [S]

  typealias TangentVector = Matrix
  mutating func move(by offset: Matrix) { self = self + offset }
}

extension Matrix: AdditiveArithmetic {
  /// The zero of any shape: the compiler asks for it before it knows one.
  static var zero: Matrix { Matrix(rows: 0, columns: 0, scalars: []) }

  static func + (a: Matrix, b: Matrix) -> Matrix {
    if a.scalars.isEmpty { return b }
    if b.scalars.isEmpty { return a }
    var sum = a
    for i in sum.scalars.indices { sum.scalars[i] += b.scalars[i] }
    return sum
  }

  static func - (a: Matrix, b: Matrix) -> Matrix { a + b.scaled(by: -1) }
}

extension Matrix {
  func scaled(by factor: S) -> Matrix { Matrix(rows: rows, columns: columns, scalars: scalars.map { $0 * factor }) }

  var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows, scalars: scalars)
    for i in 0..<rows {
      for j in 0..<columns { result.scalars[j * rows + i] = scalars[i * columns + j] }
    }
    return result
  }

  static func zeros(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, scalars: Array(repeating: 0, count: rows * columns))
  }
}

/// `A·B`.
func matmul<S>(_ a: Matrix<S>, _ b: Matrix<S>) -> Matrix<S> {
  var c = Matrix<S>.zeros(a.rows, b.columns)
  multiply(a.scalars, b.scalars, into: &c.scalars, rows: a.rows, inner: a.columns, columns: b.columns)
  return c
}

/// `dA = dC·Bᵀ`, `dB = Aᵀ·dC`.
@derivative(of: matmul)
func vjpMatmul<S>(
  _ a: Matrix<S>, _ b: Matrix<S>
) -> (value: Matrix<S>, pullback: (Matrix<S>) -> (Matrix<S>, Matrix<S>)) {
  (
    matmul(a, b),
    { d in
      var da = Matrix<S>.zeros(a.rows, a.columns)
      multiplyTransposed(d.scalars, b.scalars, into: &da.scalars, rows: d.rows, inner: d.columns, columns: b.rows)
      return (da, matmul(a.transposed, d))
    }
  )
}

/// Adds a column to every column.
func addColumn<S>(_ a: Matrix<S>, _ b: Matrix<S>) -> Matrix<S> {
  var sum = a
  for i in 0..<a.rows {
    for j in 0..<a.columns { sum.scalars[i * a.columns + j] += b.scalars[i] }
  }
  return sum
}

@derivative(of: addColumn)
func vjpAddColumn<S>(
  _ a: Matrix<S>, _ b: Matrix<S>
) -> (value: Matrix<S>, pullback: (Matrix<S>) -> (Matrix<S>, Matrix<S>)) {
  (
    addColumn(a, b),
    { d in
      var db = Matrix<S>.zeros(d.rows, 1)
      for i in 0..<d.rows { db.scalars[i] = d.scalars[i * d.columns..<(i + 1) * d.columns].reduce(0, +) }
      return (d, db)
    }
  )
}

/// tanh or relu of every element.
func activate<S>(_ z: Matrix<S>, _ activation: Activation) -> Matrix<S> {
  let scalars = activation == .tanh ? z.scalars.map { S.tanh($0) } : z.scalars.map { max($0, 0) }
  return Matrix(rows: z.rows, columns: z.columns, scalars: scalars)
}

@derivative(of: activate, wrt: z)
func vjpActivate<S>(
  _ z: Matrix<S>, _ activation: Activation
) -> (value: Matrix<S>, pullback: (Matrix<S>) -> Matrix<S>) {
  let a = activate(z, activation)
  return (
    a,
    { d in
      var dz = d
      if activation == .tanh {
        for i in dz.scalars.indices { dz.scalars[i] *= 1 - a.scalars[i] * a.scalars[i] }
      } else {
        for i in dz.scalars.indices where a.scalars[i] <= 0 { dz.scalars[i] = 0 }
      }
      return dz
    }
  )
}
