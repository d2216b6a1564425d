import TapeGradCore
import TapeGradFormats
import Testing

struct DataSetTests {
  @Test("a data set counts its examples and keeps its names")
  func count() throws {
    let data = try DataSet(
      features: Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [2, 3]), labels: Tensor([0, 1, 0], shape: [1, 3]),
      featureNames: ["a", "b"], labelName: "y", classNames: ["no", "yes"])
    #expect(data.count == 3)
    #expect(try data.features.scalars == [1, 2, 3, 4, 5, 6])
    #expect(data.classNames == ["no", "yes"])
  }

  @Test(
    "shapes that do not fit are an error",
    arguments: [
      ([6], [1, 6], "features of shape (6), expected (2, m): one row for each name"),
      ([3, 2], [1, 2], "features of shape (3, 2), expected (2, m): one row for each name"),
      ([2, 3], [3], "labels of shape (3), expected (1, 3): one for each example"),
      ([2, 3], [1, 2], "labels of shape (1, 2), expected (1, 3): one for each example"),
    ])
  func misfits(_ features: [Int], _ labels: [Int], message: String) {
    #expect(
      errorMessage {
        _ = try DataSet<Double>(
          features: Tensor([Double](repeating: 0, count: features.reduce(1, *)), shape: Shape(features)),
          labels: Tensor([Double](repeating: 0, count: labels.reduce(1, *)), shape: Shape(labels)),
          featureNames: ["a", "b"], labelName: "y")
      } == message)
  }

  @Test("a failed tensor throws its error")
  func failed() {
    let failed = Tensor<Double>([1, 2, 3], shape: [2, 2])
    #expect(throws: TensorError.self) {
      try DataSet(features: failed, labels: Tensor([1, 2], shape: [1, 2]), featureNames: ["a", "b"], labelName: "y")
    }
  }
}
