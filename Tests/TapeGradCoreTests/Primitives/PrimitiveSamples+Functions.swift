import TapeGradAudit

@testable import TapeGradCore

extension PrimitiveSample {
  private static let positive = 0.8...3.0

  /// Rows for the words of NumPy, PyTorch and JAX: functions, rounding, norms, extrema, sorting.
  static let words: [PrimitiveSample] = elementaryFunctions + pairs + foldings + positions

  private static let elementaryFunctions: [PrimitiveSample] = [
    elementwise(Tangent(), in: -0.9...0.9),
    elementwise(ArcSine(), in: -0.6...0.6),
    elementwise(ArcCosine(), in: -0.6...0.6),
    elementwise(ArcTangent()),
    elementwise(HyperbolicSine()),
    elementwise(HyperbolicCosine()),
    elementwise(AreaSine()),
    elementwise(AreaCosine(), in: 1.6...4),
    elementwise(AreaTangent(), in: -0.6...0.6),
    elementwise(PowerOfTwo()),
    elementwise(BinaryLogarithm(), in: positive),
    elementwise(DecimalLogarithm(), in: positive),
    elementwise(CubeRoot(), in: positive),
    elementwise(CubeRoot(), in: -3.0 ... -0.8),
    elementwise(ReciprocalSquareRoot(), in: positive),
    elementwise(Gaussian(factor: 1)),
    elementwise(Gaussian(factor: 0.5)),
    elementwise(ErrorFunction()),
    elementwise(ErrorComplement()),
    elementwise(NormalDistribution()),
    elementwise(LogGamma(), in: 1.2...4),
    elementwise(LogGamma(), in: -1.6 ... -1.4),
    elementwise(Polygamma(order: 0), in: 1.2...4),
    elementwise(Polygamma(order: 0), in: -1.6 ... -1.4),
    elementwise(Polygamma(order: 2), in: 1.2...4),
    elementwise(Polygamma(order: 3), in: -0.6 ... -0.4, order: 2),
    elementwise(Floor(), kinks: [-2, -1, 0, 1, 2]),
    elementwise(Ceiling(), kinks: [-2, -1, 0, 1, 2]),
    elementwise(Round(), kinks: [-1.5, -0.5, 0.5, 1.5]),
    elementwise(Truncate(), kinks: [-2, -1, 1, 2]),
    elementwise(Clamp(lower: -1, upper: 0.5), kinks: [-1, 0.5]),
    elementwise(Clamp(lower: -.infinity, upper: 1), kinks: [1]),
  ].flatMap(\.self)

  private static let pair = SampleOperand(shape: [])

  private static let pairs: [PrimitiveSample] = [
    elementwise(ArcTangent2(), in: -2...2, positive),
    elementwise(ArcTangent2(), in: positive, -2...2),
    elementwise(Hypotenuse(), in: -2...2, positive),
    elementwise(Direction(), in: -2...2, positive),
    elementwise(LogAddExp(), in: -2...2, -2...2),
    elementwise(XLogY(), in: -2...2, positive),
    elementwise(Remainder(), in: 4.2...4.6, 0.95...1.02),
    elementwise(Remainder(), in: 4.2...4.6, -1.02 ... -0.95),
    elementwise(TruncatedRemainder(), in: 4.2...4.6, -1.02 ... -0.95),
    elementwise(TruncatedRemainder(), in: -4.6 ... -4.2, 0.95...1.02),
    elementwise(LessOrEqual(), [pair, pair], isSpaced: true),
  ].flatMap(\.self)

  private static let foldings: [PrimitiveSample] =
    [
      ([2, 3], []), ([2, 3], [3]), ([2, 3], [1, 3]), ([2, 3], [2, 1]), ([2, 3, 2], [1, 3, 1]), ([], []), ([1, 1], []),
      ([0, 3], [0, 1]), ([0, 3], [0, 3]),
    ].flatMap { (x: Shape, y: Shape) in
      [
        PrimitiveSample(Min(target: y), x, isSpaced: true),
        PrimitiveSample(EuclideanNorm(target: y), operands: [SampleOperand(shape: x, interval: positive)], order: 3),
        PrimitiveSample(
          PowerNorm(target: y, order: 3), operands: [SampleOperand(shape: x, interval: positive)], order: 3),
        PrimitiveSample(PowerNorm(target: y, order: 0.5), operands: [SampleOperand(shape: x, interval: positive)]),
        PrimitiveSample(PowerNorm(target: y, order: 2.5), operands: [SampleOperand(shape: x, interval: -3 ... -0.8)]),
      ]
    } + [
      PrimitiveSample(EuclideanNorm(target: []), [2, 0]), PrimitiveSample(PowerNorm(target: [], order: 3), [2, 0]),
    ]

  /// What finds indices: behind a number that says their type.
  private static let positions: [PrimitiveSample] =
    [([5], 0), ([3, 4], 0), ([3, 4], 1), ([2, 3, 2], 1), ([1], 0), ([3, 0], 0)].flatMap { (x: Shape, axis: Int) in
      [
        PrimitiveSample(ArgMax(axis: axis, isOfMinimum: false), [], x, order: 0, isSpaced: true),
        PrimitiveSample(ArgMax(axis: axis, isOfMinimum: true), [], x, order: 0, isSpaced: true),
        PrimitiveSample(ArgSort(axis: axis, isDescending: false), [], x, order: 0, isSpaced: true),
        PrimitiveSample(ArgSort(axis: axis, isDescending: true), [], x, order: 0, isSpaced: true),
      ]
    } + [PrimitiveSample(ArgSort(axis: 0, isDescending: false), [], [0, 2], order: 0)]
}
