import TapeGradGraphs
import Testing

@testable import TapeGradCore

struct MemoryTests {
  private let census = Census()
  private let x = Tensor([0.5, -0.25])

  @Test("a gradient releases everything, at every order")
  func gradientReleases() throws {
    let (value, slope) = try valueWithGradient(at: x) { $0.chain(50, census).sum() }
    #expect(census.peak == 50 && census.alive == 0)
    let curvature = try gradient(at: x) { x in try gradient(at: x) { $0.chain(20, census).sum() }.sum() }
    #expect(census.alive == 0)
    withExtendedLifetime((value, slope, curvature)) {}
  }

  @Test("an error in a gradient releases everything")
  func errorReleases() {
    #expect(throws: TensorError.self) { try gradient(at: x) { $0.chain(50, census) } }
    #expect(census.peak == 50 && census.alive == 0)
  }

  @Test("the sweep lets each value go as soon as it has been used")
  func sweepReleases() throws {
    _ = try gradient(at: x) { $0.chain(50, census).sum() }
    #expect(census.countsInSweep.count == 50)
    for (step, alive) in census.countsInSweep.enumerated() { #expect(alive <= 50 - step) }
  }

  @Test("a kept result retains no graph")
  func keptResults() throws {
    var losses: [Tensor<Double>] = []
    for _ in 0..<10 {
      let (loss, _) = try valueWithGradient(at: x) { $0.chain(5, census).sum() }
      losses.append(loss)
      _ = try gradient(at: x) { x in
        let loss = x.chain(5, census).sum()
        losses.append(loss)  // recorded now, a plain value afterwards
        return loss
      }
    }
    #expect(census.alive == 0 && losses.count == 20)
    var y = x
    for _ in 0..<20 { y = y.chain(1, census) }
    #expect(census.alive == 1)
  }

  @Test("a tape keeps its nodes, and takes them along")
  func tapeKeeps() throws {
    var tape: Tape? = Tape()
    let y = try #require(tape?.variable(x).chain(5, census))
    _ = try tape?.gradients(of: y.sum())
    #expect(census.alive == 5)
    tape = nil
    #expect(census.alive == 1)  // y itself
    withExtendedLifetime(y) {}
  }

  @Test("a pullback keeps what it needs, as long as it is there")
  func pullbackKeeps() throws {
    var pullback = try Optional(valueWithPullback(at: x) { $0.chain(5, census).sum() }.pullback)
    _ = try pullback?(Tensor(1))
    #expect(census.alive == 5 && pullback != nil)
    pullback = nil
    #expect(census.alive == 0)
  }

  @Test("checkpoints keep their ends only")
  func checkpoints() throws {
    let stored = Census(), recomputed = Census()
    let direct = try gradient(at: x) { $0.chain(100, stored).sum() }
    let checkpointed = try gradient(at: x) { x in
      (0..<10).reduce(x) { y, _ in checkpoint(y) { $0.chain(10, recomputed) } }.sum()
    }
    #expect(try direct.bits == checkpointed.bits)
    #expect(stored.peak == 100 && recomputed.peak <= 21 && recomputed.alive == 0)
  }
}
