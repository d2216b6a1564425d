import TapeGradCore

/// One operand of a sample: its shape, and what its numbers are drawn from.
public struct SampleOperand: Sendable {
  /// The shape of the operand.
  public var shape: Shape
  /// The numbers lie in this interval.
  public var interval: ClosedRange<Double>
  /// Where the operation has no derivative: numbers stay away, farther than differences reach.
  public var kinks: [Double]
  /// The operand as a function of those before it, where it is not free.
  package var derived: (@Sendable ([Tensor<Double>]) -> Tensor<Double>)?

  /// An operand with numbers from an interval, away from kinks.
  public init(shape: Shape, interval: ClosedRange<Double> = -2...2, kinks: [Double] = []) {
    (self.shape, self.interval, self.kinks) = (shape, interval, kinks)
  }

  /// An operand that follows from those before it.
  package init(shape: Shape, derived: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>) {
    self.init(shape: shape)
    self.derived = derived
  }

  /// Numbers from the interval, at least `kinkDistance` from every kink.
  fileprivate func scalars(using generator: inout SeededGenerator) -> [Double] {
    (0..<shape.count).map { _ in
      while true {
        let x = Double.random(in: interval, using: &generator)
        if kinks.allSatisfy({ abs($0 - x) > PrimitiveSample.kinkDistance }) { return x }
      }
    }
  }
}

/// An operation, and the operands on which it is checked.
package struct PrimitiveSample: Sendable {
  package let primitive: any Primitive
  package var operands: [SampleOperand]
  /// The last operand, of a primitive that takes indices: nothing is differentiated by it.
  package var indices: Indices?
  /// Up to which order derivatives are compared with differences; 0 where the derivative is a convention.
  package var order: Int
  /// How far derivative and difference may lie apart, relative to the larger of 1 and the derivative.
  package var tolerance = 1e-9
  /// Whether result element i depends on the operands' elements i only.
  package var isElementwise = false
  /// Whether all numbers are different points of one grid, so that no two of them tie.
  package var isSpaced = false

  /// How far numbers stay away from kinks: the widest difference reaches to 3·2⁻⁷ on either side.
  static let kinkDistance = 0.03

  package init(_ primitive: any Primitive, operands: [SampleOperand], order: Int = 2, isSpaced: Bool = false) {
    (self.primitive, self.operands, self.order, self.isSpaced) = (primitive, operands, order, isSpaced)
  }

  /// The operation on operands of a scalar type.
  package func callAsFunction<S>(_ operands: [Tensor<S>]) -> Tensor<S> {
    operands[0].applying(primitive, operands.dropFirst() + (indices.map { [$0.operand()] } ?? []))
  }

  /// Operands drawn by the rules above.
  package func draw(using generator: inout SeededGenerator) throws -> [Tensor<Double>] {
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

extension PrimitiveSample: CustomStringConvertible {
  /// `matmul of (2, 3), (3, 4)`.
  package var description: String { "\(primitive) of \(operands.map { "\($0.shape)" }.joined(separator: ", "))" }
}
