import Foundation
import Testing

@testable import TapeGradCore

/// A million nodes in a chain, recorded, differentiated and released where the stack has half a megabyte.
struct LongChainTests {
  private static let length = 1_000_000

  private static func onSmallStack(_ body: @escaping @Sendable () throws -> Void) throws {
    nonisolated(unsafe) var failure: (any Error)?  // read after the semaphore only
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      do { try body() } catch { failure = error }
      done.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    done.wait()
    if let failure { throw failure }
  }

  @Test("sums of two, in a gradient")
  func sums() throws {
    try Self.onSmallStack {
      let one = Tensor(1.0)
      let slope = try gradient(at: Tensor(2.0)) { x in
        var y = x
        for _ in 0..<Self.length { y = y + one }
        try y.expect([Double(Self.length) + 2])
        return y
      }
      try slope.expect([1])
    }
  }

  @Test("a tape, and the gradients of its every node")
  func tape() throws {
    try Self.onSmallStack {
      let tape = Tape()
      let x = tape.variable(Tensor(2.0))
      var y = x
      for _ in 0..<Self.length { y = -y }
      let gradients = try tape.gradients(of: y)
      try gradients[x].expect([1])
      try gradients[y].expect([1])
    }
  }

  @Test(
    "unary operations, and their second derivatives",
    arguments: [{ sigmoid($0) }, { tanh($0) }, { $0.reshaped(to: []) }, { relu($0) }]
      as [@Sendable (Tensor<Double>) -> Tensor<Double>])
  func unary(_ f: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>) throws {
    try Self.onSmallStack {
      let curvature = try gradient(at: Tensor(0.5)) { x in
        try gradient(at: x) { x in
          var y = x
          for _ in 0..<10_000 { y = f(y) }
          return y * y
        }
      }
      #expect(try curvature.item.isFinite)
    }
  }

  @Test("values that no tape records are not chained to each other")
  func plain() throws {
    try Self.onSmallStack {
      var y = Tensor(0.5)
      for _ in 0..<50_000 { y = sigmoid(y) }
      try (y .> 0.65).expect([1])
    }
  }
}
