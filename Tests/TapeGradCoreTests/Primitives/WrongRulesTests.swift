import TapeGradAudit
import Testing

@testable import TapeGradCore

struct WrongRulesTests {
  /// A planted mistake, the check that must complain, and what it must say.
  private static let planted: [(sample: PrimitiveSample, check: PrimitiveCheck, complaint: String)] = [
    (PrimitiveSample(WrongFactor(), [3]), .derivatives, "order 1, operand 0, element 0"),
    (PrimitiveSample(WrongSign(), [3]), .derivatives, "order 1, operand 0, element 0"),
    (PrimitiveSample(SlightlyWrong(), [3]), .derivatives, "order 1, operand 0, element 0"),
    (PrimitiveSample(WrongSecondDerivative(), [3]), .derivatives, "order 2, operand 0, element 0"),
    (PrimitiveSample(WrongThirdDerivative(), [3], order: 3), .derivatives, "order 3, operand 0, element 0"),
    (
      PrimitiveSample(ForgottenSum(), [2, 3], [3]), .derivatives, "cotangent of shape (2, 3) for operand 1 of shape (3)"
    ),
    (PrimitiveSample(WrongTranspose(), [2, 3]), .derivatives, "order 1, operand 0"),
    (PrimitiveSample(Nonlinear(), [3]), .derivatives, "order 1, operand 0, element 0"),
    (PrimitiveSample(Nonlinear(), [3]), .transposition, "<y, Jx>"),
    (PrimitiveSample(WrongInFloat(), [3]), .floatAgainstDouble, "value"),
    (PrimitiveSample(WrongShape(), [3]), .shapes, "the shape rule says (3), and the evaluation gave ()"),
    (PrimitiveSample(WrongCount(count: 0), [3], [3]), .derivatives, "gave 0 cotangents for 2 operands"),
    (PrimitiveSample(WrongCount(count: 1), [3], [3]), .derivatives, "gave 1 cotangents for 2 operands"),
    (PrimitiveSample(WrongCount(count: 3), [3], [3]), .derivatives, "gave 3 cotangents for 2 operands"),
    (PrimitiveSample(NotLinear(), [3]), .linearity, "not linear in operand 0"),
    (PrimitiveSample(NotBilinear(), [3], [3]), .linearity, "not linear in operand 1"),
    (PrimitiveSample(Restless(), [3]), .recorded, "on a tape"),
    (PrimitiveSample(Restless(), [3]), .compiled, "in a program"),
    (PrimitiveSample.elementwise(PositionDependent())[1], .positions, "differ from themselves alone"),
  ]

  @Test("every check rejects a wrong rule", arguments: planted.indices)
  func rejection(_ row: Int) {
    let (sample, check, complaint) = Self.planted[row]
    let complaints = check.complaints(about: sample, seed: 1)
    #expect(
      complaints.contains { $0.contains(complaint) && $0.contains("seed 1") }, "\(sample.primitive): \(complaints)")
  }

  @Test("orders below the mistake are not to blame")
  func lowerOrders() {
    let complaints = PrimitiveCheck.derivatives.complaints(
      about: PrimitiveSample(WrongSecondDerivative(), [3]), seed: 1)
    #expect(!complaints.isEmpty && complaints.allSatisfy { $0.contains("order 2") })
  }
}
