import Foundation
import Testing

@testable import TapeGradCore

/// A million nodes in a chain, recorded, differentiated and released where the stack has half a megabyte.
struct LongChainTests {
  private static let length = 1_000_000

  private static func onSmallStack<Result: Sendable>(
    _ size: Int = 512 << 10, _ body: @escaping @Sendable () throws -> Result
  ) throws -> Result {
    nonisolated(unsafe) var result: Swift.Result<Result, any Error>?  // read after the semaphore only
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      result = .init(catching: body)
      done.signal()
    }
    thread.stackSize = size
    thread.start()
    done.wait()
    return try #require(result).get()
  }

  @Test("a gradient goes through a million sums")
  func sums() throws {
    let (value, slope) = try Self.onSmallStack {
      let one = Tensor(1.0)
      return try valueWithGradient(at: Tensor(2.0)) { x in (0..<Self.length).reduce(x) { y, _ in y + one } }
    }
    try value.expect([Double(Self.length) + 2])
    try slope.expect([1])
  }

  @Test("a tape of a million nodes has the gradient of every one")
  func tape() throws {
    let (first, last) = try Self.onSmallStack {
      let tape = Tape()
      let x = tape.variable(Tensor(2.0)), y = (0..<Self.length).reduce(x) { y, _ in -y }
      let gradients = try tape.gradients(of: y)
      return (gradients[x], gradients[y])
    }
    try first.expect([1])
    try last.expect([1])
  }

  /// Functions, and (y²)″ at 0.5, where y is the function applied 10,000 times: that of tanh by the chain rule, in 50
  /// digits of mpmath.
  private static let chains: [(f: @Sendable (Tensor<Double>) -> Tensor<Double>, curvature: Double)] = [
    ({ sigmoid($0) }, 0), ({ tanh($0) }, -2.1376720405345332e-6), ({ $0.reshaped(to: []) }, 2), ({ relu($0) }, 2),
  ]

  @Test("second derivatives go through ten thousand operations", arguments: chains.indices)
  func unary(_ index: Int) throws {
    let (f, expected) = Self.chains[index]
    let curvature = try Self.onSmallStack {
      try gradient(at: Tensor(0.5)) { x in
        try gradient(at: x) { x in
          let y = (0..<10_000).reduce(x) { y, _ in f(y) }
          return y * y
        }
      }
    }
    #expect(try abs(curvature.item - expected) <= 1e-10 * abs(expected))
  }

  @Test(
    "a long computation is derived, with 60 bytes of stack for each operation",
    arguments: [
      { y, _ in tanh(y) }, { y, x in y + x }, { y, _ in y.reshaped(to: []) }, { y, x in x / y },
    ] as [@Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>])
  func derivations(_ f: @escaping @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>) throws {
    let derivation = try Self.onSmallStack(128 << 10) {
      let tape = Tape()
      let x = tape.variable(Tensor(0.5), named: "x")
      let y = (0..<2_000).reduce(x) { y, _ in f(y, x) }
      return try tape.derivation(of: y * x)
    }
    #expect("\(derivation)".contains("∂J/∂x"))
  }

  @Test("values that no tape records are not chained to each other")
  func plain() throws {
    let y = try Self.onSmallStack { (0..<50_000).reduce(Tensor(0.5)) { y, _ in sigmoid(y) } }
    try (y .> 0.65).expect([1])
  }
}
