// A line with the numbers of one element. Of ∂J/∂Z2 = (A2 − Y)/m, element [0, 17]:
//
//   ∂J/∂z₂[0, 17] = (0.9962 − 1)/569 = −6.6e-06
//
// How an index travels down a formula, from the element of the result to those of its parts:
//
//   A ⊙ B at [i, j]       A at [i, j], B at [i, j]
//   Aᵀ at [i, j]          A at [j, i]
//   A·B at [i, j]         A at [i, 0] times B at [0, j], plus …
//   Σ_columns(A) at [i, 0]   A at [i, 0], plus A at [i, 1], plus …
//   b of shape (2, 1) at [i, j]   b at [i, 0]: it is broadcast
//
// Element-wise operations and changes of shape say which element of each operand they read. A product of matrices is
// written as the sum that it is, of its first terms; what depends on whole arrays in another way, as its number.

extension Derivation {
  /// A line with numbers plugged in, those of one element: `∂J/∂z₂[0, 17] = (0.9962 − 1)/569 = −6.6e-06`.
  ///
  /// Numbers are shown to four digits. Of a long sum the first three terms are shown.
  /// - Parameters:
  ///   - name: what the line defines, as ``Equation/name`` gives it: `Z2`, `∂J/∂Z2`.
  ///   - index: the element, an index for each axis.
  /// - Throws: `TensorError` where there is no such line or element.
  public func numbers(of name: String, at index: [Int]) throws(TensorError) -> Sentence {
    guard let equation = (forward + backward).last(where: { $0.name == name }) else {
      throw TensorError("no line of the derivation defines \(name)")
    }
    let shape = equation.shape
    guard index.count == shape.rank, zip(index, shape.dimensions).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
      throw TensorError("there is no element \(index) in \(name) of shape \(shape)")
    }
    // Every name that has a value, in Double: a derivation of Float prints no more digits than it has, four.
    let values = Dictionary(
      inputs.map { ($0.name, $0.value.inDouble) } + (forward + backward).map { ($0.name, $0.value.inDouble) },
      uniquingKeysWith: { $1 })
    let plugged = try NumberPlugging(values: values).plugged(equation.formula, at: index)
    let number = try NumberPlugging(values: values).number(equation.value.inDouble, at: index)
    let element = index.isEmpty ? "" : "\(index)"
    let left: Sentence = "\(equation.left.ofOneElement(unless: result))\(element)"
    // Where nothing was left to compute, as in `A2[0, 17] = 0.9962`, one equals sign is enough.
    return plugged == number ? "\(left) = \(number)" : "\(left) = \(plugged) = \(number)"
  }
}

/// Puts the numbers of an element into a formula.
private struct NumberPlugging {
  let values: [String: Tensor<Double>]
  /// How many terms of a sum are written, before an ellipsis.
  private static let shownTerms = 3

  /// The formula with a number in the place of each part that has one at this index.
  func plugged(_ formula: Formula, at index: [Int]) throws(TensorError) -> Formula {
    switch formula {
    case .number: return formula
    case .count(let count): return .number(Double(count))
    case .negated(let a): return -(try plugged(a, at: index))
    case .sum(let a, let b): return added(try plugged(a, at: index), try plugged(b, at: index))
    case .difference(let a, let b): return try plugged(a, at: index) - plugged(b, at: index)
    case .product(let a, let b): return try plugged(a, at: index) * plugged(b, at: index)
    case .quotient(let a, let b): return try plugged(a, at: index) / plugged(b, at: index)
    case .power(let a, let b): return .power(try plugged(a, at: index), try plugged(b, at: index))
    case .transposed(let a):
      guard index.count >= 2 else { return try plugged(a, at: index) }
      return try plugged(a, at: index.dropLast(2) + [index[index.count - 1], index[index.count - 2]])
    case .matrixProduct(let a, let b): return try terms(of: a, b, at: index)
    case .reduction(let primitive as Sum, let a, _): return try terms(of: primitive, a, at: index)
    case .cases(let x, let a, let b):
      return .cases(
        positive: try plugged(x, at: index), try plugged(a, at: index), otherwise: try plugged(b, at: index))
    case .call(let primitive, let operands) where primitive is any SameShape:
      var numbers: [Formula] = []
      for operand in operands { numbers.append(try plugged(operand, at: index)) }
      return .call(primitive, numbers)
    case .implicit(let primitive, let a) where primitive is Broadcast: return try plugged(a, at: index)
    // A maximum, a norm, a softmax: an element depends on many, so it is computed, and its number shown.
    case .symbol, .derivative, .reduction, .call, .implicit:
      return try number(formula.evaluated(values), at: index)
    }
  }

