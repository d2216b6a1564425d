import TapeGradCore
import TapeGradNetworks
import Testing

struct LearningTaskTests {
  @Test("a loss is the mean over all elements")
  func means() throws {
    let outputs = Tensor<Double>([[0.5, 0.25], [0.75, 0.5]]), labels = Tensor<Double>([[1, 0], [1, 0]])
    let squares = try LearningTask.regression.loss(outputs, labels: labels).item
    #expect(squares == (0.25 + 0.0625 + 0.0625 + 0.25) / 4)
    let entropy = try LearningTask.binaryClassification.loss(outputs, labels: labels).item
    #expect(abs(entropy - 0.4904146265058631) <= 1e-15)  // (2·ln 2 − 2·ln 0.75)/4
  }

  @Test("a column of labels for a row of outputs is an error", arguments: LearningTask.allCases)
  func misfits(task: LearningTask) {
    let outputs = Tensor<Double>([[0.5, 0.25, 0.125]]), labels = Tensor<Double>([[1], [0], [1]])
    #expect(throws: TensorError.self) { try task.loss(outputs, labels: labels).item }
  }
}
