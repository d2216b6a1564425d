import TapeGradCore
import TapeGradFormats
import Testing

/// The golden values are those of `load_breast_cancer()` in scikit-learn 1.9.1, with NumPy 2.4.6.
struct DataSetBreastCancerTests {
  let data = DataSet<Double>.breastCancer()

  @Test("the embedded data set has its shapes and names")
  func names() {
    #expect(data.features.shape == [30, 569])
    #expect(data.labels.shape == [1, 569])
    #expect(data.featureNames.count == 30)
    #expect(data.featureNames[0] == "mean radius")
    #expect(data.featureNames[13] == "area error")
    #expect(data.featureNames[29] == "worst fractal dimension")
    #expect(data.labelName == "diagnosis")
    #expect(data.classNames == ["benign", "malignant"])
  }

  @Test("malignant is the positive class")
  func classes() throws {
    let labels = try data.labels.scalars
    #expect(labels.count { $0 == 1 } == 212)
    #expect(labels.count { $0 == 0 } == 357)
    #expect(labels[0] == 1)  // target 0 there, malignant
    #expect(labels[19] == 0)
    #expect(labels[568] == 0)
  }

  @Test(
    "each column has the original's mean and range",
    arguments: [
      (0, 14.127291739894552, 6.981, 28.11),
      (3, 654.8891036906855, 143.5, 2501),
      (7, 0.04891914586994728, 0, 0.2012),
      (9, 0.06279760984182776, 0.04996, 0.09744),
      (13, 40.337079086116, 6.802, 542.2),
      (29, 0.0839458172231986, 0.05504, 0.2075),
    ])
  func columns(_ feature: Int, mean: Double, least: Double, greatest: Double) throws {
    let column = try data.features.scalars[feature * 569..<(feature + 1) * 569]
    #expect(abs(column.reduce(0, +) / 569 - mean) < 1e-12 * mean)
    #expect(column.min() == least)
    #expect(column.max() == greatest)
  }

  @Test("all numbers are there, in their order")
  func numbers() throws {
    let x = try data.features.scalars
    #expect(abs(x.reduce(0, +) - 1_056_474.4596356) < 1e-6)
    #expect([0, 1, 29].map { x[$0 * 569 + 568] } == [7.76, 24.54, 0.07039])
  }

  @Test("the numbers in Float are the nearest")
  func floats() throws {
    #expect(try DataSet<Float>.breastCancer().features.scalars == data.features.scalars.map { Float($0) })
  }
}
