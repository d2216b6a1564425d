import TapeGradAudit
import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// A program's results are those of the function, bit by bit.
struct ProgramEqualityTests {
  @Test("every primitive has the same bits in a program, value and gradient", arguments: PrimitiveSample.all)
  func sample(_ sample: PrimitiveSample) throws {
    var generator = SeededGenerator(seed: 7)
    let operands = try sample.draw(using: &generator)
    try check(sample, operands)
    try check(sample, operands.map { Tensor<Float>(try $0.array.converted()) })
  }

  private func check<S>(_ sample: PrimitiveSample, _ operands: [Tensor<S>]) throws {
    let eager = try valueAndCotangents(sample, operands)
    for granularity in [Granularity.standard, .fine] {
      let replay = program({ (x: [Tensor<S>]) in try valueAndCotangents(sample, x) }, rounds: nil, granularity)
      for _ in 0..<2 {
        let replayed = try replay(operands)
        #expect(try haveSameBits(replayed, eager))
      }
    }
  }
}

/// The result, and the cotangents of the operands for some cotangent of it.
func valueAndCotangents<S>(_ sample: PrimitiveSample, _ x: [Tensor<S>]) throws -> [Tensor<S>] {
  var recording = try Recording(of: x.map(\.value)) { sample($0.map { Tensor<S>($0) }).value }
  let shape = recording.value.shape
  let cotangent = Tensor<S>((0..<shape.count).map { S(1 + $0 % 3) }, shape: shape)
  return try ([recording.value] + recording.cotangents(of: cotangent.value)).map { try Tensor($0).validated() }
}
