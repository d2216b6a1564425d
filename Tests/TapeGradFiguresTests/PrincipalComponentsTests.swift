import Testing

@testable import TapeGradFigures

struct PrincipalComponentsTests {
  /// The covariance [[2, 1], [1, 2]] has the eigenvalues 3 and 1, along (1, 1) and (1, −1).
  @Test("the directions of a known covariance are found, with their shares")
  func known() {
    let root3 = 3.0.squareRoot()
    // ±√3·(1, 1)/√2 and ±1·(1, −1)/√2, about the mean (10, 20).
    let x = [root3, -root3, 1, -1].map { 10 + $0 / 2.0.squareRoot() }
    let y = [root3, -root3, -1, 1].map { 20 + $0 / 2.0.squareRoot() }
    let plane = PrincipalComponents([x, y])
    #expect(plane.mean.map { ($0 * 1e9).rounded() } == [10e9, 20e9])
    #expect(abs(plane.shares[0] - 0.75) < 1e-12 && abs(plane.shares[1] - 0.25) < 1e-12)
    #expect(abs(plane.directions[0][0] - plane.directions[0][1]) < 1e-9)
    #expect(abs(plane.directions[1][0] + plane.directions[1][1]) < 1e-9)
  }

  @Test("points of the plane come back to their coordinates")
  func roundTrip() {
    let rows = (0..<5).map { (row: Int) -> [Double] in
      (0..<40).map { (example: Int) -> Double in Double(example * (row + 3) * 7 % 23 * (row + 1)) }
    }
    let plane = PrincipalComponents(rows)
    let back = plane.coordinates(of: plane.features(u: [0, 1, -2], v: [0, 3, 5]))
    #expect(zip(back.u, [0, 1, -2]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(zip(back.v, [0, 3, 5]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(plane.shares[0] >= plane.shares[1] && plane.shares[0] + plane.shares[1] <= 1 + 1e-12)
  }

  @Test("data that do not vary, or vary in one direction only, have a plane too")
  func degenerate() {
    #expect(PrincipalComponents([[1.0, 1], [2, 2], [3, 3]]).shares == [0, 0])
    let line = PrincipalComponents([[1.0, 2, 3], [2, 4, 6], [0, 0, 0]])
    #expect(abs(line.shares[0] - 1) < 1e-12 && line.shares[1] < 1e-12)
    // The second direction is at right angles to the first, whatever that is; a single feature leaves none.
    for rows in [
      [[1.0, 2, 3], [2, 4, 6], [0, 0, 0]], [[1, 2, 3], [0, 0, 0]], [[1, 1], [2, 2], [3, 3]], [[1, 2], [1, 2]],
    ] {
      let (a, b) = (PrincipalComponents(rows).directions[0], PrincipalComponents(rows).directions[1])
      #expect(zip(a, b).map(*).reduce(0, +).magnitude < 1e-12)
      for direction in [a, b] { #expect(abs(direction.map { $0 * $0 }.reduce(0, +) - 1) < 1e-12) }
    }
    #expect(PrincipalComponents([[1.0, 2, 3]]).directions[1] == [0])
    #expect(PrincipalComponents([[Double]]()).coordinates(of: [[Double]]()).u.isEmpty)
  }
}
