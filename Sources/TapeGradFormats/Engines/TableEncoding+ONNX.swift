import TapeGradCore

// Columns as they stand in a table go into the model, each under its name: numbers as numbers, categories as texts. Of
// color (blue, red) and size:
//
//   color (m, 1)  OneHotEncoder  (m, 2) ─┐
//   size (m, 1)   Where(IsNaN)   (m, 1) ─┴ Concat (m, 3)  Transpose (3, m)

extension TableEncoding {
  /// Adds the columns as inputs, and the nodes that make features (n_x, m) of them.
  ///
  /// A category that was not seen, or a number that is NaN, is treated as a missing value; where a missing value is an error
  /// in a table, there is none in ONNX: a number stays NaN, and no category is a column of zeros or NaN.
  package func features(_ element: ONNXElement, in onnx: inout ONNXGraph) -> ONNXValue {
    // Examples are rows in a table and columns in a network, hence the transpose at the end.
    let parts = features.map { $0.part(element, replaces: missing != .error, in: &onnx) }
    let rows = onnx.add("Concat", parts, ["axis": .integer(1)])
    let columns = onnx.add("Transpose", [rows], ["perm": .integers([1, 0])])
    return ONNXValue(columns, [.fixed(features.reduce(0) { $0 + $1.featureCount }), .batches(1)], element)
  }
}

extension FeatureColumn {
  /// The column's features, (m, count).
  fileprivate func part(_ element: ONNXElement, replaces: Bool, in onnx: inout ONNXGraph) -> String {
    let shape: [ONNXLength] = [.batches(1), .fixed(1)]
    let cast: KeyValuePairs<String, ONNXAttribute> = ["to": .integer(element.rawValue)]
    switch kind {
    case .number(let mean):
      let x = onnx.input(name, element, shape)
      // The mean of the training rows takes the place of NaN, as it did when the model was trained.
      if !replaces { return x }
      return onnx.add("Where", [onnx.add("IsNaN", [x]), onnx.constant(mean, element), x])
    case .date(_, let mean):
      // There are no dates in ONNX: the input is in days since 2000-01-01.
      let days = onnx.input(name, element, shape), distance = onnx.add("Sub", [days, onnx.constant(mean, element)])
      if !replaces { return distance }
      return onnx.add("Where", [onnx.add("IsNaN", [days]), onnx.constant(0, element), distance])
    case .oneHot(let categories):
      let x = onnx.input(name, .text, shape)
      let encoded = onnx.add(
        "OneHotEncoder", [x], ["cats_strings": .texts(categories), "zeros": .integer(1)], domain: "ai.onnx.ml")
      // The encoder makes (m, 1, count) of (m, 1); a length of 0 keeps the m.
      let rows = onnx.add("Reshape", [encoded, onnx.constant([0, categories.count])])
      return element == .float ? rows : onnx.add("Cast", [rows], cast)
    case .ordinal(let categories, let mean):
      let x = onnx.input(name, .text, shape)
      let encoded = onnx.add(
        "LabelEncoder", [x],
        [
          "keys_strings": .texts(categories), "values_floats": .floats(categories.indices.map { Float($0) }),
          "default_float": .float(replaces ? Float(mean) : .nan),
        ], domain: "ai.onnx.ml")
      return element == .float ? encoded : onnx.add("Cast", [encoded], cast)
    }
  }
}

extension ONNXGraph {
  /// Adds what a program computes, for a batch of any size along axis 1 of its argument.
  package mutating func add<Scalar: TensorScalar>(
    _ program: Program<Tensor<Scalar>, Tensor<Scalar>>, of x: ONNXValue, features: Int
  ) throws -> ONNXValue {
    let sample = Tensor<Scalar>.zeros([features, 2])
    let exported = try ONNXProgram(program, for: sample, batch: BatchAxes([0: 1]))
    return try exported.write([x], into: &self)[0]
  }
}
