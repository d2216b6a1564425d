import TapeGradCore
import TapeGradFormats

extension Model {
  /// The model as ONNX, from a table's columns to predictions: for ONNX Runtime and whatever else runs trained networks.
  ///
  /// Each column of the table is an input (m, 1) of its name: numbers in the model's scalar type, categories as texts, which
  /// nodes of `ai.onnx.ml` encode. The output `predictions` is (m, K): probabilities, of class 1 of two (m, 1), or numbers in
  /// the labels' unit, as `predict` gives them. m, the number of rows, is called `rows`. What is missing (NaN, a category that
  /// training did not have) becomes what it became in training; where that is an error, a number stays NaN.
  ///
  /// - Throws: `ExportError`, `TensorError` where the network has no numbers.
  public func onnx() throws -> [UInt8] {
    var onnx = ONNXGraph(batch: "rows")
    let element: ONNXElement = Scalar.scalarType == .float ? .float : .double
    let features = preparation.encoding.features(element, in: &onnx)
    let (network, preparation) = (network, preparation)
    let predict = compiled { (x: Tensor<Scalar>) in
      preparation.labels(from: network(preparation.featureScaling.applied(to: x)))
    }
    let outputs = try onnx.add(predict, of: features, features: preparation.encoding.featureNames.count)
    let rows = onnx.add("Transpose", [outputs.name], ["perm": .integers([1, 0])])
    onnx.output("predictions", rows, element, outputs.shape.reversed())
    return onnx.bytes(named: "model")
  }
}
