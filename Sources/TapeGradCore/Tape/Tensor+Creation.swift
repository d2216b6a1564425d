extension Tensor {
  /// A single number, of rank 0.
  public init(_ scalar: Scalar) { self.init(NDArray(scalar)) }

  /// A tensor of one axis.
  public init(_ scalars: [Scalar]) { self.init(NDArray(scalars)) }

  /// A tensor of two axes, from its rows. Rows that differ in length give a failed tensor.
  @_disfavoredOverload  // `Tensor([])` is the empty vector
  public init(_ rows: [[Scalar]]) { self.init { () throws(ShapeError) in try NDArray(rows) } }

  /// A tensor of three axes, from its planes of rows. Planes that differ in size give a failed tensor.
  @_disfavoredOverload
  public init(_ planes: [[[Scalar]]]) { self.init { () throws(ShapeError) in try NDArray(planes) } }

  /// A tensor with these elements in row-major order. Where their number does not match, the tensor is failed.
  public init(_ scalars: [Scalar], shape: Shape) {
    self.init { () throws(ShapeError) in try NDArray(scalars, shape: shape) }
  }

  /// A tensor whose elements all are `value`.
  public init(repeating value: Scalar, shape: Shape) {
    self.init(shape) { NDArray(repeating: value, shape: shape) }
  }

  /// A failed tensor: whatever is computed from it carries this error, until a boundary that hands out numbers throws it.
  public static func failed(_ error: TensorError) -> Tensor {
    Tensor(Value(failed: error.within(operation: "", operands: [])))
  }

  /// Zeros.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }

  /// Ones.
  public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// Numbers from the normal distribution with this mean and standard deviation, drawn in row-major order.
  public static func randomNormal(
    _ shape: Shape, mean: Double = 0, scale: Double = 1, using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    self.init(shape) { NDArray.randomNormal(shape, mean: mean, scale: scale, using: &generator) }
  }

  /// Numbers drawn evenly from an interval, in row-major order. An interval of infinite length gives a failed tensor.
  public static func randomUniform(
    _ shape: Shape, in interval: ClosedRange<Double> = 0...1, using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    if shape.defect == nil, shape.count > 0, !(interval.upperBound - interval.lowerBound).isFinite {
      let error = TensorError("numbers cannot be drawn evenly from \(interval)")
      return Tensor(Value(failed: error.within(operation: "randomUniform", operands: [])))
    }
    return self.init(shape) {
      shape.count == 0 ? .zeros(shape) : NDArray.randomUniform(shape, in: interval, using: &generator)
    }
  }

  /// The tensor of an array of `shape`, or a failed tensor where no array has such a shape.
  private init(_ shape: Shape, _ array: () -> NDArray<Scalar>) {
    self.init { () throws(ShapeError) in
      if let defect = shape.defect { throw ShapeError("\(defect)") }
      return array()
    }
  }

  /// The tensor of an array, or a failed tensor where there is none.
  init(_ array: () throws(ShapeError) -> NDArray<Scalar>) {
    do {
      value = Value(try array())
    } catch {
      value = Value(failed: TensorError(error).within(operation: "Tensor", operands: []))
    }
  }

  /// The same numbers in another scalar type, as a plain tensor: the conversion is not differentiated.
  ///
  /// - Throws: `TensorError` where there are no numbers.
  public func converted<Other: TensorScalar>(to _: Other.Type = Other.self) throws(TensorError) -> Tensor<Other> {
    Tensor<Other>(try array.converted())
  }
}
