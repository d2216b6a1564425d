import TapeGradCore

// P·A = L·U by elimination with partial pivoting, for which StableHLO has no word, in operations that every engine has: a loop
// over the columns, in which all matrices of a batch take the same step. Step k, with p the row of the pivot, is
//
//   p = the first i ≥ k with the largest |aᵢₖ|       rows k and p change places
//   ℓᵢ = aᵢₖ / aₖₖ                                   for i > k, kept where the zeros would stand
//   aᵢⱼ ← aᵢⱼ − ℓᵢ·aₖⱼ                               for i, j > k
//
//   1 2     3 4     3 4        step 0: p = 1, ℓ₁ = ⅓, and 2 − ⅓·4 is left
//   3 4  →  1 2  →  ⅓ ⅔
//
// Every element is computed, and a choice keeps those that are meant: no 0 is multiplied by an ∞ that belongs elsewhere. The
// choices are those of LinearAlgebra.swift, so that singular matrices give ∞ and NaN at the same places.

extension StableHLOWriter {
  /// X of `A·X = B`, or of `Aᵀ·X = B`.
  mutating func solve(
    _ a: StableHLOValue, _ b: StableHLOValue, isTransposed: Bool, to type: StableHLOType
  ) -> StableHLOValue {
    if type.shape.count == 0 { return number(0, type) }
    let factors = factors(of: a), (matrices, n) = (factors.lu.type.shape[0], factors.lu.type.shape[1])
    let lower = Triangle(isLower: true, isTransposed: isTransposed, hasUnitDiagonal: true)
    let upper = Triangle(isLower: false, isTransposed: isTransposed)
    var x = reshape(b, to: StableHLOType([matrices, n, type.shape[type.shape.rank - 1]], type.element))
    if isTransposed {
      // Aᵀ = Uᵀ·Lᵀ·P: two systems, and then each row of P·X to its place.
      x = substitute(factors.lu, lower, substitute(factors.lu, upper, x))
      let places = iota(0, factors.order.type)
      x = rows(x, scatter(places, factors.order, 0, into: number(0, places.type), "stablehlo.add"))
    } else {
      // A·X = B is L·U·X = P·B.
      x = substitute(factors.lu, upper, substitute(factors.lu, lower, rows(x, factors.order)))
    }
    return reshape(x, to: type)
  }

  /// `det A = ± ∏ uᵢᵢ`.
  mutating func determinant(_ a: StableHLOValue, to type: StableHLOType) -> StableHLOValue {
    guard a.type.shape.count > 0 else { return number(1, type) }
    let (sign, pivots) = signAndPivots(a), product = reduce(pivots, .product, [1])
    return reshape(formula(.operand(0) * .operand(1), [sign, product], 0, sign.type), to: type)
  }

  /// `ln |det A| = Σ ln |uᵢᵢ|`.
  mutating func logDeterminant(_ a: StableHLOValue, to type: StableHLOType) -> StableHLOValue {
    guard a.type.shape.count > 0 else { return number(0, type) }
    let (_, pivots) = signAndPivots(a)
    let logarithms = formula(.apply(.log, .apply(.absolute, .operand(0))), [pivots], 0, pivots.type)
    return reshape(reduce(logarithms, .sum, [1]), to: type)
  }

  /// The sign of `± ∏ uᵢᵢ`.
  mutating func determinantSign(_ a: StableHLOValue, to type: StableHLOType) -> StableHLOValue {
    guard a.type.shape.count > 0 else { return number(1, type) }
    let (sign, pivots) = signAndPivots(a)
    let product = reduce(formula(.apply(.sign, .operand(0)), [pivots], 0, pivots.type), .product, [1])
    return reshape(formula(.operand(0) * .operand(1), [sign, product], 0, sign.type), to: type)
  }

  /// The sign of the rows' order, (matrices), and the pivots uᵢᵢ, (matrices, n).
  private mutating func signAndPivots(_ a: StableHLOValue) -> (sign: StableHLOValue, pivots: StableHLOValue) {
    let factors = factors(of: a), shape = factors.lu.type.shape, n = shape[1]
    let pivots = strided(factors.lu, 0, [n * n, n + 1], to: StableHLOType([shape[0], n], a.type.element))
    return (factors.sign, pivots)
  }
}

// MARK: Factors

/// `P·A = L·U` of a batch of matrices.
private struct LUFactors {
  /// U on and above the diagonal, L, whose diagonal is 1, below it: (matrices, n, n).
  let lu: StableHLOValue
  /// Of each row of all P·A, one matrix after the other, which row of all A it is: (matrices · n).
  let order: StableHLOValue
  /// The sign of the order in each matrix: (matrices).
  let sign: StableHLOValue
}

extension StableHLOWriter {
  private mutating func factors(of a: StableHLOValue) -> LUFactors {
    let n = a.type.shape[a.type.shape.rank - 1], matrices = a.type.shape.count / (n * n)
    let start = [
      reshape(a, to: StableHLOType([matrices, n, n], a.type.element)),
      iota(0, StableHLOType([matrices * n], .index)), number(1, StableHLOType([matrices], a.type.element)),
    ]
    let end = loop(n, over: graph, from: start) { inside, k, carried in
      let (lu, order, sign) = (carried[0], carried[1], carried[2])
      let pivot = inside.pivot(of: inside.part(lu, at: k, along: 2), k)
      let isInPlace = inside.compare(.equal, pivot, inside.broadcast(k, axes: [], to: pivot.type))
      let exchange = inside.exchange(pivot, k, rows: n)
      return [
        inside.eliminate(inside.rows(lu, exchange), k), inside.gather(order, exchange, 0, to: order.type),
        inside.select(isInPlace, sign, inside.formula(-.operand(0), [sign], 0, sign.type)),
      ]
    }
    return LUFactors(lu: end[0], order: end[1], sign: end[2])
  }

