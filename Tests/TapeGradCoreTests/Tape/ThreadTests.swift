import Foundation
import Testing

@testable import TapeGradCore

struct ThreadTests {
  @Test("a tape shared between threads is correct")
  func sharedTape() throws {
    let tape = Tape()
    let x = tape.variable(Tensor([1.0, 2]), named: "x")
    let parts = Lock<[Tensor<Double>]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      var y = x
      for step in 1...200 {
        y = y + x * Double(thread)
        if step % 50 == 0 { y.named("y\(thread)") }
      }
      parts.withLock { $0.append(y) }
    }
    let sum = parts.withLock { $0 }.reduce(Tensor([0.0, 0])) { $0 + $1 }
    // y = x·(1 + 200·thread), and the threads sum up to 28.
    try sum.expect([5608, 11216])
    try tape.gradients(of: sum.sum())[x].expect([5608, 5608])
  }

  @Test("inner gradients may run on other threads")
  func innerGradients() throws {
    let slope = try gradient(at: Tensor(3.0)) { x in
      let parts = Lock<[Tensor<Double>]>([])
      DispatchQueue.concurrentPerform(iterations: 16) { k in
        let inner = try? gradient(at: Tensor(Double(k))) { y in x * y * y }  // 2kx
        if let inner { parts.withLock { $0.append(inner) } }
      }
      return parts.withLock { $0 }.reduce(Tensor(0)) { $0 + $1 }
    }
    try slope.expect([240])
  }

  @Test("outermost gradients on many threads at once are right to third order")
  func independent() throws {
    let wrong = Lock(0)
    DispatchQueue.concurrentPerform(iterations: 64) { k in
      let x = Double(k)
      let found = try? gradient(at: Tensor(x)) { x in
        try gradient(at: x) { x in try gradient(at: x) { $0 * $0 * $0 * $0 } }
      }.item
      if found != 24 * x { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test("a tape that closes while others write on it leaves them plain values")
  func closing() throws {
    for _ in 0..<50 {
      let holder = Lock<Tape?>(Tape())
      let x = try #require(holder.withLock { $0?.variable(Tensor(1.0)) })
      DispatchQueue.concurrentPerform(iterations: 4) { thread in
        if thread == 3 { holder.withLock { $0 = nil } }
        var y = x
        for _ in 0..<100 { y = (y + x).named("y") }
        if (try? y.item) != 101 { Issue.record("\(y) for 101") }
      }
      #expect(!(x + x).isRecorded)
    }
  }

  @Test("tasks may share a tape")
  func tasks() async throws {
    let tape = Tape()
    let x = tape.variable(Tensor(2.0))
    let powers = try await withThrowingTaskGroup(of: Tensor<Double>.self) { group in
      for exponent in 1...5 { group.addTask { pow(x, Double(exponent)) } }
      return try await group.reduce(Tensor(0)) { $0 + $1 }
    }
    try tape.gradients(of: powers)[x].expect([129])
  }
}
