import CTapeGradKernels

extension NDArray {
  /// `f(x)`, element by element.
  func mapped(_ f: TGUnary, _ c: Double = 0) -> NDArray {
    NDArray(shape: shape) { Kernels.unary(f, pointer, $0, count, c) }
  }

  /// `f(a, b)`, element by element, with broadcasting.
  static func zip(_ f: TGBinary, _ a: NDArray, _ b: NDArray) -> NDArray {
    if a.shape == b.shape {
      return NDArray(shape: a.shape) {
        Kernels.binary(f, a.pointer, (0, 1), b.pointer, (0, 1), $0, rows: 1, columns: a.count)
      }
    }
    let shape: Shape
    do { shape = try Shape.broadcast(a.shape, b.shape) } catch { fatalError("\(error)") }
    return NDArray(shape: shape) { y in
      let grid = BroadcastGrid(shape, a.shape.strides(broadcastTo: shape), b.shape.strides(broadcastTo: shape))
      grid.forEach { offsetA, offsetB, offsetY in
        Kernels.binary(
          f, a.pointer + offsetA, grid.stridesA, b.pointer + offsetB, grid.stridesB, y + offsetY,
          rows: grid.rows, columns: grid.columns)
      }
    }
  }

  /// `a + b`, with broadcasting.
  public static func + (a: NDArray, b: NDArray) -> NDArray { zip(.add, a, b) }
  /// `a − b`, with broadcasting.
  public static func - (a: NDArray, b: NDArray) -> NDArray { zip(.subtract, a, b) }
  /// `a ⊙ b`, element by element, with broadcasting.
  public static func * (a: NDArray, b: NDArray) -> NDArray { zip(.multiply, a, b) }
  /// `a / b`, element by element, with broadcasting.
  public static func / (a: NDArray, b: NDArray) -> NDArray { zip(.divide, a, b) }
  /// `−x`.
  public static prefix func - (x: NDArray) -> NDArray { x.mapped(.negate) }

  /// `x + c`.
  public static func + (x: NDArray, c: Scalar) -> NDArray { x.mapped(.offset, Double(c)) }
  /// `c + x`.
  public static func + (c: Scalar, x: NDArray) -> NDArray { x.mapped(.offset, Double(c)) }
  /// `x − c`.
  public static func - (x: NDArray, c: Scalar) -> NDArray { x.mapped(.offset, -Double(c)) }
  /// `c − x`.
  public static func - (c: Scalar, x: NDArray) -> NDArray { x.mapped(.complement, Double(c)) }
  /// `c·x`.
  public static func * (x: NDArray, c: Scalar) -> NDArray { x.mapped(.scale, Double(c)) }
  /// `c·x`.
  public static func * (c: Scalar, x: NDArray) -> NDArray { x.mapped(.scale, Double(c)) }
  /// `x / c`.
  public static func / (x: NDArray, c: Scalar) -> NDArray { x.mapped(.quotient, Double(c)) }
  /// `c / x`.
  public static func / (c: Scalar, x: NDArray) -> NDArray { x.mapped(.reciprocal, Double(c)) }

  /// 1 where `self < other`, 0 elsewhere; with broadcasting.
  public func isLess(than other: NDArray) -> NDArray { NDArray.zip(.less, self, other) }
  /// 1 where the elements are equal, 0 elsewhere; with broadcasting.
  public func isEqual(to other: NDArray) -> NDArray { NDArray.zip(.equal, self, other) }
  /// `self·derivative`, and 0 where `self` is 0, whatever the derivative is there (even infinite or NaN).
  public func chained(with derivative: NDArray) -> NDArray { NDArray.zip(.chain, self, derivative) }
  /// `self` raised to a number.
  public func raised(to exponent: Scalar) -> NDArray { mapped(.power, Double(exponent)) }
  /// `self` raised to the elements of `exponent`; with broadcasting.
  public func raised(to exponent: NDArray) -> NDArray { NDArray.zip(.power, self, exponent) }
}

/// How two operands are read when their shapes broadcast: a grid of rows and columns that one kernel call covers, and
/// the axes before it, walked here.
private struct BroadcastGrid {
  private var outer: [(length: Int, a: Int, b: Int)] = []
  private(set) var rows = 1
  private(set) var columns = 1
  private(set) var stridesA = (0, 0)
  private(set) var stridesB = (0, 0)

  init(_ shape: Shape, _ a: [Int], _ b: [Int]) {
    // Neighbouring axes that both operands step through evenly are one axis; axes of length 1 are none.
    var axes: [(length: Int, a: Int, b: Int)] = []
    for axis in 0..<shape.rank where shape[axis] != 1 {
      let next = (length: shape[axis], a: a[axis], b: b[axis])
      if let last = axes.last, last.a == next.a * next.length, last.b == next.b * next.length {
        axes[axes.count - 1] = (last.length * next.length, next.a, next.b)
      } else {
        axes.append(next)
      }
    }
    if let axis = axes.popLast() { (columns, stridesA.1, stridesB.1) = axis }
    if let axis = axes.popLast() { (rows, stridesA.0, stridesB.0) = axis }
    outer = axes
  }

  /// Calls `body` with the offsets of a, b and the result for each grid.
  func forEach(_ body: (Int, Int, Int) -> Void) {
    var index = [Int](repeating: 0, count: outer.count), a = 0, b = 0, y = 0
    if rows * columns == 0 || outer.contains(where: { $0.length == 0 }) { return }
    while true {
      body(a, b, y)
      y += rows * columns
      var axis = outer.count - 1
      while axis >= 0 {
        index[axis] += 1
        a += outer[axis].a
        b += outer[axis].b
        if index[axis] < outer[axis].length { break }
        a -= outer[axis].a * outer[axis].length
        b -= outer[axis].b * outer[axis].length
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
