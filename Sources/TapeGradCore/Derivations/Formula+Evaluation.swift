// A printed formula can be checked with numbers:
//
//   (A − Y)/m,  A = [0.9, 0.2],  Y = [1, 0],  m = 2      [−0.05, 0.1]
//
// The tests evaluate every equation of a derivation and compare it with what the tape computed. Symbols may be recorded
// tensors, so a formula can be differentiated as well.

extension Formula {
  /// The numbers that the formula gives when its symbols stand for these tensors.
  ///
  /// - Parameter symbols: the values by name; those of derivatives as `∂J/∂Z`.
  /// - Throws: `TensorError` for a symbol that nobody gave, or operations that do not fit.
  public func evaluated<S>(_ symbols: [String: Tensor<S>]) throws(TensorError) -> Tensor<S> {
    switch self {
    case .symbol(let name): return try Formula.value(of: name, symbols)
    case .derivative(let numerator?, let name): return try Formula.value(of: "∂\(numerator)/∂\(name)", symbols)
    case .derivative(nil, let name): return try Formula.value(of: "d\(name)", symbols)
    case .number(let number): return Tensor(S(number))
    case .count(let count): return Tensor(S(count))
    case .negated(let a): return try (-a.evaluated(symbols)).validated()
    case .sum(let a, let b): return try (a.evaluated(symbols) + b.evaluated(symbols)).validated()
    case .difference(let a, let b): return try (a.evaluated(symbols) - b.evaluated(symbols)).validated()
    case .product(let a, let b):
      // As on paper, a factor of 0 (a cotangent, a weight 1 − y) is 0 also beside log 0.
      return try a.evaluated(symbols).weighting(b.evaluated(symbols)).validated()
    case .quotient(let a, let b): return try (a.evaluated(symbols) / b.evaluated(symbols)).validated()
    case .power(let a, let b): return try pow(a.evaluated(symbols), b.evaluated(symbols)).validated()
    case .matrixProduct(let a, let b): return try matmul(a.evaluated(symbols), b.evaluated(symbols)).validated()
    case .transposed(let a): return try a.evaluated(symbols).transposed.validated()
    case .call(let primitive, let operands):
      var values: [Value] = []
      for operand in operands { values.append(try operand.evaluated(symbols).value) }
      return try Tensor(apply(primitive, values)).validated()
    case .cases(let x, let a, let b):
      let isPositive: Tensor<S> = try x.evaluated(symbols) .> 0
      return try select(isPositive, a.evaluated(symbols), b.evaluated(symbols)).validated()
    case .reduction(let primitive, let a, _), .implicit(let primitive, let a):
      return try Tensor(apply(primitive, [a.evaluated(symbols).value])).validated()
    }
  }

  private static func value<S>(of name: String, _ symbols: [String: Tensor<S>]) throws(TensorError) -> Tensor<S> {
    guard let tensor = symbols[name] else { throw TensorError("nothing is called \(name)") }
    return try tensor.validated()
  }
}
