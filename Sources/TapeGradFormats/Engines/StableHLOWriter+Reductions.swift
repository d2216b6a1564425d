import TapeGradCore

// The kernels fold the middle one of three axes: the sum over the columns of (4, 50) is a fold of (4, 50, 1) to (4, 1,
// 1). For another engine the axes themselves are said, where the two shapes tell which they are:
//
//   (4, 50) to (4, 1)        axis 1
//   (4, 50) to (1, 1)        axes 0 and 1, of 200 elements
//   (4, 50) to (4)           the ranks differ: (4, 50, 1) is reduced over its axis 1
extension StableHLOWriter {
  /// A reduction over the axes of the operand that the result has with length 1; where they cannot be told, over the middle
  /// one of three. (An engine that splits the batch over its devices must see the batch's axis.)
  mutating func reduce(
    _ x: StableHLOValue, _ f: Reduction, _ fold: Fold, to type: StableHLOType, name: String?
  ) -> StableHLOValue {
    if let axes = fold.axes(from: x.type.shape, to: type.shape) { return reshape(reduce(x, f, axes), to: type) }
    let operand = reshape(x, to: StableHLOType(Shape([fold.outer, fold.length, fold.inner]), x.type.element))
    return reshape(reduce(operand, f, [1]), to: type)
  }

  /// A reduction that removes axes.
  mutating func reduce(_ x: StableHLOValue, _ f: Reduction, _ axes: [Int]) -> StableHLOValue {
    let shape = x.type.shape, rest = (0..<shape.rank).filter { !axes.contains($0) }.map { shape[$0] }
    let type = StableHLOType(Shape(rest), x.type.element)
    let isEmpty = axes.contains { shape[$0] == 0 }
    let (word, start) = f.words(isEmpty: isEmpty)
    let first = number(start, StableHLOType([], x.type.element))
    return add(
      "stablehlo.reduce(\(x) init: \(first)) applies \(word) across dimensions = \(axes) : "
        + "(\(x.type), \(first.type)) -> \(type)", type)
  }

  /// The maximum and `ln Σ exp(x − maximum)`, the latter without one largest element in the sum: see Reductions.h.
  mutating func logSumExp(_ x: StableHLOValue, _ fold: Fold, to type: StableHLOType) -> StableHLOValue {
    let full = StableHLOType(Shape([fold.outer, fold.length, fold.inner]), type.element)
    let kept = StableHLOType(Shape([1, fold.outer * fold.inner]), type.element)
    // With m the maximum: n elements equal it, and add n; all others add `below`. The result's second part is ln(n +
    // below) = ln(1 + (below + (n − 1))), where log1p keeps the digits of a small `below`. An infinite m gives 0.
    let x = reshape(x, to: full), maximum = reduce(x, .maximum, [1])
    let largest = broadcast(maximum, axes: [0, 2], to: full), isLargest = compare(.equal, x, largest)
    let (zeros, ones) = (number(0, full), number(1, full))
    let ties = reduce(select(isLargest, ones, zeros), .sum, [1])
    let difference = formula(.operand(0) - .operand(1), [x, largest], 0, full)
    let terms = select(isLargest, zeros, formula(.apply(.exp, .operand(0)), [difference], 0, full))
    let below = reduce(terms, .sum, [1])
    let (m, b, t) = (ElementFormula.operand(0), ElementFormula.operand(1), ElementFormula.operand(2))
    let remainder = formula(
      .apply(.log1p, ElementFormula.apply(.absolute, m).choosing(.equal, .number(.infinity), 0, else: b + (t - 1))),
      [maximum, below, ties], 0, maximum.type)
    return concatenate([reshape(maximum, to: kept), reshape(remainder, to: kept)], 0, to: type)
  }
}

extension Reduction {
  /// What combines two elements, and what to begin with. A sum begins with −0, which changes no number, so that a sum of −0
  /// alone is −0; an empty one is 0.
  fileprivate func words(isEmpty: Bool) -> (word: String, start: Double) {
    switch self {
    case .sum: ("stablehlo.add", isEmpty ? 0 : -0.0)
    case .product: ("stablehlo.multiply", 1)
    case .maximum: ("stablehlo.maximum", -.infinity)
    case .minimum: ("stablehlo.minimum", .infinity)
    }
  }
}

extension Fold {
  /// The axes along which a reduction shortens its operand; nil where the shapes do not tell.
  func axes(from operand: Shape, to result: Shape) -> [Int]? {
    guard operand.rank == result.rank else { return nil }
    let axes = (0..<operand.rank).filter { operand[$0] != result[$0] }
    // Equal shapes: nothing is folded, or an axis of length 1 is.
    guard let first = axes.first, let last = axes.last else { return length == 1 ? [] : nil }
    // From the first to the last axis that differ, the result must have length 1 throughout; the fold's length confirms
    // it.
    let between = (first...last).reduce(1) { $0 * operand[$1] }
    let isOneRun = (first...last).allSatisfy { result[$0] == 1 }
    return isOneRun && between == length ? axes : nil
  }
}
