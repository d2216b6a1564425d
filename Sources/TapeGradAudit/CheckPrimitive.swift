import TapeGradCore

/// Checks a primitive on random operands, and throws what is wrong with it.
/// ```swift
/// try checkPrimitive(Swish(), on: [2, 3])
/// try checkPrimitive(Outer(), on: [3], [2])
/// ```
/// Its derivatives are compared with finite differences, order by order; pullback with pushforward,
/// `⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩`; Float with Double; the shape rule with the shape that comes out; the bits on a tape, and in a
/// program, with those outside. A `Linear` is checked for linearity, a `Bilinear` for linearity in each operand. The
/// built-in primitives go through the same checks.
///
/// - Parameters:
///   - primitive: what to check.
///   - shapes: those of its operands, whose numbers are drawn between −2 and 2.
///   - order: up to which order derivatives are checked.
///   - seed: of the random numbers.
/// - Throws: a ``PrimitiveReport``, where a check complains.
public func checkPrimitive(
  _ primitive: any Primitive, on shapes: Shape..., order: Int = 2, seed: UInt64 = 1
) throws {
  try checkPrimitive(primitive, on: shapes.map { SampleOperand(shape: $0) }, order: order, seed: seed)
}

/// Checks a primitive on random operands from intervals of your choice, away from its kinks.
/// ```swift
/// try checkPrimitive(Cusp(), on: [SampleOperand(shape: [5], interval: 0.5...3, kinks: [1])])
/// ```
/// - Throws: a ``PrimitiveReport``, where a check complains.
public func checkPrimitive(
  _ primitive: any Primitive, on operands: [SampleOperand], order: Int = 2, seed: UInt64 = 1
) throws {
  let sample = PrimitiveSample(primitive, operands: operands, order: order)
  let complaints = PrimitiveCheck.allCases.flatMap { $0.complaints(about: sample, seed: seed) }
  if !complaints.isEmpty { throw PrimitiveReport(complaints: complaints) }
}

/// What is wrong with a primitive.
public struct PrimitiveReport: Error, CustomStringConvertible {
  /// A sentence for each thing: the check, the operands, the seed, both values.
  public let complaints: [String]

  /// The complaints, a line each.
  public var description: String { complaints.joined(separator: "\n") }
}
