import Testing

@testable import TapeGradArrays

struct SeededGeneratorTests {
  /// The first outputs of Vigna's splitmix64.c; those of seed 1234567 are also Rosetta Code's published vector.
  @Test(
    "a seed gives the outputs that are published for it",
    arguments: [
      (1_234_567, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]),
      (0, [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]),
    ] as [(UInt64, [UInt64])])
  func published(seed: UInt64, outputs: [UInt64]) {
    var generator = SeededGenerator(seed: seed)
    #expect(outputs.map { _ in generator.next() } == outputs)
  }

  @Test("a generator made of a state continues the sequence")
  func state() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<10 { _ = generator.next() }
    var copy = SeededGenerator(seed: generator.state)
    #expect(copy == generator)
    #expect((0..<5).map { _ in copy.next() } == (0..<5).map { _ in generator.next() })
  }
}
