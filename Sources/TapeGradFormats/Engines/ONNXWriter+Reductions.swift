import TapeGradCore

// Reductions and choices in ONNX. The sum over the columns of v1, (4, m), is
//
//   ReduceSum(v1, axes [1])        (4, 1), with the axis kept at length 1 as everywhere here
//
// and a choice of columns by indices is Gather(v1, indices). Both hold for a batch of any size, as long as lengths are
// said by the batch's name.
extension ONNXWriter {
  /// A reduction, over the axes that the result has with length 1 where the shapes tell them.
  mutating func reduce(
    _ x: ONNXValue, _ f: Reduction, _ fold: Fold, _ otherFold: Fold, to shape: [ONNXLength], operand: Shape,
    _ result: Shape
  ) throws(ExportError) -> ONNXValue {
    // Of no elements, a sum is 0, a product 1, a maximum −∞; engines differ there, and need not be asked.
    if operand.count == 0 { return ONNXValue(number(f.identity, x.element), shape, own: [], x.element) }
    if let axes = fold.axes(from: operand, to: result) {
      return reshape(reduce(whole(x), f, axes), to: shape)
    }
    return reshape(reduce(try folded(whole(x), fold, otherFold), f, [1]), to: shape)
  }

  /// The operand in the three axes of a fold.
  private mutating func folded(_ x: ONNXValue, _ fold: Fold, _ otherFold: Fold) throws(ExportError) -> ONNXValue {
    reshape(
      x,
      to: try lengths(
        [fold.outer, fold.length, fold.inner], [otherFold.outer, otherFold.length, otherFold.inner]))
  }

  /// A reduction that leaves axes of length 1.
  private mutating func reduce(_ x: ONNXValue, _ f: Reduction, _ axes: [Int]) -> ONNXValue {
    if axes.isEmpty { return x }
    let shape = x.shape.enumerated().map { axes.contains($0) ? .fixed(1) : $1 }
    // Sums take their axes as an operand since version 13; the others have them as a setting in version 17.
    let name =
      f == .sum
      ? onnx.add("ReduceSum", [x.name, onnx.constant(axes)]) : onnx.add(f.word, [x.name], ["axes": .integers(axes)])
    return ONNXValue(name, shape, x.element)
  }

  /// The maximum and `ln Σ exp(x − maximum)`, the latter without one largest element in the sum: see Reductions.h.
  mutating func logSumExp(
    _ x: ONNXValue, _ fold: Fold, _ otherFold: Fold, to shape: [ONNXLength]
  ) throws(ExportError) -> ONNXValue {
    let kept: [ONNXLength] = [.fixed(1)] + shape.dropFirst()
    let x = try folded(x, fold, otherFold), maximum = reduce(x, .maximum, [1])
    let (a, b, t) = (ElementFormula.operand(0), ElementFormula.operand(1), ElementFormula.operand(2))
    // As in StableHLO: with m the maximum, n elements equal to it and the others' Σ exp(x − m) = `below`, the second
    // part is ln(1 + (below + (n − 1))).
    let isLargest = formula(a.choosing(.equal, b, 1, else: 0), [x, maximum], 0, x.shape, x.element)
    let terms = formula(a.choosing(.equal, b, 0, else: .apply(.exp, a - b)), [x, maximum], 0, x.shape, x.element)
    let ties = reduce(isLargest, .sum, [1]), below = reduce(terms, .sum, [1])
    let remainder = formula(
      .apply(.log1p, ElementFormula.apply(.absolute, a).choosing(.equal, .number(.infinity), 0, else: b + (t - 1))),
      [maximum, below, ties], 0, maximum.shape, x.element)
    let parts = [maximum, remainder].map { reshape($0, to: kept).name }
    return ONNXValue(onnx.add("Concat", parts, ["axis": .integer(0)]), shape, x.element)
  }

  /// Slices that integers choose. An index that is out of bounds ends the run there, as it does here.
  mutating func choose(
    _ primitive: any ChoosesByIndex, _ x: [ONNXValue], to shape: [ONNXLength], _ element: ONNXElement
  ) -> ONNXValue {
    let indices: ONNXValue
    if let known = primitive.knownIndices {
      indices = ONNXValue(onnx.constant(known), [.fixed(known.count)], .int64)
    } else if x[1].element == .int64 {
      indices = x[1]
    } else {
      let cast = onnx.add("Cast", [x[1].name], ["to": .integer(ONNXElement.int64.rawValue)])
      indices = ONNXValue(cast, x[1].shape, .int64)
    }
    switch primitive.choice {
    case .gather(let axis):
      let flat = reshape(indices, to: [shape[axis]])
      return ONNXValue(onnx.add("Gather", [x[0].name, flat.name], ["axis": .integer(axis)]), shape, element)
    case .scatterAdd(let axis):
      // ScatterElements wants an index for each element that is added, so the list is spread along the other axes.
      let ones = x[0].shape.enumerated().map { $0 == axis ? $1 : .fixed(1) }
      let spread = reshape(indices, to: ones)
      let places = whole(ONNXValue(spread.name, x[0].shape, own: ones, .int64))
      let zeros = whole(ONNXValue(number(0, element), shape, own: [], element))
      if x[0].shape.contains(.fixed(0)) { return zeros }
      let sum = onnx.add(
        "ScatterElements", [zeros.name, places.name, x[0].name],
        ["axis": .integer(axis), "reduction": .text("add")])
      return ONNXValue(sum, shape, element)
    case .oneHot(let classes):
      let numbers = onnx.constant(classes, shape: [classes.count] + shape.dropFirst().map { _ in 1 })
      let isLabel = onnx.add("Equal", [numbers, indices.name])
      return ONNXValue(onnx.add("Where", [isLabel, x[0].name, number(0, element)]), shape, element)
    }
  }
}

extension Reduction {
  /// What ONNX calls it.
  fileprivate var word: String {
    switch self {
    case .sum: "ReduceSum"
    case .product: "ReduceProd"
    case .maximum: "ReduceMax"
    case .minimum: "ReduceMin"
    }
  }

  /// Its value for no elements.
  fileprivate var identity: Double {
    switch self {
    case .sum: 0
    case .product: 1
    case .maximum: -.infinity
    case .minimum: .infinity
    }
  }
}
