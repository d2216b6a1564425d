/// Everything a tensor is, without its scalar type: of fixed layout, so that the tape, the sweep and every pass over
/// nodes are ordinary, non-generic code.
///
/// Four words: a larger struct is passed in memory, and generic code then looks up the metadata of `Tensor<Scalar>` at
/// each call, which takes longer than recording does.
struct Value: Sendable {
  var content: Content
  /// The places that the value has on older tapes; only while tapes nest.
  var outer: OuterPositions? = nil
  /// The value's node on the youngest tape that recorded it.
  var position = Position()

  init(content: Content) { self.content = content }

  init<S>(_ array: NDArray<S>) { content = .array(array.storage) }

  /// A value that carries `error`.
  init(failed error: TensorError) { content = .failed(error) }

  /// A value without numbers.
  init(traced shape: Shape, _ scalarType: ScalarType) {
    content = .traced(TracedOutput(shape: shape, scalarType: scalarType))
  }

  /// Every element the same number.
  init(repeating number: Double, shape: Shape, scalarType: ScalarType) {
    switch scalarType {
    case .float: self.init(NDArray<Float>(repeating: Float(number), shape: shape))
    case .double: self.init(NDArray<Double>(repeating: number, shape: shape))
    }
  }

  /// The lengths of the axes; of a failed value, a shape with a defect.
  var shape: Shape {
    switch content {
    case .array(let storage): storage.shape
    case .sigmoid(let output): output.shape
    case .masked(let output): output.shape
    case .traced(let output): output.shape
    case .parts(let parts): parts.shape
    case .failed: .unknown
    case .released: Shape()
    }
  }

  /// The type of the numbers; nil for a failed value.
  var scalarType: ScalarType? {
    switch content {
    case .array(let storage): storage.scalarType
    case .sigmoid(let output): output.scalarType
    case .masked(let output): output.scalarType
    case .traced(let output): output.scalarType
    case .parts(let parts): parts.scalarType
    case .failed, .released: nil
    }
  }

  /// The numbers. Only evaluation asks, after it has made sure that there are some.
  @inline(__always) borrowing func array<S>(_: S.Type = S.self) -> NDArray<S> {
    switch content {
    case .array(let storage): return NDArray(storage: storage)
    default:
      guard let storage = content.storage else { fatalError("a tensor without numbers was evaluated") }
      return NDArray(storage: storage)
    }
  }

  /// The same value, recorded nowhere, with neither logits nor mask.
  var detached: Value {
    var value = self
    value.content = content.bare
    value.outer = nil
    value.position = Position()
    return value
  }
}

/// What a value holds. One word.
enum Content: Sendable {
  case array(ArrayStorage)
  /// The value of a sigmoid, which remembers its logits.
  case sigmoid(SigmoidOutput)
  /// A cotangent which knows where it was used.
  case masked(MaskedOutput)
  /// A shape without numbers, while a function is traced.
  case traced(TracedOutput)
  /// Parts of a loop's cotangent, in a reverse sweep.
  case parts(CotangentParts)
  /// The operation that should have computed it did not fit.
  case failed(TensorError)
  /// Nothing: let go by the reverse sweep, after its last use.
  case released

  var storage: ArrayStorage? {
    switch self {
    case .array(let storage): storage
    case .sigmoid(let output): output.storage
    case .masked(let output): output.storage
    case .failed, .traced, .parts, .released: nil
    }
  }

  /// Whether there are numbers.
  @inline(__always) var isStored: Bool {
    if case .array = self { true } else { storage != nil }
  }

  /// Whether there is a mask.
  @inline(__always) var isMasked: Bool {
    if case .masked = self { true } else { false }
  }

  var isTraced: Bool { storage == nil && error == nil }

  var error: TensorError? {
    if case .failed(let error) = self { error } else { nil }
  }

  /// The content itself, with neither logits nor mask.
  var bare: Content {
    switch self {
    case .sigmoid(let output): output.bare
    case .masked(let output): output.bare
    case .array, .traced, .parts, .failed, .released: self
    }
  }
}

/// What is known of a value while a function is traced.
final class TracedOutput: Sendable {
  let shape: Shape
  let scalarType: ScalarType

  init(shape: Shape, scalarType: ScalarType) {
    self.shape = shape
    self.scalarType = scalarType
  }
}

/// A sigmoid's value remembers its logits, recorded or not, traced or not, so that the cross-entropy of the two can be
/// computed from the logits. Any further operation drops them.
final class SigmoidOutput: Sendable {
  /// The value itself: numbers, or traced.
  let bare: Content
  let logits: Value
  let shape: Shape
  let scalarType: ScalarType?

  init(_ bare: Content, logits: Value) {
    self.bare = bare
    var logits = logits
    logits.content = logits.content.bare  // so that a chain of sigmoids is not a chain of references
    self.logits = logits
    shape = logits.shape
    scalarType = logits.scalarType
  }

  var storage: ArrayStorage? { bare.storage }
}
