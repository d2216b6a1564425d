import TapeGradCore

extension StableHLOWriter {
  /// What a primitive that evaluates on arrays computes.
  ///
  /// - Throws: `ExportError` where it has no word for that.
  mutating func array(
    _ primitive: any Primitive, _ x: [StableHLOValue], to type: StableHLOType
  ) throws(ExportError) -> StableHLOValue {
    if let primitive = primitive as? any ChoosesByIndex { return choose(primitive, x, to: type) }
    guard let primitive = primitive as? any Worded else { throw ExportError("StableHLO", opaque: primitive) }
    switch primitive.word {
    case .convolution(let layout): return convolution(x[0], x[1], layout, to: type)
    case .convolutionImages(let layout): return convolutionImages(x[0], x[1], layout, to: type)
    case .convolutionWeights(let layout): return convolutionWeights(x[0], x[1], layout, to: type)
    case .maxPool(let pooling): return maxPool(x[0], pooling, to: type)
    case .maxSpread(let pooling): return maxSpread(x[0], x[1], pooling, to: type)
    case .maxCollect(let pooling): return maxCollect(x[0], x[1], pooling, to: type)
    case .stridedSum(let start, let strides): return stridedSum(x[0], start, strides, to: type)
    case .loop(let word): return try scan(word, x, to: type)
    case .argSort(let axis, let isDescending): return argSort(x[1], axis, isDescending, to: type)
    case .argMax(let axis, let isOfMinimum): return argMax(x[1], axis, isOfMinimum, to: type)
    case .takeAlong(let axis): return takeAlong(x[0], x[1], axis, to: type)
    case .addAlong(let axis): return addAlong(x[0], x[1], axis, to: type)
    case .replace(let axis): return replace(x[0], x[1], x[2], axis, to: type)
    case .lastOccurrence(let count): return lastOccurrence(x[0], x[1], count, to: type)
    case .cholesky:
      let factor = add("stablehlo.cholesky \(x[0]), lower = true : \(type)", type)
      return lowerTriangle(factor)
    case .triangularSolve(let triangle): return triangularSolve(x[0], x[1], triangle, to: type)
    case .solve(let isTransposed): return solve(x[0], x[1], isTransposed: isTransposed, to: type)
    case .determinant: return determinant(x[0], to: type)
    case .logDeterminant: return logDeterminant(x[0], to: type)
    case .determinantSign: return determinantSign(x[0], to: type)
    }
  }

  /// The matrices with 0 above their diagonals, where engines may leave anything.
  private mutating func lowerTriangle(_ x: StableHLOValue) -> StableHLOValue {
    let rank = x.type.shape.rank, integers = StableHLOType(x.type.shape, .index)
    let row = iota(rank - 2, integers), column = iota(rank - 1, integers)
    return select(compare(.atLeast, row, column), x, number(0, x.type))
  }

  private mutating func triangularSolve(
    _ a: StableHLOValue, _ b: StableHLOValue, _ triangle: Triangle, to type: StableHLOType
  ) -> StableHLOValue {
    let transpose = triangle.isTransposed ? "TRANSPOSE" : "NO_TRANSPOSE"
    return add(
      "\"stablehlo.triangular_solve\"(\(a), \(b)) <{left_side = true, lower = \(triangle.isLower), "
        + "unit_diagonal = \(triangle.hasUnitDiagonal), transpose_a = #stablehlo<transpose \(transpose)>}> : "
        + "(\(a.type), \(b.type)) -> \(type)", type)
  }
}
