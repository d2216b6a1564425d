// Tensors known from a few numbers.

extension Tensor {
  /// The identity matrix: ones on the diagonal, zeros elsewhere; square unless a number of columns is said.
  public static func eye(_ rows: Int, columns: Int? = nil) -> Tensor {
    let shape = Shape([rows, columns ?? rows])
    if shape.defect != nil { return .zeros(shape) }
    return Tensor((0..<shape.count).map { $0 / shape[1] == $0 % shape[1] ? 1 : 0 }, shape: shape)
  }

  /// `[0, 1, …, count − 1]`.
  public static func arange(_ count: Int) -> Tensor {
    count < 0 ? .zeros([count]) : Tensor((0..<count).map { Scalar($0) })
  }

  /// `[start, start + step, …]`, up to but not including `end`. A step of 0 or of infinitely many numbers gives a failed
  /// tensor; one that leads away from the end gives an empty one.
  public static func arange(from start: Scalar, to end: Scalar, by step: Scalar = 1) -> Tensor {
    let count = ((Double(end) - Double(start)) / Double(step)).rounded(.up)
    guard step != 0, count.isFinite, count < Double(Int32.max) else {
      let error = TensorError("steps of \(step) do not lead from \(start) to \(end)")
      return .failed(error.within(operation: "arange", operands: []))
    }
    return Tensor((0..<Int(Swift.max(count, 0))).map { start + Scalar($0) * step })
  }

  /// `count` numbers at even distances, from `start` to `end`, which both are among them. One number is `start`.
  public static func linspace(from start: Scalar, to end: Scalar, count: Int) -> Tensor {
    if count < 0 { return .zeros([count]) }
    return Tensor(
      (0..<count).map { i in
        if i == count - 1, count > 1 { return end }
        let fraction = count > 1 ? Double(i) / Double(count - 1) : 0
        return Scalar(Double(start) * (1 - fraction) + Double(end) * fraction)
      })
  }

  /// For each index a row of zeros with a 1 at the index: a new last axis of length `classes`. An index out of bounds gives a
  /// failed tensor.
  public static func oneHot(_ indices: Indices, classes: Int) -> Tensor {
    Tensor(1).applying(LabelTargets(classes: classes, operation: "oneHot"), indices.operand())
      .movedAxis(from: 0, to: -1)
  }
}
