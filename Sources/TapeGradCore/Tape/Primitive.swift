/// An operation on tensors that the tape records. One struct in one place; the built-in ones are declared in the same way
/// as yours.
///
/// An author says four things: the operation's name, the shape of its result, what it computes, and the cotangent of each
/// operand. Most operations are better served by a refinement, which asks for less: ``Elementwise`` for `y = f(x)` element
/// by element, ``Linear`` for linear maps, ``Bilinear`` for products; and ``Computed`` for what the kernels can do, so that
/// programs fuse it.
///
/// A rule never broadcasts, never accumulates and never optimizes: operators insert explicit broadcasts, and the reverse
/// sweep sums what several uses contribute. Parameters of an operation (an axis, an exponent) are stored properties.
public protocol Primitive: Sendable, Hashable {
  /// The operation's name, as errors, tapes and formulas show it.
  static var name: String { get }

  /// The result's shape.
  ///
  /// - Throws: `TensorError` where the operands do not fit.
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape

  /// The result's numbers, for operands that passed the shape rule.
  ///
  /// - Throws: `TensorError` where the numbers are outside the operation's domain and no NaN could say so.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S>

  /// The result in the words of the kernels, where the operation speaks them (see ``Computed``); nil where it evaluates on
  /// arrays, as it does unless said otherwise.
  func described<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand?

  /// The cotangent of operand `i`: the transpose of the operation's derivative, applied to the result's cotangent.
  /// Asked for only where it is needed. Written with tensors, so that it can itself be differentiated and traced.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S>

  /// How the rule is asked: `vjp` for each operand, unless said otherwise.
  static var derivativeRule: DerivativeRule { get }

  /// The cotangents of all operands at once: asked for where the rule is `.joint`.
  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>]

  /// The symbol that formulas write instead of the name: `σ`, written before the operands in parentheses; or a pattern with
  /// `$0`, `$1` where the operands stand, such as `|$0|`. The name, unless said otherwise.
  static var symbol: String { get }

  /// How the operation reads, given how its operands do: the symbol with its operands, unless said otherwise.
  func formula(_ operands: [Formula]) -> Formula
}

/// How the derivative rule of an operation is asked.
public enum DerivativeRule: Sendable {
  /// By `vjp`, for each operand that needs a cotangent.
  case byOperand
  /// By `vjps`, once, since the operands' cotangents share their work.
  case joint
  /// Not at all: the derivative is 0 wherever there is one.
  case zero
  /// By `vjp`. The cotangent of one operand is reported to whoever asks for it, and not propagated, because the rule of
  /// another operand carries it back past the node that computed it. (The cross-entropy of a sigmoid goes straight to the
  /// logits.)
  case reporting(Int)
}

extension Primitive {
  /// None: the operation evaluates on arrays.
  public func described<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand? { nil }

  /// By operand.
  public static var derivativeRule: DerivativeRule { .byOperand }

  /// One rule after the other.
  public func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>] {
    var cotangents: [Tensor<S>] = []
    for i in 0..<operands.count {
      cotangents.append(vjp(i, cotangent: cotangent, operands: operands, result: result))
    }
    return cotangents
  }

  /// The name.
  public static var symbol: String { name }

  /// `symbol(x, y)`.
  public func formula(_ operands: [Formula]) -> Formula { .call(self, operands) }

  /// Whether a cotangent can pass.
  static var isDifferentiable: Bool {
    if case .zero = derivativeRule { false } else { true }
  }

  /// The operand whose cotangent is reported and not propagated.
  static var reportedOperand: Int? {
    if case .reporting(let operand) = derivativeRule { operand } else { nil }
  }
}

/// An operation on operands of one shape, whose result has it too.
public protocol SameShape: Primitive {}

extension SameShape {
  /// The shape that all operands have.
  @inline(__always) public func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    for i in 1..<operands.count where operands[i] != operands[0] {
      throw TensorError("shapes \(operands[0]) and \(operands[i]) differ")
    }
    return operands[0]
  }
}

/// `y = f(x)`, element by element. One derivative expression gives the rule.
public protocol Elementwise: SameShape {
  /// `f(x)`.
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S>

  /// `f′(x)`, given x and `y = f(x)`.
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S>
}

extension Elementwise {
  /// `f` of the only operand.
  public func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    evaluate(operands[0])
  }

  /// `x̄ = ȳ ⊙ f′(x)`.
  public func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangent.chained(with: derivative(at: operands[0], result: result))
  }
}

/// `y = A·x + b` in one operand, with a derivative A that does not depend on x. Its transpose is the rule.
public protocol Affine: Primitive {
  /// `Aᵀ·ȳ`, in the shape of the operand.
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S>
}

extension Affine {
  /// `x̄ = Aᵀ·ȳ`.
  public func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    transpose(cotangent, operandShape: operands.shape(i))
  }
}

/// `y = A·x`: a linear map of one operand.
public protocol Linear: Affine {}

/// A product: linear in each of its two operands. Its two transposes are the rule.
public protocol Bilinear: Primitive {
  /// The cotangent of the left operand, given the right one.
  func transposeLeft<S: TensorScalar>(_ cotangent: Tensor<S>, right: Tensor<S>) -> Tensor<S>

  /// The cotangent of the right operand, given the left one.
  func transposeRight<S: TensorScalar>(_ cotangent: Tensor<S>, left: Tensor<S>) -> Tensor<S>
}

extension Bilinear {
  /// The transpose in operand `i`, given the other one.
  public func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    i == 0 ? transposeLeft(cotangent, right: operands[1]) : transposeRight(cotangent, left: operands[0])
  }
}

/// An operation whose derivative is 0 wherever it has one: comparisons, signs, steps.
public protocol PiecewiseConstant: SameShape {}

extension PiecewiseConstant {
  /// None is asked.
  public static var derivativeRule: DerivativeRule { .zero }

  /// Zeros.
  public func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    .zeros(operands.shape(i))
  }
}
