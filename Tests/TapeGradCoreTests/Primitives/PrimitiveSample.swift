import Testing

@testable import TapeGradCore

/// One operand of a sample: its shape, and what its numbers are drawn from.
struct SampleOperand: Sendable {
  var shape: Shape
  var interval: ClosedRange<Double> = -2...2
  /// Where the operation has no derivative: numbers stay ten difference steps away.
  var kinks: [Double] = []
  /// The operand as a function of those before it, where it is not free.
  var derived: (@Sendable ([Tensor<Double>]) -> Tensor<Double>)?
}

/// An operation, and the operands on which its rule is checked.
struct PrimitiveSample: Sendable, CustomTestStringConvertible {
  let primitive: any Primitive
  var operands: [SampleOperand]
  /// Up to which order derivatives are compared with differences; 0 where the derivative is decreed.
  var order = 2
  /// How far derivative and difference may lie apart, relative to the larger of 1 and the derivative.
  var tolerance = 1e-9
  /// Whether result element i depends on the operands' elements i only.
  var isElementwise = false
  /// Whether all numbers are different points of one grid, so that no two of them tie.
  var isSpaced = false

  init(_ primitive: any Primitive, operands: [SampleOperand], order: Int = 2, isSpaced: Bool = false) {
    self.primitive = primitive
    self.operands = operands
    self.order = order
    self.isSpaced = isSpaced
  }

  init(_ primitive: any Primitive, _ shapes: Shape..., order: Int = 2, isSpaced: Bool = false) {
    self.init(primitive, operands: shapes.map { SampleOperand(shape: $0) }, order: order, isSpaced: isSpaced)
  }

  var testDescription: String {
    "\(primitive) of \(operands.map { "\($0.shape)" }.joined(separator: ", "))"
  }

  func callAsFunction<S>(_ operands: [Tensor<S>]) -> Tensor<S> {
    operands[0].applying(primitive, Array(operands.dropFirst()))
  }

  /// Operands drawn by the rules above.
  func draw(using generator: inout SeededGenerator) throws -> [Tensor<Double>] {
    let count = operands.reduce(0) { $0 + $1.shape.count }
    var grid = (0..<count).map { 0.25 * Double($0 - count / 2) + 0.1 }
    grid.shuffle(using: &generator)
    var drawn: [Tensor<Double>] = []
    for operand in operands {
      if let derived = operand.derived {
        drawn.append(derived(drawn))
      } else if isSpaced {
        drawn.append(Tensor(grid.suffix(operand.shape.count), shape: operand.shape))
        grid.removeLast(operand.shape.count)
      } else {
        drawn.append(Tensor(operand.scalars(using: &generator), shape: operand.shape))
      }
    }
    return try drawn.map { try $0.validated() }
  }
}

extension SampleOperand {
  fileprivate func scalars(using generator: inout SeededGenerator) -> [Double] {
    (0..<shape.count).map { _ in
      while true {
        let x = Double.random(in: interval, using: &generator)
        if kinks.allSatisfy({ abs($0 - x) > 10 * Difference.step }) { return x }
      }
    }
  }
}

// Rows for operations that work element by element: each is checked on several shapes, empty ones among them.
extension PrimitiveSample {
  private static let shapes: [Shape] = [[], [5], [2, 3], [0], [2, 0, 3], [1, 2, 1]]

  /// An operation of one operand.
  static func elementwise(
    _ primitive: any Primitive, in interval: ClosedRange<Double> = -2...2, kinks: [Double] = [], order: Int = 3
  ) -> [PrimitiveSample] {
    elementwise(primitive, [SampleOperand(shape: [], interval: interval, kinks: kinks)], order: order)
  }

  /// An operation of operands of one shape.
  static func elementwise(
    _ primitive: any Primitive, _ operands: [SampleOperand], order: Int = 3, isSpaced: Bool = false
  ) -> [PrimitiveSample] {
    shapes.map { shape in
      var sample = PrimitiveSample(primitive, operands: operands, order: order, isSpaced: isSpaced)
      for i in operands.indices { sample.operands[i].shape = shape }
      sample.isElementwise = true
      return sample
    }
  }

  /// An operation of two operands, each drawn from its interval.
  static func elementwise(
    _ primitive: any Primitive, in x: ClosedRange<Double>, _ y: ClosedRange<Double>
  ) -> [PrimitiveSample] {
    elementwise(primitive, [SampleOperand(shape: [], interval: x), SampleOperand(shape: [], interval: y)])
  }
}
