/// Everything a tensor is, without its scalar type: of fixed layout, so that the tape, the sweep and every pass over
/// nodes are ordinary, non-generic code.
struct Value: Sendable {
  var content: Content
  /// The places that the value has on older tapes; only while tapes nest.
  var below: Below? = nil
  /// The value's node on the youngest tape that recorded it.
  var place = Place()
  let shape: Shape
  let scalarType: ScalarType

  init(content: Content, shape: Shape, scalarType: ScalarType) {
    self.content = content
    self.shape = shape
    self.scalarType = scalarType
  }

  init<S>(_ array: NDArray<S>) {
    self.init(content: .array(array.buffer), shape: array.shape, scalarType: S.scalarType)
  }

  /// A value that carries `error`.
  init(failed error: TensorError, scalarType: ScalarType) {
    self.init(content: .failed(error), shape: Shape(), scalarType: scalarType)
  }

  /// Every element the same number.
  init(repeating number: Double, shape: Shape, scalarType: ScalarType) {
    switch scalarType {
    case .float: self.init(NDArray<Float>(repeating: Float(number), shape: shape))
    case .double: self.init(NDArray<Double>(repeating: number, shape: shape))
    }
  }

  /// The numbers. Only evaluation asks, after it has made sure that there are some.
  func array<S>(_: S.Type = S.self) -> NDArray<S> {
    guard let buffer = content.buffer else { fatalError("a tensor without numbers was evaluated") }
    return NDArray(buffer: buffer, shape: shape)
  }

  /// The same value, recorded nowhere and remembering no logits.
  var plain: Value {
    var value = self
    value.content = content.withoutLogits
    value.below = nil
    value.place = Place()
    return value
  }
}

/// What a value holds. One word.
enum Content: Sendable {
  case array(Buffer)
  /// The operation that should have computed it did not fit.
  case failed(TensorError)
  /// A shape without numbers, while a function is traced.
  case traced
  /// The value of a sigmoid, which remembers its logits.
  case sigmoid(SigmoidOutput)

  var buffer: Buffer? {
    switch self {
    case .array(let buffer): buffer
    case .sigmoid(let output): output.buffer
    case .failed, .traced: nil
    }
  }

  var isTraced: Bool {
    switch self {
    case .traced: true
    case .sigmoid(let output): output.buffer == nil
    case .array, .failed: false
    }
  }

  var error: TensorError? {
    if case .failed(let error) = self { error } else { nil }
  }

  var withoutLogits: Content {
    guard case .sigmoid(let output) = self else { return self }
    return output.buffer.map(Content.array) ?? .traced
  }
}

/// A sigmoid's value remembers its logits, recorded or not, traced or not, so that the cross-entropy of the two can be
/// computed from the logits. Any further operation drops them.
final class SigmoidOutput: Sendable {
  /// The numbers; nil while tracing.
  let buffer: Buffer?
  let logits: Value

  init(buffer: Buffer?, logits: Value) {
    self.buffer = buffer
    var logits = logits
    logits.content = logits.content.withoutLogits  // so that a chain of sigmoids is no chain of references
    self.logits = logits
  }
}
