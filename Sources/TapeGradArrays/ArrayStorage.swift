#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(WASILibc)
  import WASILibc
#endif

/// The numbers of an array and how they are laid out: 64-byte aligned memory from the pool, released with the last
/// reference.
///
/// Not generic, and one reference wide, so that whatever holds an array is small and has a fixed layout: generic code
/// that copies such a thing needs no type metadata at run time.
///
/// `@unchecked Sendable`: the numbers are written by the storage's only owner, before it shares the storage or while
/// `isUniquelyOwned` proves that nobody else holds it, and are only read from then on.
package final class ArrayStorage: @unchecked Sendable {
  /// The first byte.
  package let bytes: UnsafeMutableRawPointer
  /// The lengths of the axes.
  package let shape: Shape
  /// The number of elements.
  package let count: Int
  /// What type of numbers they are.
  package let scalarType: ScalarType
  /// The storage whose memory this one reads in another shape.
  private let owner: ArrayStorage?

  /// Uninitialized memory for an array.
  package init(shape: Shape, scalarType: ScalarType) {
    if let defect = shape.defect { fatalError("no array has such a shape: \(defect)") }
    self.shape = shape
    self.scalarType = scalarType
    count = shape.count
    owner = nil
    bytes = BufferPool.allocate(BufferPool.SizeClass(holding: count * scalarType.byteCount))
  }

  /// The memory of `other` from a byte on, all of it unless said otherwise, read in another shape of no more elements.
  package init(reading other: ArrayStorage, from start: Int = 0, as shape: Shape) {
    self.shape = shape
    count = shape.count
    scalarType = other.scalarType
    owner = other.owner ?? other
    bytes = other.bytes + start
  }

  deinit {
    if owner == nil { BufferPool.release(bytes, BufferPool.SizeClass(holding: byteCount)) }
  }

  /// The bytes that the numbers take.
  package var byteCount: Int { count * scalarType.byteCount }

  /// Whether the numbers of two arrays of the same shape and type are the same, bit by bit.
  package func hasSameBytes(as other: ArrayStorage) -> Bool { memcmp(bytes, other.bytes, byteCount) == 0 }

  /// The number that all elements are, bit by bit; nil where they differ, or where there is none.
  package var onlyNumber: Double? {
    let size = scalarType.byteCount
    guard byteCount >= size, memcmp(bytes, bytes + size, byteCount - size) == 0 else { return nil }
    switch scalarType {
    case .float: return Double(bytes.load(as: Float.self))
    case .double: return bytes.load(as: Double.self)
    }
  }

  /// Whether nobody but `storage` reads the memory.
  static func isUniquelyOwned(_ storage: inout ArrayStorage) -> Bool {
    isKnownUniquelyReferenced(&storage) && storage.owner == nil
  }

  /// The first element, seen as a `Scalar`.
  @inline(__always) package func pointer<Scalar>(to _: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
    bytes.assumingMemoryBound(to: Scalar.self)
  }
}