  /// An element to four digits; of a smaller shape, the one that is broadcast to it.
  func number(_ tensor: Tensor<Double>, at index: [Int]) throws(TensorError) -> Formula {
    let array = try tensor.array, shape = array.shape
    var offset = 0
    for (axis, position) in zip(0..<shape.rank, index.suffix(shape.rank)) {
      // Row-major: the index along an axis of length 1 is 0, whatever was asked for.
      offset = offset * shape[axis] + (shape[axis] == 1 ? 0 : position)
    }
    guard offset < shape.count else { throw TensorError("there is no element \(index) in an array of shape \(shape)") }
    return .number(array.scalars[offset].toFourDigits)
  }

  /// `a₁·b₁ + a₂·b₂ + …`
  private func terms(of a: Formula, _ b: Formula, at index: [Int]) throws(TensorError) -> Formula {
    let (left, right) = (try a.evaluated(values), try b.evaluated(values))
    guard left.shape.rank >= 2, index.count >= 2 else {
      return try number(Formula.matrixProduct(a, b).evaluated(values), at: index)
    }
    // Row i of the left factor meets column j of the right one; `length` is how many terms that has.
    let length = left.shape[left.shape.rank - 1], batch = Array(index.dropLast(2))
    let row = index[index.count - 2], column = index[index.count - 1]
    var terms: [Formula] = []
    for j in 0..<min(length, Self.shownTerms) {
      terms.append(try number(left, at: batch + [row, j]) * number(right, at: batch + [j, column]))
    }
    return sum(terms, of: length)
  }

  /// `a₁ + a₂ + …`
  private func terms(of sum: Sum, _ a: Formula, at index: [Int]) throws(TensorError) -> Formula {
    let shape = try a.evaluated(values).shape, kept = index.suffix(sum.target.rank)
    let missing = shape.rank - sum.target.rank
    // The axes that are summed over count up, the last the fastest; the others stay.
    let folded = (0..<shape.rank).filter { axis in
      axis < missing || sum.target[axis - missing] != shape[axis]
    }
    var position = [Int](repeating: 0, count: missing) + kept, terms: [Formula] = []
    let length = folded.reduce(1) { $0 * shape[$1] }
    for term in 0..<min(length, Self.shownTerms) {
      var rest = term
      for axis in folded.reversed() {
        position[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      terms.append(try plugged(a, at: position))
    }
    return self.sum(terms, of: length)
  }

  /// `a + b`, or `a − 2` for b = −2.
  private func added(_ a: Formula, _ b: Formula) -> Formula {
    switch b {
    case .number(let number) where number < 0: a - .number(-number)
    case .product(.number(let number), let factor) where number < 0: a - .number(-number) * factor
    default: a + b
    }
  }

  /// The terms as a sum, with an ellipsis if it has more.
  private func sum(_ terms: [Formula], of count: Int) -> Formula {
    guard let first = terms.first else { return 0 }
    let shown = terms.dropFirst().reduce(first, added)
    return count > terms.count ? shown + .symbol("…") : shown
  }
}

extension Formula {
  /// The same with the letters of one element: `∂J/∂z₂` for ∂J/∂Z2.
  fileprivate func ofOneElement(unless result: String) -> Formula {
    func letter(_ name: String) -> String { name == result ? name : name.ofOneElement }
    return switch self {
    case .symbol(let name): .symbol(letter(name))
    case .derivative(let numerator, let name): .derivative(of: numerator.map(letter), by: letter(name))
    default: self
    }
  }
}

extension String {
  /// `z₂` for `Z2`.
  fileprivate var ofOneElement: String {
    guard isIdentifier else { return self }
    let letters = unicodeScalars.prefix { !$0.isDigit }, digits = unicodeScalars.dropFirst(letters.count)
    guard digits.allSatisfy(\.isDigit) else { return lowercased() }
    let below = digits.compactMap { Unicode.Scalar($0.value - 48 + 0x2080) }
    return String(letters).lowercased() + String(String.UnicodeScalarView(below))
  }
}

extension Double {
  /// Rounded to four significant digits.
  fileprivate var toFourDigits: Double { Double(short(self, digits: 4)) ?? self }
}

extension Value {
  fileprivate var inDouble: Tensor<Double> {
    scalarType == .float ? Tensor(array(Float.self).converted(to: Double.self)) : Tensor(detached)
  }
}
