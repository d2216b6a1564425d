/// The bytes of an array: 64-byte aligned memory from the pool, released with the last reference.
///
/// Not generic, so that whatever holds one has a fixed layout.
///
/// `@unchecked Sendable`: the bytes are written by the buffer's only owner, before it shares the buffer or while
/// `isKnownUniquelyReferenced` proves that nobody else holds it, and are only read from then on.
package final class Buffer: @unchecked Sendable {
  /// The first byte.
  package let bytes: UnsafeMutableRawPointer
  private let size: BufferPool.SizeClass

  /// Uninitialised memory for `byteCount` bytes.
  package init(byteCount: Int) {
    size = BufferPool.SizeClass(holding: byteCount)
    bytes = BufferPool.allocate(size)
  }

  deinit { BufferPool.release(bytes, size) }

  /// The first element, seen as a `Scalar`.
  @inline(__always) package func pointer<Scalar>(to _: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
    bytes.assumingMemoryBound(to: Scalar.self)
  }
}
