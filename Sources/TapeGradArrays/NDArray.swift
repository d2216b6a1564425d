/// Numbers and a shape: row-major, contiguous, 64-byte aligned, with value semantics.
///
/// This is the layer below tensors: it computes and knows no derivative. Operations on arrays whose shapes do not fit
/// stop the process with a message, as an index out of bounds does; a `Tensor` carries such an error instead.
public struct NDArray<Scalar: TensorScalar>: Sendable {
  package private(set) var storage: ArrayStorage

  package init(storage: ArrayStorage) { self.storage = storage }

  /// An array whose elements are still to be written.
  init(uninitialized shape: Shape) { storage = ArrayStorage(shape: shape, scalarType: Scalar.scalarType) }

  /// The lengths of the axes.
  public var shape: Shape { storage.shape }

  /// An array whose elements `fill` writes, all of them.
  ///
  /// - Parameters:
  ///   - shape: the lengths of the axes.
  ///   - fill: gets uninitialized memory of `shape.count` elements.
  public init(shape: Shape, fill: (UnsafeMutablePointer<Scalar>) throws -> Void) rethrows {
    self.init(uninitialized: shape)
    try fill(storage.pointer())
  }

  /// An array of `shape` with these elements, in row-major order.
  ///
  /// - Throws: `ShapeError` where their number does not match the shape.
  public init(_ scalars: [Scalar], shape: Shape) throws(ShapeError) {
    if let defect = shape.defect { throw ShapeError("no array has such a shape: \(defect)") }
    guard scalars.count == shape.count else {
      throw ShapeError("\(scalars.count) numbers do not fill shape \(shape), which has \(shape.count)")
    }
    self.init(shape, copying: scalars)
  }

  /// An array of one axis with these elements.
  public init(_ scalars: [Scalar]) { self.init([scalars.count], copying: scalars) }

  private init(_ shape: Shape, copying scalars: [Scalar]) {
    self.init(uninitialized: shape)
    scalars.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: bytes, count: $0.count).copyMemory(from: $0) }
  }

  /// An array of rank 0: a single number.
  public init(_ scalar: Scalar) { self.init(repeating: scalar, shape: Shape()) }

  /// An array whose elements all are `value`.
  public init(repeating value: Scalar, shape: Shape) {
    self.init(uninitialized: shape)
    Kernels.fill(value.doubleValue, Scalar.scalarType, bytes, count)
  }

  /// Zeros.
  public static func zeros(_ shape: Shape) -> NDArray { NDArray(repeating: 0, shape: shape) }

  /// Ones.
  public static func ones(_ shape: Shape) -> NDArray { NDArray(repeating: 1, shape: shape) }

  /// The number of elements.
  @inline(__always) public var count: Int { storage.count }

  /// The elements in row-major order.
  public var scalars: [Scalar] { withUnsafeBufferPointer { Array($0) } }

  /// The elements, to read.
  public func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Scalar>) throws -> R) rethrows -> R {
    try withExtendedLifetime(storage) { try body(UnsafeBufferPointer(start: storage.pointer(), count: count)) }
  }

  /// The elements, to write; copies them first where another array shares them.
  public mutating func withUnsafeMutableBufferPointer<R>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> R
  ) rethrows -> R {
    if !ArrayStorage.isUniquelyOwned(&storage) {
      let copy = ArrayStorage(shape: shape, scalarType: Scalar.scalarType)
      copy.bytes.copyMemory(from: storage.bytes, byteCount: storage.byteCount)
      storage = copy
    }
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: storage.pointer(), count: count))
    }
  }

  /// The first byte. The array must outlive its use, and only an array that nobody else holds yet may be written.
  @inline(__always) var bytes: UnsafeMutableRawPointer { storage.bytes }

  /// The first byte of the element at `offset` in row-major order.
  @inline(__always) func bytes(at offset: Int) -> UnsafeMutableRawPointer {
    storage.bytes + offset * MemoryLayout<Scalar>.stride
  }

  /// The element at these indices, one for each axis.
  public subscript(indices: Int...) -> Scalar {
    get { withUnsafeBufferPointer { $0[offset(of: indices)] } }
    set {
      let offset = offset(of: indices)
      withUnsafeMutableBufferPointer { $0[offset] = newValue }
    }
  }

  private func offset(of indices: [Int]) -> Int {
    guard indices.count == shape.rank else {
      fatalError("\(indices.count) indices for an array of shape \(shape)")
    }
    var offset = 0
    for (axis, index) in indices.enumerated() {
      guard index >= 0, index < shape[axis] else {
        fatalError("index \(index) is out of bounds along axis \(axis) of shape \(shape)")
      }
      offset = offset * shape[axis] + index
    }
    return offset
  }

  /// The same elements in another scalar type, rounded to nearest.
  public func converted<Other: TensorScalar>(to _: Other.Type = Other.self) -> NDArray<Other> {
    if Other.scalarType == Scalar.scalarType { return NDArray<Other>(storage: storage) }
    let y = NDArray<Other>(uninitialized: shape)
    Kernels.convert(bytes, Scalar.scalarType, to: y.bytes, Other.scalarType, count)
    return y
  }
}

extension NDArray: Equatable {
  /// Same shape and equal elements (so NaN differs from itself, and −0 equals 0).
  public static func == (a: NDArray, b: NDArray) -> Bool {
    a.shape == b.shape && Kernels.areEqual(Scalar.scalarType, a.bytes, b.bytes, a.count)
  }
}
