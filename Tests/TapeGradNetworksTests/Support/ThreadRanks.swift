import Foundation
import TapeGradCore
import TapeGradNetworks

/// Ranks that are threads of this process: a communicator without MPI.
struct ThreadRank: Communicator {
  let rank: Int, size: Int
  fileprivate let meeting: Meeting

  func sum<Scalar: TensorScalar>(_ numbers: UnsafeMutableBufferPointer<Scalar>) throws {
    try meeting.exchange(UnsafeMutableRawBufferPointer(numbers), by: rank) { all in
      let own = all.map { $0.bindMemory(to: Scalar.self) }
      return Array(numbers.indices.map { i in own.reduce(0) { $0 + $1[i] } })
    } into: { sums in
      for (i, sum) in sums.enumerated() { numbers[i] = sum }
    }
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws {
    try meeting.exchange(bytes, by: rank) {
      Array($0[0])
    } into: {
      bytes.copyBytes(from: $0)
    }
  }

  /// Runs a body on so many threads at once, and gives what came of each. Where one throws, the others do not wait for it.
  static func run<Result: Sendable>(
    _ size: Int, _ body: @escaping @Sendable (ThreadRank) throws -> Result
  ) throws -> [Result] {
    let meeting = Meeting(size: size), results = Results<Result>()
    let threads = (0..<size).map { rank in
      let thread = Thread {
        let result = Swift.Result { try body(ThreadRank(rank: rank, size: size, meeting: meeting)) }
        if case .failure = result { meeting.leave() }
        results.add(result, of: rank)
      }
      thread.stackSize = 1 << 23
      thread.start()
      return thread
    }
    while !threads.allSatisfy(\.isFinished) { Thread.sleep(forTimeInterval: 0.001) }
    return try results.all.map { try $0.get() }
  }

  /// Thrown where another rank has left.
  struct Alone: Error {}
}

/// Where threads meet: a barrier that can be left for good.
private final class Meeting: @unchecked Sendable {
  // `@unchecked`: everything is reached under the condition's lock, and buffers between two barriers.
  private let condition = NSCondition()
  private let size: Int
  private var waiting = 0, round = 0, isLeft = false
  private var buffers: [UnsafeMutableRawBufferPointer]

  init(size: Int) {
    self.size = size
    buffers = Array(repeating: UnsafeMutableRawBufferPointer(start: nil, count: 0), count: size)
  }

  /// Each rank lays its bytes down, reads all, and writes its own when everybody has read.
  func exchange<Found>(
    _ bytes: UnsafeMutableRawBufferPointer, by rank: Int, _ read: ([UnsafeMutableRawBufferPointer]) -> Found,
    into write: (Found) -> Void
  ) throws {
    condition.lock()
    buffers[rank] = bytes
    condition.unlock()
    try wait()
    condition.lock()
    let all = buffers
    condition.unlock()
    precondition(all.allSatisfy { $0.count == bytes.count }, "ranks give different numbers of bytes")
    let found = read(all)
    try wait()
    write(found)
  }

  private func wait() throws {
    condition.lock()
    defer { condition.unlock() }
    waiting += 1
    if waiting == size {
      (waiting, round) = (0, round + 1)
      condition.broadcast()
    } else {
      let own = round
      while round == own, !isLeft { condition.wait() }
      if round == own { throw ThreadRank.Alone() }
    }
  }

  func leave() {
    condition.lock()
    isLeft = true
    condition.broadcast()
    condition.unlock()
  }
}

private final class Results<Success: Sendable>: @unchecked Sendable {
  // `@unchecked`: reached under the lock.
  private let lock = NSLock()
  private var found: [Int: Result<Success, any Error>] = [:]

  func add(_ result: Result<Success, any Error>, of rank: Int) { lock.withLock { found[rank] = result } }

  /// In the order of ranks, those before that threw because another had left last.
  var all: [Result<Success, any Error>] {
    lock.withLock {
      found.sorted { $0.key < $1.key }.map(\.value).sorted { a, b in !Self.isAlone(a) && Self.isAlone(b) }
    }
  }

  private static func isAlone(_ result: Result<Success, any Error>) -> Bool {
    if case .failure(let error) = result { error is ThreadRank.Alone } else { false }
  }
}
