/// What kernels can do. A primitive that says what it computes in these words (see ``Computed``) says it once: arrays
/// carry it out at once, a program's graph writes it down.
///
/// Softmax along an axis, for example, is
/// ```swift
/// let kept = backend.shape(x[0]).replacing(axis: axis, with: 1)
/// let e = backend.map(.exp, backend.zip(.subtract, x[0], backend.fold(.maximum, x[0], to: kept)))
/// return backend.zip(.divide, e, backend.fold(.sum, e, to: kept))
/// ```
/// Operands have passed the primitive's shape rule, so nothing here can fail.
public protocol KernelBackend {
  /// What stands for an array: the array itself, or a node of a graph.
  associatedtype Operand

  /// The lengths of an operand's axes.
  func shape(_ x: Operand) -> Shape

  /// `f(x)`, element by element, with the number `c` where the function takes one.
  mutating func map(_ f: UnaryFunction, _ x: Operand, _ c: Double) -> Operand

  /// `f(a, b)`, element by element; shapes broadcast.
  mutating func zip(_ f: BinaryFunction, _ a: Operand, _ b: Operand) -> Operand

  /// `mask ≠ 0 ? x : y`, element by element, for operands of one shape.
  mutating func select(_ mask: Operand, _ x: Operand, _ y: Operand) -> Operand

  /// `f` over every axis along which `target` is shorter.
  mutating func fold(_ f: Reduction, _ x: Operand, to target: Shape) -> Operand

  /// `max x` and `ln Σ exp(x − max x)` along an axis, which is kept with length 1. Their sum is `ln Σ eˣ`; apart,
  /// differences to the maximum keep their accuracy.
  mutating func logSumExpParts(_ x: Operand, axis: Int) -> (maximum: Operand, remainder: Operand)

  /// `x` broadcast to a larger shape.
  mutating func broadcast(_ x: Operand, to shape: Shape) -> Operand

  /// The same elements in another shape of as many.
  mutating func reshape(_ x: Operand, to shape: Shape) -> Operand

  /// The axes in another order: axis i of the result is axis `order[i]` of x.
  mutating func permute(_ x: Operand, _ order: [Int]) -> Operand

  /// The part of x with indices in `range` along an axis.
  mutating func slice(_ x: Operand, _ range: Range<Int>, axis: Int) -> Operand

  /// `y[i, j, …] = x[start + i·s₀ + j·s₁ + …]`, the elements of x counted in row-major order.
  mutating func strided(_ x: Operand, shape: Shape, start: Int, strides: [Int]) -> Operand

  /// The parts one after the other along an axis.
  mutating func concatenate(_ parts: [Operand], axis: Int) -> Operand

  /// `op(A)·op(B)` over the last two axes, where op transposes if its flag says so.
  mutating func matrixProduct(
    _ a: Operand, transposed aIsTransposed: Bool, _ b: Operand, transposed bIsTransposed: Bool
  ) -> Operand

  /// Every element the same number, of the scalar type of `x`.
  mutating func fill(_ number: Double, _ shape: Shape, like x: Operand) -> Operand
}

extension KernelBackend {
  /// `f(x)`, element by element, for a function without a number.
  public mutating func map(_ f: UnaryFunction, _ x: Operand) -> Operand { map(f, x, 0) }
}

/// A primitive that says what it computes in the words of the kernels. Evaluation follows, with the same bits outside
/// programs and inside, where its work is fused with its neighbors'.
public protocol Computed: Primitive {
  /// The result, for operands that passed the shape rule.
  func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand
}

extension Computed {
  /// What `compute` says, carried out on arrays.
  ///
  /// Written out for each scalar type, and inlined where a primitive conforms, so that the compiler sees concrete types: a
  /// generic computation would look up metadata for longer than many kernels run.
  @inline(__always)
  public func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    switch S.scalarType {
    case .float: NDArray(storage: carriedOut(on: operands.values, as: Float.self))
    case .double: NDArray(storage: carriedOut(on: operands.values, as: Double.self))
    }
  }

  @inline(__always)
  private func carriedOut<S: TensorScalar>(on operands: OperandPointers, as _: S.Type) -> ArrayStorage {
    var arrays = ArrayBackend<S>()
    // A list written out can live on the stack; one that is mapped is allocated, which takes as long as a small kernel.
    return switch operands.count {
    case 1: compute([operands[0].pointee.array()], on: &arrays).storage
    case 2: compute([operands[0].pointee.array(), operands[1].pointee.array()], on: &arrays).storage
    default: compute(operands.map { $0.pointee.array() }, on: &arrays).storage
    }
  }

  /// What `compute` says.
  public func described<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand? {
    compute(x, on: &backend)
  }
}

extension Elementwise where Self: Computed {
  /// What `compute` says, carried out on an array.
  public func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> {
    var arrays = ArrayBackend<S>()
    return compute([x], on: &arrays)
  }

  /// What `compute` says, carried out on the only operand.
  public func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    evaluate(operands[0])
  }
}

/// A primitive that evaluates on arrays because it looks at their numbers, and refuses some or treats them otherwise; it
/// says in the words of the kernels what it computes of all others, for engines that cannot look.
protocol Checked: Primitive {
  /// The result where the numbers are ordinary, and NaN, or what they give, where the primitive would refuse them.
  func compute<B: KernelBackend>(checked x: [B.Operand], on backend: inout B) -> B.Operand
}

/// A primitive of one operand that one kernel computes.
public protocol UnaryKernel: Computed, SameShape {
  /// The kernel's function.
  static var kernel: UnaryFunction { get }
  /// The number that the function takes; 0, unless said otherwise.
  var number: Double { get }
}

extension UnaryKernel {
  /// None.
  public var number: Double { 0 }

  /// The kernel's function of the only operand.
  public func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.map(Self.kernel, x[0], number)
  }

  /// The kernel, without a detour.
  public func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    .elementwise(Self.kernel, operands[0], S(number))
  }
}

extension Elementwise where Self: UnaryKernel {
  /// The kernel, without a detour.
  public func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { .elementwise(Self.kernel, x, S(number)) }

  /// The kernel, without a detour.
  public func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    .elementwise(Self.kernel, operands[0], S(number))
  }
}

/// A primitive that one kernel computes from its first two operands.
public protocol BinaryKernel: Computed, SameShape {
  /// The kernel's function.
  static var kernel: BinaryFunction { get }
}

extension BinaryKernel {
  /// The kernel's function of the first two operands.
  public func compute<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand {
    backend.zip(Self.kernel, x[0], x[1])
  }

  /// The kernel, without a detour.
  public func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    .elementwise(Self.kernel, operands[0], operands[1])
  }
}
