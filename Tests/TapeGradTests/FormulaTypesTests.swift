import Foundation
import TapeGrad
import Testing

/// Formulas as the notes write them, with integers and with Foundation imported; `.ci/run` checks that each takes the
/// compiler less than 100 ms.
struct FormulaTypesTests {
  private let x = Tensor<Double>([0.5, 0.25]), y = Tensor<Double>([1, 0]), m = 2

  @Test("formulas with integers beside tensors compile, and mean what they say")
  func integers() throws {
    let cost = -(y * log(x) + (1 - y) * log(1 - x)).sum() / m
    try expect(cost, binaryCrossEntropy(x, y))
    try expect(-1 / Double(m) * (y * log(x) + (1 - y) * log(1 - x)).sum(), cost)
    let noted = -(1 / m) * (y * log(x) + (1 - y) * log(1 - x)).sum()
    #expect { try noted.item } throws: { "\($0)".contains("drops its fraction") }
    try expect((x - y) / m, (x - y) / 2.0)
    try expect(tanh(3 * x), tanh(x + x + x))
    try expect(exp(-x * x / 2) / m, 0.5 * exp(-0.5 * square(x)))
    try expect(square(x - y).sum() / (2 * m), 0.25 * square(x - y).sum())
    try expect(x[0] + x[1] * y + x[0] * y * y, Tensor([1.25, 0.5]))
    try expect(select(x .> 0.3, 1, 0.01), Tensor([1, 0.01]))
    try expect((exp(x) - exp(-x)) / (exp(x) + exp(-x)), tanh(x))
    try expect(gradient(at: x) { x in -(y * log(x) + (1 - y) * log(1 - x)).sum() / m }, Tensor([-1, 2.0 / 3]))
    try expect(gradient(at: x) { p in (p[0] * tanh(3 * y) + p[1]).sum() }, Tensor([tanh(3), 2]))
  }

  @Test("formulas in the words of NumPy compile, with Foundation's functions of numbers beside them")
  func words() throws {
    try expect(hypot(sin(x), cos(x)), Tensor([1, 1]))
    try expect(erf(x) + erfc(x) - exp2(log2(x)) + x, Tensor([1, 1]))
    try expect(select((x .> 0.3) .& (x .<= 1), floor(x) + 1, atan2(y, x)), Tensor([1, 0]))
    try expect(exp(lgamma(x + 1) - lgamma(x)), x)
    try expect((x - x.min()) / (x.max() - x.min()), Tensor([1, 0]))
    let scores = (x - x.mean()) / x.standardDeviation(correction: 1)
    try expect(-0.5 * square(scores).sum() + log(2 * x.norm() / x.norm()), Tensor(log(2) - 0.5))
    try expect(gradient(of: { x in (cbrt(x) * rsqrt(x)).sum() })(Tensor([1, 1])), Tensor([-1.0 / 6, -1.0 / 6]))
    try expect(select(isNaN(log(-x)) .| (x .== 0), 0, 1), Tensor([0, 0]))
    #expect(floor(2.5) == 2 && hypot(3.0, 4) == 5 && erf(0.0) == 0 && remainder(5.0, 2) == 1)
    #expect(fmod(-5.0, 3) == -2)
  }

  private struct Net<Scalar: TensorScalar>: TensorGroup {
    var weight, bias: Tensor<Scalar>
    mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
      try visit("weight", &weight)
      try visit("bias", &bias)
    }
    func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { weight * x + bias }
  }

  private func slope(of net: Net<Double>) throws -> Net<Double> {
    return try gradient(at: net) { $0(x).sum() }
  }

  private func bias(of net: Net<Double>) -> Tensor<Double> { net.bias }

  @Test("the gradient of one group fits wherever a group is expected")
  func groups() throws {
    let net = Net<Double>(weight: x, bias: y)
    let typed: Net<Double> = try gradient(at: net) { $0(x).sum() }
    let many: [Net<Double>] = try [net, net].map { try gradient(at: $0) { $0(x).sum() } }
    for gradient in [typed, try slope(of: net)] + many { try expect(gradient.weight, x) }
    try expect(bias(of: try gradient(at: net) { net in (net.bias * 2 + 1).sum() }), Tensor([2, 2]))
    let rows: Net<Double> = try jacobian(at: net) { $0(x) }
    try expect(rows.bias, Tensor([[1, 0], [0, 1]]))
    let product: Net<Double> = try hessianVectorProduct(at: net, along: net) { square($0(x)).sum() }
    try expect(product.bias, 2 * net(x))
    let (value, pair): (Tensor<Double>, Net<Double>) = try valueWithGradient(at: net) { $0(x).sum() }
    try expect(value, net(x).sum())
    try expect(pair.weight, x)
    let list: [Tensor<Double>] = try gradient(at: [x, y]) { ($0[0] * $0[1]).sum() }
    try expect(list[0], y)
    let (first, second) = try gradient(at: net, x) { net, x in net(x).sum() }
    try expect(first.bias, Tensor([1, 1]))
    try expect(second, x)
  }
}
