import TapeGrad
import Testing

@testable import TapeGradBenchmarks

/// Sizes, shapes and work by their names.
struct ChoiceTests {
  @Test(
    "the size of a network is read from text, and nothing else is one",
    arguments: [
      ("30x16x569", "30x16x569"), ("1x1x1", "1x1x1"), ("3x4", nil), ("0x1x1", nil), ("1x1x1000001", nil),
      ("ax1x1", nil),
      ("1x1x1x1", nil), ("", nil),
    ])
  func sizes(text: String, size: String?) { #expect(NetworkSize(text)?.description == size) }

  @Test(
    "the shape of a product is read from text, and nothing else is one",
    arguments: [
      ("256", "256"), ("2x2x2", "2"), ("16x30x569", "16x30x569"), ("16x569x30t", "16x569x30t"), ("8t", "8t"),
      ("2x3", nil),
      ("0", nil), ("t", nil), ("65537", nil),
    ])
  func shapes(text: String, shape: String?) { #expect(ProductShape(text)?.description == shape) }

  @Test("a product of (m, k) and (k, n) takes 2mkn operations")
  func operations() { #expect(ProductShape("2x3x4")?.operations == 48) }

  @Test("work is found by its name")
  func names() {
    #expect(OnceWork.names == ["gradient", "eager", "compiled", "loop"])
    for name in OnceWork.names { #expect(OnceWork(name)?.name == name) }
    #expect(OnceWork("steps") == nil)
  }

  @Test("the quick choice measures every group with little work")
  func quick() {
    #expect(BenchmarkChoice.quick.sizes.map(\.description) == ["2x4x400"])
    #expect(BenchmarkChoice.quick.products.map(\.description) == ["64"])
    #expect(BenchmarkChoice.quick.groups == BenchmarkChoice.standard.groups)
    #expect(BenchmarkChoice.standard.sizes.count == 3 && BenchmarkChoice.standard.runs == 15)
  }

  @Test("the peak of memory is known")
  func peak() { #expect(peakMemory() > 1_000_000) }
}