  /// For each matrix the first row, from k on, with the largest |aᵢₖ|, of a column (matrices, n, 1).
  private mutating func pivot(of column: StableHLOValue, _ k: StableHLOValue) -> StableHLOValue {
    let shape = column.type.shape, type = StableHLOType([shape[0], shape[1]], column.type.element)
    let column = reshape(column, to: type), index = StableHLOType(type.shape, .index)
    let row = iota(1, index), top = broadcast(k, axes: [], to: index)
    // No row above is chosen, nor one with NaN, since NaN is larger than nothing: −1 is less than every size. But a NaN in row k
    // stays there, since nothing is larger than NaN.
    let x = ElementFormula.operand(0), size = ElementFormula.apply(.absolute, x)
    let below = formula(x.choosing(.equal, x, size, else: -1), [column], 0, type)
    let candidates = select(compare(.greater, row, top), below, number(-1, type))
    return indexOfBest(select(compare(.equal, row, top), formula(size, [column], 0, type), candidates), 1)
  }

  /// Which row comes where, of all matrices' rows, when row k of each and that of its pivot change places.
  private mutating func exchange(
    _ pivot: StableHLOValue, _ k: StableHLOValue, rows n: Int
  ) -> StableHLOValue {
    let type = StableHLOType([pivot.type.shape[0], n], .index), row = iota(1, type)
    let top = broadcast(k, axes: [], to: type), pivot = broadcast(pivot, axes: [0], to: type)
    let source = select(compare(.equal, row, top), pivot, select(compare(.equal, row, pivot), top, row))
    // The matrices before have n rows each.
    return flat(add("stablehlo.add \(source), \(places(0, [n, 0], in: type.shape)) : \(type)", type))
  }

  /// Rows of all matrices, one matrix after the other, in another order.
  private mutating func rows(_ x: StableHLOValue, _ order: StableHLOValue) -> StableHLOValue {
    let list = StableHLOType([order.type.shape[0], x.type.shape[2]], x.type.element)
    return reshape(gather(reshape(x, to: list), order, 0, to: list), to: x.type)
  }

  /// Column k is eliminated below row k: `ℓᵢ = aᵢₖ / aₖₖ` there, and `aᵢⱼ − ℓᵢ·aₖⱼ` to the right of it.
  private mutating func eliminate(_ a: StableHLOValue, _ k: StableHLOValue) -> StableHLOValue {
    let type = a.type, top = broadcast(part(a, at: k, along: 1), to: type), column = part(a, at: k, along: 2)
    let pivot = part(column, at: k, along: 1), repeated = broadcast(pivot, to: column.type)
    let factor = broadcast(formula(.operand(0) / .operand(1), [column, repeated], 0, column.type), to: type)
    let rest = formula(.operand(0) - .operand(1) * .operand(2), [a, factor, top], 0, type)
    let index = StableHLOType(type.shape, .index), i = iota(1, index), j = iota(2, index)
    let k = broadcast(k, axes: [], to: index)
    let changed = select(compare(.greater, j, k), rest, select(compare(.equal, j, k), factor, a))
    let eliminated = select(compare(.greater, i, k), changed, a)
    // A column of zeros is eliminated already.
    return select(compare(.equal, broadcast(pivot, to: type), number(0, type)), a, eliminated)
  }
}

// MARK: Substitution

extension StableHLOWriter {
  /// X of `op(T)·X = B` of one triangle of T: each row of X, `bᵢ / tᵢᵢ` once it is known, leaves all later equations.
  private mutating func substitute(
    _ t: StableHLOValue, _ triangle: Triangle, _ b: StableHLOValue
  ) -> StableHLOValue {
    let n = t.type.shape[1], type = b.type, isForward = triangle.isLower != triangle.isTransposed
    let last = number(Double(n - 1), StableHLOType([], .index))
    return loop(n, over: graph, from: [b]) { inside, round, carried in
      let b = carried[0]
      let k = isForward ? round : inside.add("stablehlo.subtract \(last), \(round) : \(last.type)", last.type)
      var known = inside.part(b, at: k, along: 1)
      if !triangle.hasUnitDiagonal {
        let pivot = inside.part(inside.part(t, at: k, along: 1), at: k, along: 2)
        let repeated = inside.broadcast(pivot, to: known.type)
        known = inside.formula(.operand(0) / .operand(1), [known, repeated], 0, known.type)
      }
      known = inside.broadcast(known, to: type)
      // Column k of op(T).
      let column = StableHLOType([type.shape[0], n, 1], type.element)
      let factors = inside.reshape(inside.part(t, at: k, along: triangle.isTransposed ? 1 : 2), to: column)
      let rest = inside.formula(
        .operand(0) - .operand(1) * .operand(2), [b, inside.broadcast(factors, to: type), known], 0, type)
      let index = StableHLOType(type.shape, .index), i = inside.iota(1, index)
      let row = inside.broadcast(k, axes: [], to: index)
      let isLater = inside.compare(isForward ? .greater : .less, i, row)
      return [inside.select(isLater, rest, inside.select(inside.compare(.equal, i, row), known, b))]
    }[0]
  }
}
