// What a wrong factor may be due to. With J = (1/400)·Σ over a matrix (2, 400), a gradient by hand that is 400 times
// too large has forgotten the 1/m, while one that is 7 times too large is just that: 7 divides no mean on the way. So a
// report names 1/n only where a mean over n was taken.

/// A mean that was taken on the way to a result.
package struct RecordedMean: Hashable, Sendable {
  /// How many elements it was taken over: what the sum is divided by.
  package let count: Int
  /// The lengths of the axes of what was averaged. A mean over (2, 400) is a mean over 2 of means over 400.
  package let lengths: [Int]

  package init(count: Int, lengths: [Int]) {
    self.count = count
    self.lengths = lengths
  }

  /// Whether a derivation may have forgotten, or taken twice, a factor 1/n of this mean.
  package func divides(by n: Int) -> Bool { n > 1 && (n == count || lengths.contains(n) && count % n == 0) }
}

extension Snapshot {
  /// The means between a node and the result, however they were written: `mean()`, `sum() / m`, `(1 / m) * sum()`.
  package func means(after node: Int) -> Set<RecordedMean> {
    var depends = [Bool](repeating: false, count: result + 1)
    var means: Set<RecordedMean> = []
    depends[node] = true
    for index in stride(from: node + 1, through: result, by: 1) where nodes[index].isVaried {
      guard let primitive = nodes[index].primitive, nodes[index].operands.contains(where: { depends[$0] }) else {
        continue
      }
      depends[index] = true
      let shapes = operandShapes(of: index)
      // The operation as a formula of operands called "0", "1", …: its counts and its divisor are what it divides by.
      let formula = primitive.formula(shapes.indices.map { .symbol("\($0)") }, shapes: shapes)
      let divisors = formula.counts.union(formula.divisor.map { [$0] } ?? [])
      for count in divisors { means.insert(RecordedMean(count: count, lengths: shapes[0].dimensions)) }
    }
    return means
  }
}

extension Formula {
  /// n for `x / n` and `(1/n)·x`, with a whole number n.
  fileprivate var divisor: Int? {
    switch self {
    case .quotient(.symbol, .number(let number)):
      Int(exactly: number.rounded()).flatMap { Double($0) == number ? $0 : nil }
    case .product(.number(let factor), .symbol):
      // 1/n is rounded, so that its inverse is n to the last digit or two only.
      Int(exactly: (1 / factor).rounded()).flatMap { abs(Double($0) * factor - 1) <= 4 * .ulpOfOne ? $0 : nil }
    default: nil
    }
  }
}
