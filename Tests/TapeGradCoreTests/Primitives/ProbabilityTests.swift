import Testing

@testable import TapeGradCore

private let infinity = Double.infinity

/// Binary cross-entropy of probabilities that no sigmoid made: the textbook's rule `−t/p + (1 − t)/(1 − p)`, up to 0 and 1.
struct ProbabilityTests {
  /// A probability, its label, and what comes out: by hand.
  struct Row: Sendable, CustomTestStringConvertible {
    let p, t, loss, slope, bend: Double
    var testDescription: String { "probability \(p), label \(t)" }
    init(_ p: Double, _ t: Double, _ loss: Double, _ slope: Double, _ bend: Double) {
      (self.p, self.t, self.loss, self.slope, self.bend) = (p, t, loss, slope, bend)
    }
  }

  /// Loss, first and second derivative by p: `−ln p, −1/p, 1/p²` for the label 1, and the same of 1 − p for 0.
  private static let rows = [
    Row(0, 0, 0, 1, 1), Row(1, 1, 0, -1, 1), Row(0, 1, 100, -infinity, infinity), Row(1, 0, 100, infinity, infinity),
    Row(0.25, 1, 1.38629436111989062, -4, 16), Row(0.25, 0, 0.287682072451780927, 4.0 / 3, 16.0 / 9),
    Row(0.5, 0.5, 0.693147180559945309, 0, 4), Row(1e-13, 1, 29.9336062089226, -1e13, 1e26),
    Row(1e-20, 1, 46.0517018598809, -1e20, 1e40), Row(1e-20, 0, 1e-20, 1, 1), Row(1e-60, 1, 100, -1e60, 1e120),
    Row(1 - 0x1p-40, 0, 27.7258872223978, 0x1p40, 0x1p80), Row(1 - 0x1p-50, 1, 0x1p-50, -1, 1),
    Row(0, 0.5, 50, -infinity, infinity), Row(1, 0.5, 50, infinity, infinity),
  ]

  @Test("loss and derivatives are the textbook's", arguments: rows)
  func row(_ row: Row) throws {
    let p = Tensor(row.p), t = Tensor(row.t)
    let f = { @Sendable (p: Tensor<Double>) in binaryCrossEntropy(p, t) }
    let (loss, slope) = try valueWithGradient(at: p, of: f)
    let bend = try gradient(at: p) { try gradient(at: $0, of: f) }
    for (found, expected) in [(loss, row.loss), (slope, row.slope), (bend, row.bend)] {
      #expect(try found.item.isClose(to: expected, ulps: 8), "\(found) for \(expected)")
    }
    #expect(try compiled { (p: Tensor<Double>) in try gradient(at: p, of: f) }(p).item == slope.item)
  }

  @Test("the mean of m examples divides the derivative by m", arguments: [1, 2, 5, 10])
  func mean(_ m: Int) throws {
    let p = Tensor<Double>.zeros([1, m])
    let slope = try gradient(at: p) { binaryCrossEntropy($0, p) }
    #expect(try slope.scalars == [Double](repeating: 1 / Double(m), count: m))
  }

  @Test("in Float, too", arguments: [(0, 0, 1), (1, 1, -1), (1e-30, 1, -1e30), (0.75, 0, 4), (1e-30, 0, 1)])
  func float(_ p: Float, _ t: Float, _ slope: Float) throws {
    let found = try gradient(at: Tensor(p)) { binaryCrossEntropy($0, Tensor(t)) }.item
    #expect(found.isClose(to: slope, ulps: 2), "\(found)")
  }

  @Test("a label outside [0, 1] is an error", arguments: [-1, -1e-9, 1.0000001, 2, .nan, infinity])
  func label(_ t: Double) {
    let error = failure { try binaryCrossEntropy(Tensor(0.5), Tensor(t)).validated() }
    #expect(error?.message.hasPrefix("\(t) is not a label from 0 to 1") == true)
  }
}
