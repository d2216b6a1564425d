/// Why an operation has no result.
///
/// An operation that does not fit gives a *failed* tensor that carries such an error. Whatever is computed from it
/// carries the same first error, until a boundary that hands out numbers throws it: `gradient`, `scalars`, `item`,
/// `validated()`.
///
/// A primitive throws one with just a message (and a suggestion, where one would help); the operation, its operands and
/// the place in the source are added where the primitive was applied.
public final class TensorError: Error, Sendable {
  /// The name of the operation: `matmul`. Empty where no operation is to blame.
  public let operation: String

  /// What does not fit: `inner dimensions 3 and 2 differ`.
  public let message: String

  /// What would fit: `matmul(a.transposed, b) would fit`.
  public let suggestion: String?

  /// The operands that did not fit: shape and, where it was named, name.
  public let operands: [Operand]

  private let caller: CallSite?

  /// One operand of the operation that failed.
  public struct Operand: Sendable, CustomStringConvertible {
    /// Its shape.
    public let shape: Shape
    /// The name that the user gave it.
    public let name: String?

    /// `W1 (4, 3)`.
    public var description: String { name.map { "\($0) \(shape)" } ?? "\(shape)" }
  }

  /// An error that a primitive's shape rule or evaluation throws.
  public convenience init(_ message: String, suggestion: String? = nil) {
    self.init(operation: "", message: message, suggestion: suggestion, operands: [], caller: nil)
  }

  /// The error of arrays, as an error of tensors.
  convenience init(_ error: ShapeError) { self.init(error.description) }

  private init(operation: String, message: String, suggestion: String?, operands: [Operand], caller: CallSite?) {
    self.operation = operation
    self.message = message
    self.suggestion = suggestion
    self.operands = operands
    self.caller = caller
  }

  /// This error with the operation that met it, unless it already says one, and the place of the call.
  func within(operation: String, operands: [Operand]) -> TensorError {
    if caller != nil { return self }
    return TensorError(
      operation: self.operation.isEmpty ? operation : self.operation, message: message, suggestion: suggestion,
      operands: self.operands.isEmpty ? operands : self.operands, caller: .capture())
  }

  /// File and line of the call that failed, such as `Model.swift:17`; nil where the program carries no line table.
  public var callSite: String? { caller?.description }
}

extension TensorError: CustomStringConvertible {
  /// `matmul of W1 (2, 4) and X (2, 400): inner dimensions 4 and 2 differ; matmul(a.transposed, b) would fit`, and the
  /// place, such as `(Model.swift:17)`.
  public var description: String {
    var text = operation
    if !operands.isEmpty { text += " of " + operands.map(\.description).joined(separator: " and ") }
    text += (text.isEmpty ? "" : ": ") + message
    if let suggestion { text += "; \(suggestion)" }
    if let callSite { text += " (\(callSite))" }
    return text
  }
}
