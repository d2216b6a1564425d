import TapeGradArrays

/// Every index of an array, in row-major order.
func indices(of shape: Shape) -> [[Int]] {
  shape.dimensions.reduce([[]]) { indices, length in indices.flatMap { index in (0..<length).map { index + [$0] } } }
}

extension NDArray {
  /// The array whose element at each index `element` gives.
  init(_ shape: Shape, element: ([Int]) -> Scalar) throws {
    try self.init(indices(of: shape).map(element), shape: shape)
  }

  /// The element at an index, as broadcasting reads it: surplus first axes are passed over, axes of length 1 repeat.
  subscript(broadcast index: [Int]) -> Scalar {
    let own = index.suffix(shape.rank)
    let offset = zip(own, shape.dimensions).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
    return withUnsafeBufferPointer { $0[offset] }
  }

  /// The elements' bits, which tell NaN from NaN and −0 from 0.
  var bits: [UInt64] { scalars.map(\.doubleValue.bitPattern) }

  /// Numbers from −2 to 2, of which some are equal and some are 0.
  static func sample(_ shape: Shape, using generator: inout SeededGenerator) -> NDArray {
    NDArray(shape: shape) { y in
      for i in 0..<shape.count { y[i] = Scalar(Double(Int.random(in: -16...16, using: &generator)) / 8) }
    }
  }
}

extension Shape {
  /// A shape of up to `rank` axes with lengths from 0 to 5, mostly above 1.
  static func random(rank: ClosedRange<Int>, using generator: inout SeededGenerator) -> Shape {
    let lengths = [0, 1, 1, 2, 2, 3, 3, 4, 5]
    return Shape(
      (0..<Int.random(in: rank, using: &generator)).map { _ in lengths.randomElement(using: &generator) ?? 1 })
  }

  /// This shape with some axes of length 1, and some first axes missing: one that broadcasts to it.
  func shrunk(using generator: inout SeededGenerator) -> Shape {
    let kept = dimensions.dropFirst(Int.random(in: 0...rank, using: &generator))
    return Shape(kept.map { Bool.random(using: &generator) ? $0 : 1 })
  }
}

/// The distance of two numbers in units of the last place of the second; 0 where both are NaN.
func ulps<S: TensorScalar>(_ x: S, _ expected: Double) -> Double {
  let nearest = S(expected)
  if x.isNaN || expected.isNaN { return x.isNaN && expected.isNaN ? 0 : .infinity }
  if x == nearest { return 0 }
  return abs(x.doubleValue - expected) / max(nearest.ulp.doubleValue, S.leastNonzeroMagnitude.doubleValue)
}

/// `Σ x` and `Σ |x|`, exact to Double where the terms are of one scalar type and few (Neumaier's compensated sum).
func compensatedSum(_ terms: [Double]) -> (sum: Double, magnitude: Double) {
  var sum = 0.0, correction = 0.0
  for x in terms {
    let next = sum + x
    correction += abs(sum) >= abs(x) ? (sum - next) + x : (x - next) + sum
    sum = next
  }
  return (sum + correction, terms.reduce(0) { $0 + abs($1) })
}

/// Half an ULP of 1: the largest relative error of one rounding.
func unitRoundoff<S: TensorScalar>(_: S.Type) -> Double { S.ulpOfOne.doubleValue / 2 }
