#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(WASILibc)
  import WASILibc
#endif

// A training step frees the arrays that the next one asks for again, in the same sizes. For 1,000 floats:
//
//   4,000 bytes  →  63 lines of 64 bytes  →  class of 64 = 8·2³ lines, 4,096 bytes
//   allocate: the first block of that class's list, or a new one       release: back to the head of the list

/// Memory for arrays: 64-byte aligned blocks that each thread keeps for its own reuse.
///
/// Handing pages back to the system and faulting them in again costs more than most operations do, so a released block
/// goes into a cache of the thread that releases it, and is handed out again for the next array of its size class.
/// A cache holds at most `limit` bytes: one that is full is emptied, so that sizes which are no longer used make room.
/// It is freed with its thread. Nothing is locked, since no two threads touch the same cache.
enum BufferPool {
  /// The largest number of bytes that one thread keeps for reuse.
  static let limit = 256 << 20

  /// A size class: `index` in the caches, and how many bytes its blocks have.
  ///
  /// Sizes are whole cache lines: 1 to 8 of them, and beyond that 5, 6, 7 or 8 times a power of two, so that less than
  /// a fifth of a block is unused.
  struct SizeClass: Equatable {
    /// The number of classes; arrays have less than a quarter of the address space.
    static let count = SizeClass(holding: 1 << (Int.bitWidth - 2)).index + 1

    let index: Int
    let byteCount: Int

    /// The smallest class whose blocks hold `byteCount` bytes.
    @inline(__always) init(holding byteCount: Int) {
      // 63 lines: exponent 3, since 63 − 1 has six binary digits and 6 − 3 = 3; ⌈63/8⌉ = 8 steps of 8 lines.
      let lines = max(1, (byteCount + 63) >> 6)
      let exponent = max(0, Int.bitWidth - 3 - (lines - 1).leadingZeroBitCount)
      let steps = (lines + (1 << exponent) - 1) >> exponent  // 5...8, or 1...8 where the exponent is 0
      index = 4 * exponent + steps - 1
      self.byteCount = steps << (exponent + 6)
    }
  }

  /// A block at least `byteCount` bytes long, its contents undefined.
  @inline(__always) static func allocate(_ size: SizeClass) -> UnsafeMutableRawPointer {
    if let cache = ThreadCache.existing, let block = cache.pointee.pop(size) { return block }
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, 64, size.byteCount) == 0, let block else {
      fatalError("out of memory: no \(size.byteCount) bytes for an array")
    }
    return block
  }

  /// Takes a block back.
  @inline(__always) static func release(_ block: UnsafeMutableRawPointer, _ size: SizeClass) {
    if let cache = ThreadCache.current, cache.pointee.push(block, size) { return }
    free(block)
  }

  /// How many bytes this thread keeps for reuse.
  static var cachedByteCount: Int { ThreadCache.existing?.pointee.byteCount ?? 0 }
}

/// The blocks one thread keeps: a linked list for each size class, the link in a block's first word.
private struct ThreadCache {
  private(set) var byteCount = 0
  private let heads: UnsafeMutablePointer<UnsafeMutableRawPointer?>

  private init() {
    heads = .allocate(capacity: BufferPool.SizeClass.count)
    heads.initialize(repeating: nil, count: BufferPool.SizeClass.count)
  }

  /// The block released last, whose memory is the likeliest to be in a cache.
  mutating func pop(_ size: BufferPool.SizeClass) -> UnsafeMutableRawPointer? {
    guard let block = heads[size.index] else { return nil }
    heads[size.index] = block.load(as: UnsafeMutableRawPointer?.self)
    byteCount -= size.byteCount
    return block
  }

  /// Keeps a block, unless it alone is beyond the limit.
  mutating func push(_ block: UnsafeMutableRawPointer, _ size: BufferPool.SizeClass) -> Bool {
    guard size.byteCount <= BufferPool.limit else { return false }
    if byteCount + size.byteCount > BufferPool.limit { empty() }
    block.storeBytes(of: heads[size.index], as: UnsafeMutableRawPointer?.self)
    heads[size.index] = block
    byteCount += size.byteCount
    return true
  }

  /// Frees every block: simpler than to choose which, and rare.
  private mutating func empty() {
    for index in 0..<BufferPool.SizeClass.count {
      while let block = heads[index] {
        heads[index] = block.load(as: UnsafeMutableRawPointer?.self)
        free(block)
      }
    }
    byteCount = 0
  }

  #if os(WASI)
    /// The cache of the only thread there is.
    nonisolated(unsafe) private(set) static var existing: UnsafeMutablePointer<ThreadCache>?
  #else
    /// The key under which each thread finds its cache, and which frees the cache when the thread ends.
    private static let key: pthread_key_t = {
      var key = pthread_key_t()
      #if canImport(Darwin)
        let status = pthread_key_create(&key) { finish($0) }
      #else
        let status = pthread_key_create(&key) { $0.map(finish) }
      #endif
      guard status == 0 else { fatalError("no thread-specific storage is left") }
      return key
    }()

    /// Frees a cache and its blocks, at the end of its thread.
    private static func finish(_ cache: UnsafeMutableRawPointer) {
      let cache = cache.assumingMemoryBound(to: ThreadCache.self)
      cache.pointee.empty()
      cache.pointee.heads.deallocate()
      cache.deallocate()
    }

    /// This thread's cache, if it has released a block before.
    static var existing: UnsafeMutablePointer<ThreadCache>? {
      pthread_getspecific(key)?.assumingMemoryBound(to: ThreadCache.self)
    }
  #endif

  /// This thread's cache, made where there is none yet.
  static var current: UnsafeMutablePointer<ThreadCache>? {
    if let existing { return existing }
    let cache = UnsafeMutablePointer<ThreadCache>.allocate(capacity: 1)
    cache.initialize(to: ThreadCache())
    #if os(WASI)
      existing = cache
    #else
      guard pthread_setspecific(key, cache) == 0 else {
        finish(cache)
        return nil
      }
    #endif
    return cache
  }
}
