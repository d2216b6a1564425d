import Testing

@testable import TapeGradCore

struct ConvenienceTests {
  @Test("a gradient as a function, nested, compiled, of two tensors and of a group")
  func gradientFunctions() throws {
    let cube = { @Sendable (x: Tensor<Double>) in (x * x * x).sum() }
    let first = gradient(of: cube), x = Tensor<Double>([1, 2])
    try first(x).expect([3, 12])
    let second = gradient(of: { x in try first(x).sum() })
    try second(x).expect([6, 12])
    try compiled { (x: Tensor<Double>) in try gradient(of: cube)(x) }(x).expect([3, 12])
    let both = try gradient(of: { (x: Tensor<Double>, y: Tensor<Double>) in (x * y).sum() })(x, 2 * x)
    try both.0.expect([2, 4])
    try both.1.expect([1, 2])
    let groups = try gradient(of: { (x: [Tensor<Double>]) in (x[0] * x[1]).sum() })([x, 3 * x])
    try groups[0].expect([3, 6])
  }

  @Test("a function of one number with its derivative, to any order, in programs, in Float")
  func mapping() throws {
    let f = { @Sendable (x: Tensor<Double>) in
      x.map {
        $0 * $0 * $0
      } derivative: {
        3 * square($0)
      }
    }
    let x = Tensor<Double>([[2, -1]])
    try f(x).expect([8, -1])
    try gradient(at: x) { f($0).sum() }.expect([12, 3])
    try gradient(at: x) { x in try gradient(at: x) { f($0).sum() }.sum() }.expect([12, -6])
    try compiled { (x: Tensor<Double>) in try gradient(at: x) { f($0).sum() } }(x).expect([12, 3])
    try gradient(at: Tensor<Float>(2)) {
      $0.map {
        1 / $0
      } derivative: {
        -1 / square($0)
      }
    }.expect([-0.25])
    #expect(f(.zeros([0, 3])).shape == [0, 3])
    let identity = { (x: Tensor<Double>, slope: Tensor<Double>) in x.map({ $0 }, derivative: { _ in slope }).sum() }
    try gradient(at: x) { identity($0, Tensor(1)) }.expect([1, 1])
    #expect(throws: TensorError.self) { try gradient(at: x) { identity($0, .ones([3, 1])) } }
  }

  @Test("a stopped gradient, as a method")
  func stopping() throws {
    try gradient(at: Tensor<Double>([1, 2])) { ($0 * $0.stopGradient()).sum() }.expect([1, 2])
  }

  @Test("an empty literal is the empty vector")
  func emptyLiterals() throws {
    #expect(Tensor<Double>([]).shape == [0])
    #expect(NDArray<Float>([]).shape == [0])
    #expect(Tensor<Double>([[1, 2]]).shape == [1, 2])
    #expect(Tensor<Double>([[[1, 2]]]).shape == [1, 1, 2])
  }

  @Test("a tensor is printed with the digits and the elements that are asked for")
  func printing() throws {
    let x = Tensor<Double>([1.0 / 3, 200.0 / 3])
    #expect(x.formatted(precision: 3) == "[ 0.3, 66.7]")
    #expect(x.formatted() == x.description)
    #expect(Tensor<Double>(2.0 / 3).formatted(precision: 2) == "0.67")
    #expect(Tensor<Double>((0..<9).map(Double.init)).formatted(threshold: 8) == "[0, 1, 2, …, 6, 7, 8]")
    #expect(Tensor<Double>.failed(TensorError("no")).formatted(precision: 2).hasPrefix("failed"))
  }
}
