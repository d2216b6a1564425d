/// An operation on tensors that the tape records: a name, a shape rule, an evaluation on arrays, a derivative rule, and
/// how it reads in a formula. One struct in one place; the built-in ones are declared in the same way as yours.
///
/// Most operations are better served by a refinement, which asks for less: ``Elementwise`` for `y = f(x)` element by
/// element, ``Linear`` for linear maps, ``Bilinear`` for products.
///
/// A rule never broadcasts, never accumulates and never optimises: operators insert explicit broadcasts, and the reverse
/// sweep sums what several uses contribute. Parameters of an operation (an axis, an exponent) are stored properties.
public protocol Primitive: Sendable, Hashable {
  /// The operation's name, as errors, tapes and formulas show it.
  static var name: String { get }

  /// Whether a cotangent can pass. False for operations whose derivative is 0 almost everywhere, and for
  /// `stopGradient`; then no rule is ever asked.
  static var isDifferentiable: Bool { get }

  /// The operand whose cotangent is reported but not propagated, because the rule of another operand already carries
  /// it back past the node that computed it; nil, as a rule. (Cross-entropy of a sigmoid goes straight to the logits.)
  static var reportedOperand: Int? { get }

  /// The result's shape.
  ///
  /// - Throws: `TensorError` where the operands do not fit.
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape

  /// The result's numbers, for operands that passed the shape rule.
  ///
  /// - Throws: `TensorError` where the numbers are outside the operation's domain and no NaN could say so.
  func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) throws(TensorError) -> NDArray<S>

  /// The cotangent of operand `i`: the transpose of the operation's derivative, applied to the result's cotangent.
  /// Asked for only where it is needed. Written with tensors, so that it can itself be differentiated.
  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S>

  /// Whether the rules of all operands share their work, and `vjps` is to be asked instead of `vjp`. False, as a rule.
  static var hasJointRule: Bool { get }

  /// The cotangents of all operands at once. Asked for where `hasJointRule`.
  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>]

  /// How the operation reads, given how its operands do. `name(x, y)` unless said otherwise.
  func formula(_ operands: [Formula]) -> Formula

  /// How the operation reads on operands of these shapes: asked for where a derivation is printed. As `formula(_:)`, for
  /// all but operations that fold axes.
  func formula(_ operands: [Formula], shapes: [Shape]) -> Formula
}

extension Primitive {
  /// True.
  public static var isDifferentiable: Bool { true }
  /// None.
  public static var reportedOperand: Int? { nil }
  /// False.
  public static var hasJointRule: Bool { false }

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

  /// `name(x, y)`.
  public func formula(_ operands: [Formula]) -> Formula { .call(self, operands) }
  /// The same whatever the shapes are.
  public func formula(_ operands: [Formula], shapes: [Shape]) -> Formula { formula(operands) }
}

/// `y = f(x)`, element by element. One derivative expression gives the rule.
public protocol Elementwise: Primitive {
  /// `f(x)`.
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S>

  /// `f′(x)`, given x and `y = f(x)`.
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S>
}

extension Elementwise {
  /// The shape of the operand.
  public func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape { operands[0] }

  /// `f` of the only operand.
  public func evaluate<S: TensorScalar>(_ operands: borrowing Operands<S>) throws(TensorError) -> NDArray<S> {
    evaluate(operands.array(0))
  }

  /// `x̄ = ȳ ⊙ f′(x)`.
  public func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    cotangent.chained(with: derivative(at: operands[0], result: result))
  }
}

/// A linear map of one operand. Its transpose is the rule.
public protocol Linear: Primitive {
  /// `Aᵀ·ȳ`, in the shape of the operand.
  func transpose<S: TensorScalar>(_ cotangent: Tensor<S>, operandShape: Shape) -> Tensor<S>
}

extension Linear {
  /// `x̄ = Aᵀ·ȳ`.
  public func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    transpose(cotangent, operandShape: operands.shape(i))
  }
}

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

/// An operation on two operands of the same shape, whose result has it too.
protocol SameShape: Primitive {}

extension SameShape {
  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    for i in 1..<operands.count where operands[i] != operands[0] {
      throw TensorError("shapes \(operands[0]) and \(operands[i]) differ")
    }
    return operands[0]
  }
}

/// An operation whose derivative is 0 wherever it has one: comparisons, signs, steps.
protocol PiecewiseConstant: SameShape {}

extension PiecewiseConstant {
  static var isDifferentiable: Bool { false }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    .zeros(operands.shape(i))
  }
}
