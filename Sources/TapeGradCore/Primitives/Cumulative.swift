// Sums, products and logarithms of sums of all elements up to each one.
//
// Neighbors are combined 1, 2, 4, … places apart; each round doubles how many elements stand in each result:
//
//   x           1   2   3   4   5
//   1 apart     1   3   5   7   9
//   2 apart     1   3   6  10  14
//   4 apart     1   3   6  10  15        log₂ n rounds
//
// These are ordinary operations, so no rule is needed: the derivative of a product divides by nothing, and rounding errors
// grow with log₂ n.

extension Tensor {
  /// For each element the sum of those up to it along an axis, itself included. Derivative 1 by each of them.
  public func cumulativeSum(axis: Int = 0) -> Tensor { accumulated(axis) { $0 + $1 } }

  /// For each element the product of those up to it along an axis, itself included. The derivative by an element is the
  /// product of the others, right with one zero or several.
  public func cumulativeProduct(axis: Int = 0) -> Tensor { accumulated(axis) { $0 * $1 } }

  /// For each element `ln Σ eˣ` of those up to it along an axis, itself included. Derivative `exp(x − result)`.
  public func cumulativeLogSumExp(axis: Int = 0) -> Tensor { accumulated(axis) { logAddExp($0, $1) } }

  /// Combines every element along an axis with all before it; from the end, with all after it.
  func accumulated(_ axis: Int, fromEnd: Bool = false, _ combine: (Tensor, Tensor) -> Tensor) -> Tensor {
    let axis = shape.resolved(axis)
    guard (0..<shape.rank).contains(axis) else { return sliced(0..<0, axis: axis) }
    let length = shape[axis]
    var y = self, distance = 1
    while distance < length {
      let first = y.sliced(0..<length - distance, axis: axis), last = y.sliced(distance..<length, axis: axis)
      let combined = fromEnd ? combine(first, last) : combine(last, first)
      let rest = y.sliced(fromEnd ? length - distance..<length : 0..<distance, axis: axis)
      y = concatenate(fromEnd ? [combined, rest] : [rest, combined], axis: axis)
      distance *= 2
    }
    return y
  }
}
