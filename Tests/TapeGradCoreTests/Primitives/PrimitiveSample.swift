import TapeGradAudit
import Testing

@testable import TapeGradCore

extension PrimitiveSample: CustomTestStringConvertible {
  /// What is checked, on which shapes.
  public var testDescription: String { description }

  init(_ primitive: any Primitive, _ shapes: Shape..., order: Int = 2, isSpaced: Bool = false) {
    self.init(primitive, operands: shapes.map { SampleOperand(shape: $0) }, order: order, isSpaced: isSpaced)
  }

  init(_ primitive: any Primitive, _ shape: Shape, at indices: [Int], order: Int = 2) {
    self.init(primitive, shape, order: order)
    self.indices = Indices(indices)
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
