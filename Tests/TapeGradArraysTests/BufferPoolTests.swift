import Foundation
import Testing

@testable import TapeGradArrays

struct BufferPoolTests {
  typealias SizeClass = BufferPool.SizeClass

  @Test("every size is held by a block with little left over")
  func sizes() {
    // All sizes up to 64 KB, and those around the borders of the classes beyond.
    var sizes = Array(0...65536)
    for exponent in 14..<60 { for steps in 4...8 { for offset in -1...1 { sizes.append(steps << exponent + offset) } } }
    for byteCount in sizes where byteCount <= 1 << 62 {
      let size = SizeClass(holding: byteCount), unused = size.byteCount - byteCount
      guard unused >= 0, size.byteCount.isMultiple(of: 64), size.index < SizeClass.count,
        unused <= 64 || unused - 64 < size.byteCount / 5
      else {
        Issue.record("\(byteCount) bytes in a block of \(size.byteCount), class \(size.index)")
        return
      }
    }
  }

  @Test("size classes are numbered without gaps")
  func classes() {
    var expected = 0, byteCount = 0
    while expected < SizeClass.count {
      let size = SizeClass(holding: byteCount)
      #expect(size.index == expected)
      #expect(SizeClass(holding: size.byteCount) == size)
      byteCount = size.byteCount + 1
      expected += 1
    }
    #expect(byteCount == 1 << 62 + 1)
  }

  @Test("a released block is used again, the latest first")
  func reuse() {
    let size = SizeClass(holding: 5000)
    let first = BufferPool.allocate(size), second = BufferPool.allocate(size)
    #expect(first != second)
    #expect(UInt(bitPattern: first).isMultiple(of: 64))
    BufferPool.release(second, size)
    BufferPool.release(first, size)
    #expect(BufferPool.allocate(size) == first)
    #expect(BufferPool.allocate(size) == second)
    BufferPool.release(first, size)
    BufferPool.release(second, size)
  }

  @Test("a block stays with the thread that releases it")
  func releasingThread() {
    let size = SizeClass(holding: 1 << 20)
    let block = Block(BufferPool.allocate(size))
    onThread {
      #expect(BufferPool.cachedByteCount == 0)
      BufferPool.release(block.bytes, size)
      #expect(BufferPool.cachedByteCount == size.byteCount)
      #expect(BufferPool.allocate(size) == block.bytes)
      #expect(BufferPool.cachedByteCount == 0)
      BufferPool.release(block.bytes, size)
    }
  }

  @Test("a cache holds no more than its limit")
  func limit() {
    onThread {
      let size = SizeClass(holding: BufferPool.limit / 4)
      let blocks = (0..<5).map { _ in BufferPool.allocate(size) }
      for (index, block) in blocks.enumerated() {
        BufferPool.release(block, size)
        // The fifth empties the cache, so that sizes no longer used make room.
        #expect(BufferPool.cachedByteCount == (index == 4 ? 1 : index + 1) * size.byteCount)
      }
      let large = SizeClass(holding: BufferPool.limit + 1)
      BufferPool.release(BufferPool.allocate(large), large)
      #expect(BufferPool.cachedByteCount == size.byteCount)
    }
  }

  @Test("a cache is freed with its thread")
  func endOfThread() async {
    // In a process of its own, since the peak is that of the process.
    await #expect(processExitsWith: .success) {
      let size = SizeClass(holding: 32 << 20), before = peakMemory()
      for _ in 0..<32 {
        onThread {
          let block = BufferPool.allocate(size)
          memset(block, 1, size.byteCount)
          BufferPool.release(block, size)
        }
      }
      precondition(peakMemory() - before < 512 << 20)
    }
  }

  @Test("an array may be released on any thread")
  func anyThread() {
    for round in 0..<20 {
      let arrays = (0..<50).map { NDArray<Float>(repeating: Float($0), shape: [$0 * round]) }
      DispatchQueue.concurrentPerform(iterations: 4) { worker in
        for array in arrays[(worker * 10)...] {
          let sum = (array + array).sum()
          #expect(sum[] == 2 * array.scalars.reduce(0, +))
        }
      }
    }
  }
}

private struct Block: @unchecked Sendable {  // one thread uses it at a time
  let bytes: UnsafeMutableRawPointer
  init(_ bytes: UnsafeMutableRawPointer) { self.bytes = bytes }
}

/// Runs `body` on a thread of its own, and waits until the thread has ended.
private func onThread(_ body: @escaping @Sendable () -> Void) {
  let thread = Thread(block: body)
  thread.start()
  while !thread.isFinished { usleep(100) }
}

/// The largest number of bytes that this process has had in memory.
private func peakMemory() -> Int {
  var usage = rusage()
  #if canImport(Darwin)
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #else
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  #endif
}
