import TapeGradCore
import TapeGradNetworks
import Testing

struct InitializerTests {
  private func weights(_ initializer: Initializer, seed: UInt64 = 1) throws -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let weights: Tensor<Double> = initializer.weights(outputs: 40, inputs: 60, using: &generator)
    #expect(weights.shape == [40, 60])
    return try weights.scalars
  }

  @Test(
    "mean and variance are those of the formula",
    arguments: [
      (Initializer.normal(), 1e-4), (.normal(scale: 2), 4), (.xavierNormal, 2.0 / 100), (.xavierUniform, 2.0 / 100),
      (.he, 2.0 / 60),
    ])
  func variance(initializer: Initializer, variance: Double) throws {
    let weights = try weights(initializer), n = Double(weights.count)
    let mean = weights.reduce(0, +) / n
    let measured = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect(abs(mean) <= 5 * (variance / n).squareRoot())
    #expect(abs(measured / variance - 1) <= 5 * (2 / n).squareRoot())
  }

  @Test("uniform weights fill their interval, and stay in it")
  func uniformBound() throws {
    let bound = (6.0 / 100).squareRoot(), weights = try weights(.xavierUniform)
    #expect(weights.allSatisfy { abs($0) <= bound })
    #expect(weights.contains { abs($0) > 0.99 * bound })
  }

  @Test("the weights of .zeros are zero")
  func zeros() throws {
    #expect(try weights(.zeros).allSatisfy { $0 == 0 })
  }

  @Test("a seed gives the same weights again, and another seed others")
  func seeds() throws {
    #expect(try weights(.he, seed: 7) == weights(.he, seed: 7))
    #expect(try weights(.he, seed: 7) != weights(.he, seed: 8))
  }

  @Test("a negative size gives a failed tensor", arguments: [Initializer.normal(), .zeros, .xavierUniform])
  func negativeSize(initializer: Initializer) {
    var generator = SeededGenerator(seed: 0)
    let weights: Tensor<Float> = initializer.weights(outputs: -1, inputs: 2, using: &generator)
    #expect(throws: TensorError.self) { try weights.scalars }
  }
}
