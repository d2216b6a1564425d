import Foundation
import Testing

@testable import TapeGradArrays

struct NDArrayFunctionsTests {
  typealias Function<S: TensorScalar> = (NDArray<S>) -> NDArray<S>

  /// Every function of one number: on arrays, in Double by other means, and how many ULP it may be off.
  private static func functions<S: TensorScalar>(
    _: S.Type
  ) -> [(name: String, array: Function<S>, number: (Double) -> Double, ulps: Double)] {
    let slope: S = 0.125
    return [
      ("exp", { exp($0) }, { Foundation.exp($0) }, 1.5),
      ("log", { log($0) }, { Foundation.log($0) }, 1.5),
      ("expm1", { expm1($0) }, { Foundation.expm1($0) }, 1.5),
      ("log1p", { log1p($0) }, { Foundation.log1p($0) }, 1.5),
      ("sqrt", { sqrt($0) }, { $0.squareRoot() }, 0.5),
      ("square", { square($0) }, { $0 * $0 }, 0.5),
      ("abs", { abs($0) }, { $0.magnitude }, 0),
      ("sign", { sign($0) }, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, 0),
      ("tanh", { tanh($0) }, { Foundation.tanh($0) }, 2.5),
      ("tanhDerivative", { tanhDerivative($0) }, { 1 / (cosh($0) * cosh($0)) }, 6),
      ("sigmoid", { sigmoid($0) }, { 1 / (1 + Foundation.exp(-$0)) }, 2.5),
      ("sigmoidDerivative", { sigmoidDerivative($0) }, { 0.25 / (cosh($0 / 2) * cosh($0 / 2)) }, 6),
      ("softplus", { softplus($0) }, { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) }, 2.5),
      ("relu", { relu($0) }, { max($0, 0) }, 0),
      ("step", { step($0) }, { $0 > 0 ? 1 : 0 }, 0),
      ("leakyRelu", { leakyRelu($0, slope: slope) }, { $0 > 0 ? $0 : 0.125 * $0 }, 0),
      ("leakyStep", { leakyStep($0, slope: slope) }, { $0 > 0 ? 1 : 0.125 }, 0),
      ("logDerivative", { logDerivative($0) }, { $0 >= 0 ? 1 / $0 : .nan }, 0.5),
    ]
  }

  private func agreesWithTheReference<S: TensorScalar>(_: S.Type) {
    var generator = SeededGenerator(seed: 5)
    let x = NDArray<S>.randomUniform([7, 143], in: -8...8, using: &generator)
    for function in Self.functions(S.self) {
      let y = function.array(x)
      #expect(y.shape == x.shape)
      for (x, y) in zip(x.scalars, y.scalars) where ulps(y, function.number(x.doubleValue)) > function.ulps {
        Issue.record("\(function.name)(\(x)) = \(y)")
      }
      #expect(function.array(NDArray([.nan])).scalars[0].isNaN, "\(function.name)(nan)")
      #expect(function.array(NDArray.zeros([0, 2])).shape == [0, 2])
      // The same bits for an element alone.
      let alone = x.scalars[..<40].map { function.array(NDArray($0)).bits[0] }
      #expect(Array(y.bits[..<40]) == alone, "\(function.name)")
    }
  }

  @Test("every function of one number agrees with its definition, element by element")
  func everyFunction() {
    agreesWithTheReference(Float.self)
    agreesWithTheReference(Double.self)
  }

  /// Hard inputs in Float: input and outcome, right to 2 ULP of the digits given.
  @Test(
    "hard inputs give the limits of the function",
    arguments: [
      ("relu", 0, 0), ("relu", -0.0, 0), ("relu", .leastNonzeroMagnitude, .leastNonzeroMagnitude),
      ("relu", -.leastNonzeroMagnitude, 0), ("relu", .infinity, .infinity),
      ("relu", -.infinity, 0), ("step", 0, 0), ("step", .leastNonzeroMagnitude, 1),
      ("step", -.leastNonzeroMagnitude, 0), ("step", -.infinity, 0),
      ("exp", 88.72283, 3.402797e38), ("exp", 88.8, .infinity), ("exp", -87.4, Float(1.10319e-38 as Double)),
      ("exp", -103.9, .leastNonzeroMagnitude),
      ("exp", -104, 0), ("exp", -.infinity, 0), ("log", 0, -.infinity), ("log", -0.0, -.infinity),
      ("log", .leastNonzeroMagnitude, -103.27893), ("log", -1, .nan), ("log", .infinity, .infinity),
      ("logDerivative", 0, .infinity),
      ("logDerivative", -0.0, -.infinity), ("logDerivative", -1, .nan), ("logDerivative", .infinity, 0),
      ("sqrt", -0.0, -0.0), ("sqrt", -1, .nan), ("tanh", -0.0, -0.0), ("tanh", 9.1, 1), ("tanh", .infinity, 1),
      ("tanhDerivative", 9.1, 4.988e-8), ("tanhDerivative", .infinity, 0),
      ("tanhDerivative", 44, Float(2.42184e-38 as Double)), ("tanhDerivative", 50, Float(1.4880304e-43 as Double)),
      ("tanhDerivative", -52.2, .leastNonzeroMagnitude),
      ("sigmoid", -88, Float(6.0546e-39 as Double)),
      ("sigmoid", -103, .leastNonzeroMagnitude), ("sigmoid", 1000, 1), ("sigmoid", -1000, 0),
      ("sigmoidDerivative", 17, 4.14e-8), ("sigmoidDerivative", 88, Float(6.0546e-39 as Double)),
      ("sigmoidDerivative", -103.2, .leastNonzeroMagnitude), ("sigmoidDerivative", 104, 0),
      ("sigmoidDerivative", -1000, 0), ("softplus", 0, 0.6931472), ("softplus", 1000, 1000), ("softplus", -1000, 0),
    ] as [(String, Float, Float)])
  func hardInputs(_ name: String, _ x: Float, _ expected: Float) throws {
    let function = try #require(Self.functions(Float.self).first { $0.name == name })
    let y = function.array(NDArray([x])).scalars[0]
    if expected == 0 || !expected.isFinite {
      #expect(ulps(y, expected.doubleValue) == 0, "\(name)(\(x)) = \(y)")
      #expect(y.isNaN || y.sign == expected.sign, "\(name)(\(x)) = \(y)")
    } else {
      #expect(abs(y - expected) <= 1e-4 * expected.magnitude, "\(name)(\(x)) = \(y)")
    }
  }

  @Test("softplus keeps its tail in Double")
  func softplusTail() {
    #expect(ulps(softplus(NDArray<Double>([20.5])).scalars[0], 20.500000001250153) <= 2)
  }

  @Test("NaN wins over every number in maximum and minimum")
  func nan() {
    for pair in [(Float.nan, 1), (1, .nan), (.nan, .infinity), (-.infinity, .nan)] as [(Float, Float)] {
      #expect(maximum(NDArray([pair.0]), NDArray([pair.1])).scalars[0].isNaN)
      #expect(minimum(NDArray([pair.0]), NDArray([pair.1])).scalars[0].isNaN)
    }
  }

  /// Logit, label, loss, derivative.
  @Test(
    "the cross-entropy of logits and its derivative are right at every logit",
    arguments: [
      (0, 0, 0.6931471805599453, 0.5), (0, 1, 0.6931471805599453, -0.5), (1000, 1, 0, 0), (1000, 0, 1000, 1),
      (-1000, 0, 0, 0), (-1000, 1, 1000, -1), (20, 1, 2.061153620314381e-09, -2.0611536181902037e-9),
      (-50, 1, 50, -1), (.infinity, 1, 0, 0), (-.infinity, 0, 0, 0), (.infinity, 0, .infinity, 1),
      (-.infinity, 1, .infinity, -1), (2, 0.25, 1.626928011042972, 0.6307970779778824),
      (.nan, 1, .nan, .nan), (1, .nan, .nan, .nan),
    ] as [(Double, Double, Double, Double)])
  func crossEntropy(_ logit: Double, _ label: Double, _ loss: Double, _ derivative: Double) {
    func check<S: TensorScalar>(_: S.Type) {
      let z = NDArray([S(logit)]), t = NDArray([S(label)])
      #expect(ulps(logitsCrossEntropy(z, labels: t).scalars[0], loss) <= 4)
      #expect(ulps(sigmoidResidual(z, labels: t).scalars[0], derivative) <= 4)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test("select takes nothing from the branch that is not selected")
  func selection() {
    let mask = NDArray<Double>([1, 0, -2, .nan, -0.0])
    let y = select(mask, NDArray([1, .nan, 3, 4, .infinity]), NDArray([.nan, 20, .nan, 40, 50]))
    #expect(y.scalars == [1, 20, 3, 4, 50])
    #expect(select(mask.converted(to: Float.self), NDArray([1, 2, 3, 4, 5]), .zeros([5])).scalars == [1, 0, 3, 4, 0])
  }

  @Test("select of different shapes stops the process")
  func selectionMisfits() async {
    await #expect(processExitsWith: .failure) {
      _ = select(NDArray<Float>.ones([2]), NDArray.ones([2]), NDArray.ones([3]))
    }
  }
}
