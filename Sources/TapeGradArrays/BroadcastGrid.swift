// (2, 3, 4) and (3, 1) pair up in (2, 3, 4). Strides are (12, 4, 1) and (0, 1, 0): no two axes are one in both operands, so
// there are 2 grids of 3 rows and 4 columns. Of two arrays (2, 3, 4) all axes become one, a single row of 24.

/// How two operands are read when they broadcast to one shape: grids of rows and columns, which a kernel covers in one
/// call each, and the axes outside them.
struct BroadcastGrid {
  private typealias Axis = (length: Int, a: Int, b: Int)

  /// The axes outside a grid, the slowest first.
  private var outer: [Axis] = []
  private(set) var rows = 1
  private(set) var columns = 1
  /// The strides of a row and of a column in each operand; those of a column are 0 or 1.
  private(set) var stridesA = (0, 0)
  private(set) var stridesB = (0, 0)

  /// The grids of `shape`, to which both `a` and `b` broadcast.
  init(_ shape: Shape, _ a: Shape, _ b: Shape) {
    let a = a.strides(broadcastTo: shape), b = b.strides(broadcastTo: shape)
    // Axes of length 1 are none, and neighboring axes that both operands step through evenly are one.
    for axis in 0..<shape.rank where shape[axis] != 1 {
      var next: Axis = (shape[axis], a[axis], b[axis])
      if let last = outer.last, last.a == next.a * next.length, last.b == next.b * next.length {
        next.length *= last.length
        outer.removeLast()
      }
      outer.append(next)
    }
    if let axis = outer.popLast() { (columns, stridesA.1, stridesB.1) = axis }
    if let axis = outer.popLast() { (rows, stridesA.0, stridesB.0) = axis }
  }

  /// Calls `body` for each grid with the offsets at which it begins in a, in b and in the result.
  func forEach(_ body: (_ a: Int, _ b: Int, _ y: Int) -> Void) {
    // The number of a grid, written in mixed radix, is its index along the outer axes.
    for grid in 0..<outer.reduce(1, { $0 * $1.length }) {
      var a = 0, b = 0, rest = grid
      for axis in outer.reversed() {
        let index = rest % axis.length
        rest /= axis.length
        a += index * axis.a
        b += index * axis.b
      }
      body(a, b, grid * rows * columns)
    }
  }
}
