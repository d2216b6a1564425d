import Testing

@testable import TapeGradArrays

struct NDArrayArithmeticTests {
  /// Every operation of two arrays, with what it does to two numbers.
  private static func operations<S: TensorScalar>(
    _: S.Type
  ) -> [(name: String, array: (NDArray<S>, NDArray<S>) -> NDArray<S>, number: (S, S) -> S)] {
    [
      ("+", { $0 + $1 }, { $0 + $1 }),
      ("−", { $0 - $1 }, { $0 - $1 }),
      ("×", { $0 * $1 }, { $0 * $1 }),
      ("÷", { $0 / $1 }, { $0 / $1 }),
      ("maximum", { maximum($0, $1) }, { $0 > $1 ? $0 : $1 }),
      ("minimum", { minimum($0, $1) }, { $0 < $1 ? $0 : $1 }),
      ("less", { $0.isLess(than: $1) }, { $0 < $1 ? 1 : 0 }),
      ("equal", { $0.isEqual(to: $1) }, { $0 == $1 ? 1 : 0 }),
      ("weighting", { $0.weighting($1) }, { $0 == 0 ? 0 : $0 * $1 }),
    ]
  }

  private func agreesWithTheReference<S: TensorScalar>(_: S.Type, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let shape = Shape.random(rank: 0...5, using: &generator)
    let a = NDArray<S>.sample(shape.shrunk(using: &generator), using: &generator)
    let b = NDArray<S>.sample(shape.shrunk(using: &generator), using: &generator)
    let result = try Shape.broadcast(a.shape, b.shape)
    for operation in Self.operations(S.self) {
      let expected = try NDArray(result) { operation.number(a[broadcast: $0], b[broadcast: $0]) }
      let y = operation.array(a, b)
      #expect(y.shape == result, "\(operation.name) of \(a.shape) and \(b.shape)")
      // As numbers, since maximum may give either zero.
      let areEqual = zip(y.scalars, expected.scalars).allSatisfy { ulps($0, $1.doubleValue) == 0 }
      #expect(areEqual, "\(operation.name) of \(a) and \(b)")
    }
  }

  @Test("every operation of two arrays broadcasts as its definition says", arguments: UInt64(0)..<100)
  func broadcasting(seed: UInt64) throws {
    try agreesWithTheReference(Float.self, seed: seed)
    try agreesWithTheReference(Double.self, seed: seed)
  }

  private func agreesWithTheReferenceOnLongAxes<S: TensorScalar>(_: S.Type, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let a = NDArray<S>.sample([2, 67], using: &generator)
    let others: [Shape] = [[2, 67], [67], [2, 1], [1, 67], [1], []]
    for shape in others {
      let b = NDArray<S>.sample(shape, using: &generator)
      for operation in Self.operations(S.self) {
        let forward = try NDArray(a.shape) { operation.number(a[broadcast: $0], b[broadcast: $0]) }
        let backward = try NDArray(a.shape) { operation.number(b[broadcast: $0], a[broadcast: $0]) }
        #expect(zip(operation.array(a, b).scalars, forward.scalars).allSatisfy { ulps($0, $1.doubleValue) == 0 })
        #expect(zip(operation.array(b, a).scalars, backward.scalars).allSatisfy { ulps($0, $1.doubleValue) == 0 })
      }
    }
  }

  @Test("long axes, and axes of length 1, give the same numbers as one element at a time", arguments: UInt64(0)..<4)
  func longAxes(seed: UInt64) throws {
    try agreesWithTheReferenceOnLongAxes(Float.self, seed: seed)
    try agreesWithTheReferenceOnLongAxes(Double.self, seed: seed)
  }

  private func agreesWithNumbers<S: TensorScalar>(_: S.Type) {
    var generator = SeededGenerator(seed: 1)
    let x = NDArray<S>.sample([3, 37], using: &generator), c: S = 0.1
    let operations: [(NDArray<S>, (S) -> S)] = [
      (-x, { -$0 }), (x + c, { $0 + c }), (c + x, { c + $0 }), (x - c, { $0 - c }), (c - x, { c - $0 }),
      (x * c, { $0 * c }), (c * x, { c * $0 }), (x / c, { $0 / c }), (c / x, { c / $0 }),
    ]
    for (y, number) in operations {
      #expect(y.shape == x.shape)
      #expect(zip(y.scalars, x.scalars).allSatisfy { ulps($0, number($1).doubleValue) == 0 })
    }
  }

  @Test("arithmetic of an array with a number is that of each element")
  func numbers() {
    agreesWithNumbers(Float.self)
    agreesWithNumbers(Double.self)
  }

  /// Hard powers: base, exponent, power.
  @Test(
    "hard powers are those of IEEE 754",
    arguments: [
      (0, 0, 1), (0, 1, 0), (0, 2, 0), (0, 0.5, 0), (-2, 3, -8), (-2, 0.5, .nan), (.nan, 0, 1), (1, .nan, 1),
      (2, 10, 1024), (2, -1, 0.5), (4, 0.5, 2),
    ] as [(Double, Double, Double)])
  func powers(_ base: Double, _ exponent: Double, _ power: Double) {
    #expect(ulps(NDArray(base).raised(to: NDArray(exponent)).scalars[0], power) <= 1)
    #expect(ulps(NDArray(base).raised(to: exponent).scalars[0], power) <= 1)
    #expect(ulps(NDArray(Float(base)).raised(to: NDArray(Float(exponent))).scalars[0], power) <= 1)
    #expect(ulps(NDArray(Float(base)).raised(to: Float(exponent)).scalars[0], power) <= 1)
  }

  @Test("division by zero is infinite, and NaN for zero by zero")
  func divisionByZero() {
    let y = NDArray<Float>([1, 0, 1]) / NDArray<Float>([0, 0, -0.0])
    #expect(y.scalars[0] == .infinity)
    #expect(y.scalars[1].isNaN)
    #expect(y.scalars[2] == -.infinity)
  }

  @Test("a weight of zero gives zero, whatever it weighs")
  func zeroWeight() {
    let y = NDArray<Double>([0, -0.0, 0, 2, .nan]).weighting(NDArray([.infinity, .nan, 3, .infinity, 0]))
    #expect(y.scalars[..<4] == [0, 0, 0, .infinity])
    #expect(y.scalars[4].isNaN)
  }

  @Test("comparisons with NaN are false")
  func nan() {
    let nan = NDArray<Float>([.nan, 1])
    #expect(nan.isLess(than: NDArray([1, .nan])).scalars == [0, 0])
    #expect(nan.isEqual(to: nan).scalars == [0, 1])
  }

  @Test("shapes that do not broadcast stop the process, and are named")
  func misfits() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = NDArray<Float>.zeros([4, 2]) + NDArray<Float>.zeros([3, 2])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("(4, 2) and (3, 2) do not broadcast: along axis 0 the lengths are 4 and 3"))
    await #expect(processExitsWith: .failure) { _ = NDArray<Float>.zeros([0]) * NDArray<Float>.zeros([2]) }
  }
}
