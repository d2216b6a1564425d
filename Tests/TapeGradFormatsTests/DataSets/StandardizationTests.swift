import TapeGradCore
import TapeGradFormats
import Testing

/// The golden values are those of `StandardScaler` in scikit-learn 1.9.1.
struct StandardizationTests {
  static let features = Tensor<Double>([1, 2, 3, 4, 0.1, 0.1, 0.1, 0.1, 10, -10, 1000, 5], shape: [3, 4])

  @Test("means and deviations are those of the population")
  func statistics() throws {
    let standardization = try Standardization(of: Self.features)
    #expect(standardization.means.shape == [3, 1])
    #expect(standardization.deviations.shape == [3, 1])
    try expectClose(standardization.means.scalars, [2.5, 0.1, 251.25])
    try expectClose(standardization.deviations.scalars, [1.118033988749895, 1, 432.35366021348773])
  }

  @Test("new data is treated like the data")
  func newData() throws {
    let standardization = try Standardization(of: Self.features)
    try expectClose(
      standardization.applied(to: Self.features).scalars,
      [
        -1.3416407864998738, -0.4472135954999579, 0.4472135954999579, 1.3416407864998738, 0, 0, 0, 0,
        -0.5579922692937895, -0.6042506957637409, 1.7317998409688078, -0.5695568759112773,
      ])
    let new = Tensor<Double>([5, 2.5, 0.1, 0.6, 0, -100], shape: [3, 2])
    try expectClose(
      standardization.applied(to: new).scalars,
      [2.23606797749979, 0, 0, 0.5, -0.5811214825287652, -0.8124136148785225])
  }

  /// The mean of ten times 0.1 is not 0.1 in floating point, so that differences from it would be taken for a spread.
  @Test("a constant feature becomes zero")
  func constant() throws {
    let constant = Tensor<Double>([Double](repeating: 0.1, count: 10), shape: [1, 10])
    let standardization = try Standardization(of: constant)
    #expect(try standardization.deviations.scalars == [1])
    #expect(try standardization.applied(to: constant).scalars == [Double](repeating: 0, count: 10))
  }

  @Test("the result does not depend on the unit", arguments: [1e-200, 1e-5, 1, 1e200])
  func units(_ unit: Double) throws {
    let features = Tensor<Double>([1 * unit, 2 * unit, 3 * unit, 4 * unit], shape: [1, 4])
    try expectClose(
      Standardization(of: features).applied(to: features).scalars,
      [-1.3416407864998738, -0.4472135954999579, 0.4472135954999579, 1.3416407864998738])
  }

  @Test("standardizing a data set keeps all but its features")
  func dataSet() throws {
    let data = DataSet<Double>.breastCancer()
    let (standardized, standardization) = try data.standardized()
    #expect(try standardized.labels.scalars == data.labels.scalars)
    #expect(standardized.featureNames == data.featureNames)
    #expect(standardized.labelName == data.labelName)
    #expect(standardized.classNames == data.classNames)
    #expect(try standardized.features.scalars == standardization.applied(to: data.features).scalars)
    let x = try standardized.features.scalars
    let chosen = [0, 100, 568].flatMap { example in [0, 3, 29].map { x[$0 * 569 + example] } }
    expectClose(
      chosen,
      [
        1.0970639814699807, 0.9843749048031144, 1.9370146123781782, -0.14691819768308703, -0.2053132184831146,
        -0.5528180662994666, -1.8084012451820475, -1.3477892383828953, -0.7512066928221901,
      ])
  }

  @Test("a standardization is a group of its means and deviations")
  func group() throws {
    let tensors = try Standardization(of: Self.features).tensors
    #expect(tensors.map(\.name) == ["means", "deviations"])
    #expect(tensors.map(\.tensor.shape) == [[3, 1], [3, 1]])
  }

  @Test("another number of features gives a failed tensor")
  func misfits() throws {
    let applied = try Standardization(of: Self.features).applied(to: Tensor([1, 2], shape: [2, 1]))
    #expect(throws: TensorError.self) { try applied.scalars }
  }

  @Test("the standardization of no examples changes nothing")
  func noExamples() throws {
    let standardization = try Standardization(of: Tensor<Double>([], shape: [2, 0]))
    #expect(try standardization.means.scalars == [0, 0])
    #expect(try standardization.deviations.scalars == [1, 1])
  }

  @Test("features of another rank are an error")
  func rank() {
    #expect(
      errorMessage { _ = try Standardization(of: Tensor<Double>([1, 2])) }
        == "features of shape (2), expected (n_x, m)")
  }

  private func expectClose(_ values: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation)
  {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, other) in zip(values, expected) {
      #expect(abs(value - other) <= 1e-13 * max(1, abs(other)), sourceLocation: sourceLocation)
    }
  }
}
