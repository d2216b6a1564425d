extension NDArray {
  /// `f(x)`, element by element, with the number `c` where the operation takes one.
  ///
  /// Static, since a call of a method of a generic value looks up the metadata of the value's type.
  package static func elementwise(_ f: UnaryFunction, _ x: NDArray, _ c: Scalar = 0) -> NDArray {
    let y = NDArray(uninitialized: x.shape)
    ThreadPool.run(upTo: WorkShare.threads(elements: x.count, cost: f.cost)) { share in
      let part = share.elements(of: x.count)
      Kernels.unary(
        f, Scalar.scalarType, x.bytes(at: part.lowerBound), y.bytes(at: part.lowerBound), part.count, c.doubleValue)
    }
    return y
  }

  /// `f(a, b)`, element by element, with broadcasting.
  package static func elementwise(_ f: BinaryFunction, _ a: NDArray, _ b: NDArray) -> NDArray {
    if a.shape == b.shape {
      let y = NDArray(uninitialized: a.shape)
      ThreadPool.run(upTo: WorkShare.threads(elements: a.count, cost: f.cost)) { share in
        let part = share.elements(of: a.count), start = part.lowerBound
        Kernels.binary(
          f, Scalar.scalarType, a.bytes(at: start), (0, 1), b.bytes(at: start), (0, 1), y.bytes(at: start), rows: 1,
          columns: part.count)
      }
      return y
    }
    let shape: Shape
    do { shape = try Shape.broadcast(a.shape, b.shape) } catch { fatalError("\(error)") }
    let y = NDArray(uninitialized: shape), grid = BroadcastGrid(shape, a.shape, b.shape)
    ThreadPool.run(upTo: WorkShare.threads(elements: y.count, cost: f.cost)) { share in
      let rows = share.part(of: grid.rows), first = rows.lowerBound
      grid.forEach { startA, startB, startY in
        Kernels.binary(
          f, Scalar.scalarType, a.bytes(at: startA + first * grid.stridesA.0), grid.stridesA,
          b.bytes(at: startB + first * grid.stridesB.0), grid.stridesB, y.bytes(at: startY + first * grid.columns),
          rows: rows.count, columns: grid.columns)
      }
    }
    return y
  }

  /// `a + b`, with broadcasting.
  public static func + (a: NDArray, b: NDArray) -> NDArray { elementwise(.add, a, b) }
  /// `a − b`, with broadcasting.
  public static func - (a: NDArray, b: NDArray) -> NDArray { elementwise(.subtract, a, b) }
  /// `a ⊙ b`, element by element, with broadcasting.
  public static func * (a: NDArray, b: NDArray) -> NDArray { elementwise(.multiply, a, b) }
  /// `a / b`, element by element, with broadcasting.
  public static func / (a: NDArray, b: NDArray) -> NDArray { elementwise(.divide, a, b) }
  /// `−x`.
  public static prefix func - (x: NDArray) -> NDArray { elementwise(.negate, x) }

  /// `x + c`.
  public static func + (x: NDArray, c: Scalar) -> NDArray { elementwise(.offset, x, c) }
  /// `c + x`.
  public static func + (c: Scalar, x: NDArray) -> NDArray { elementwise(.offset, x, c) }
  /// `x − c`.
  public static func - (x: NDArray, c: Scalar) -> NDArray { elementwise(.offset, x, -c) }
  /// `c − x`.
  public static func - (c: Scalar, x: NDArray) -> NDArray { elementwise(.complement, x, c) }
  /// `c·x`.
  public static func * (x: NDArray, c: Scalar) -> NDArray { elementwise(.scale, x, c) }
  /// `c·x`.
  public static func * (c: Scalar, x: NDArray) -> NDArray { elementwise(.scale, x, c) }
  /// `x / c`.
  public static func / (x: NDArray, c: Scalar) -> NDArray { elementwise(.quotient, x, c) }
  /// `c / x`.
  public static func / (c: Scalar, x: NDArray) -> NDArray { elementwise(.reciprocal, x, c) }

  /// 1 where `self < other`, 0 elsewhere; with broadcasting.
  public func isLess(than other: NDArray) -> NDArray { NDArray.elementwise(.less, self, other) }
  /// 1 where the elements are equal, 0 elsewhere; with broadcasting.
  public func isEqual(to other: NDArray) -> NDArray { NDArray.elementwise(.equal, self, other) }
  /// `self·term`, and 0 where this weight is 0, whatever the term is there (even infinite or NaN).
  public func weighting(_ term: NDArray) -> NDArray { NDArray.elementwise(.weight, self, term) }
  /// `self` raised to a number.
  public func raised(to exponent: Scalar) -> NDArray { NDArray.elementwise(.power, self, exponent) }
  /// `self` raised to the elements of `exponent`; with broadcasting.
  public func raised(to exponent: NDArray) -> NDArray { NDArray.elementwise(.power, self, exponent) }
}
