import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Derivatives of xᵖ by both, where the base is 0: limits, and never the derivative of a convention.
struct PowerTests {
  private static let infinity = Double.infinity, nan = Double.nan

  /// At (x, p): the derivative by x, by p, and by both.
  private static let rows: [(x: Double, p: Double, byBase: Double, byExponent: Double, mixed: Double)] = [
    (0, 0.5, infinity, 0, -infinity), (0, 1, 1, 0, -infinity), (0, 1.5, 0, 0, 0), (0, 2, 0, 0, 0), (0, 3, 0, 0, 0),
    (0, 0.25, infinity, 0, -infinity), (0, 0, 0, 0, infinity), (1, 2, 2, 0, 1), (1, 0, 0, 0, 1), (1, -1, -1, 0, 1),
    (-2, 3, 12, nan, nan), (-2, 0, 0, nan, nan), (infinity, -1, -0.0, 0, 0), (0, -1, -infinity, -infinity, infinity),
  ]

  @Test("first and mixed derivatives, in either order", arguments: rows.indices)
  func mixed(_ row: Int) throws {
    let (x, p, byBase, byExponent, mixed) = Self.rows[row]
    let at = (Tensor(x), Tensor(p))
    let (dx, dp) = try gradient(at: at.0, at.1) { pow($0, $1) }
    try dx.expect([byBase])
    try dp.expect([byExponent])
    let byBaseFirst = try gradient(at: at.1) { p in try gradient(at: at.0) { pow($0, p) } }
    let byExponentFirst = try gradient(at: at.0) { x in try gradient(at: at.1) { pow(x, $0) } }
    try byBaseFirst.expect([mixed])
    try byExponentFirst.expect([mixed])
    let compiled = compiled { (x: Tensor<Double>, p: Tensor<Double>) in
      try gradient(at: x) { x in try gradient(at: p) { pow(x, $0) } }
    }
    #expect(try haveSameBits(compiled(at.0, at.1), byExponentFirst))
  }

  @Test("the Hessian is symmetric", arguments: [0, 0.5, 1, 2, 3.5], [-1, 0, 0.5, 1, 2, 2.5])
  func symmetry(_ x: Double, _ p: Double) throws {
    let h = try hessian(at: Tensor([x, p])) { pow($0[0..<1], $0[1..<2]).sum() }.scalars
    #expect(h[1] == h[2] || h[1].isNaN && h[2].isNaN, "\(h)")
  }
}
