import TapeGradCore

// What stands where along an axis: sorted, the largest, at an index for each element. Indices that a program computes are numbers
// there; they become integers where they are used, and numbers again where they come out.

extension StableHLOWriter {
  /// The indices that sort an axis.
  mutating func argSort(
    _ x: StableHLOValue, _ axis: Int, _ isDescending: Bool, to type: StableHLOType
  ) -> StableHLOValue {
    let integers = StableHLOType(x.type.shape, .index), name = "%" + unused("order")
    let places = iota(axis, integers)
    let element = StableHLOType([], x.type.element), index = StableHLOType([], .index)
    // Of two elements a and b, whether a comes before b. NaN is larger than all numbers.
    let (first, second) = isDescending ? ("b", "a") : ("a", "b")
    let comparison = { (word: String, p: String, q: String) in
      "stablehlo.compare \(word), %region.\(p), %region.\(q), FLOAT : (\(element), \(element)) -> tensor<i1>"
    }
    line(
      """
      \(name):2 = "stablehlo.sort"(\(x), \(places)) <{dimension = \(axis) : i64, is_stable = true}> ({
          ^bb0(%region.a: \(element), %region.b: \(element), %region.i: \(index), %region.j: \(index)):
            %region.less = \(comparison("LT", first, second))
            %region.nan = \(comparison("NE", second, second))
            %region.number = \(comparison("EQ", first, first))
            %region.last = stablehlo.and %region.nan, %region.number : tensor<i1>
            %region.before = stablehlo.or %region.less, %region.last : tensor<i1>
            stablehlo.return %region.before : tensor<i1>
          }) : (\(x.type), \(integers)) -> (\(x.type), \(integers))
      """)
    return asNumbers(StableHLOValue(name: "\(name)#1", type: integers), type)
  }

  /// The index of the first largest or smallest element along an axis; of NaN, where there is one.
  mutating func argMax(
    _ x: StableHLOValue, _ axis: Int, _ isOfMinimum: Bool, to type: StableHLOType
  ) -> StableHLOValue {
    asNumbers(indexOfBest(x, axis, isOfMinimum), type)
  }

  /// That index as an integer, without the axis.
  mutating func indexOfBest(_ x: StableHLOValue, _ axis: Int, _ isOfMinimum: Bool = false) -> StableHLOValue {
    let integers = StableHLOType(x.type.shape, .index), truths = StableHLOType(x.type.shape, .truth)
    let others = (0..<x.type.shape.rank).filter { $0 != axis }
    let best = broadcast(reduce(x, isOfMinimum ? .minimum : .maximum, [axis]), axes: others, to: x.type)
    let isNumber = compare(.equal, x, x), isNaN = add("stablehlo.not \(isNumber) : \(truths)", truths)
    let isBest = add("stablehlo.or \(compare(.equal, x, best)), \(isNaN) : \(truths)", truths)
    let places = iota(axis, integers)
    let found = select(isBest, places, number(Double(x.type.shape[axis]), integers))
    let length = number(Double(x.type.shape[axis]), StableHLOType([], .index))
    let result = StableHLOType(Shape(others.map { x.type.shape[$0] }), .index)
    return add(
      "stablehlo.reduce(\(found) init: \(length)) applies stablehlo.minimum across dimensions = [\(axis)] : "
        + "(\(integers), \(length.type)) -> \(result)", result)
  }

  /// For each index the element there along an axis.
  mutating func takeAlong(
    _ x: StableHLOValue, _ indices: StableHLOValue, _ axis: Int, to type: StableHLOType
  ) -> StableHLOValue {
    let row = StableHLOType([x.type.shape.count], type.element)
    let places = places(along: axis, indices, in: x.type.shape)
    let elements = StableHLOType([type.shape.count], type.element)
    return reshape(gather(reshape(x, to: row), places, 0, to: elements), to: type)
  }

  /// Zeros, to which each element is added at its index along an axis.
  mutating func addAlong(
    _ x: StableHLOValue, _ indices: StableHLOValue, _ axis: Int, to type: StableHLOType
  ) -> StableHLOValue {
    addElements(x, places(along: axis, indices, in: type.shape), to: type)
  }

  /// Slices in the place of others; where several have the same index, the last one.
  mutating func replace(
    _ x: StableHLOValue, _ updates: StableHLOValue, _ indices: StableHLOValue, _ axis: Int, to type: StableHLOType
  ) -> StableHLOValue {
    let length = type.shape[axis], count = updates.type.shape[axis]
    if count == 0 { return x }
    // For each slice of the result, which of x's and behind them the updates' it is.
    let own = StableHLOType([length], .index), new = StableHLOType([count], .index)
    let stay = iota(0, own), order = iota(0, new)
    let behind = add("stablehlo.add \(order), \(number(Double(length), new)) : \(new)", new)
    let sources = scatter(behind, flat(asIndices(indices)), 0, into: stay, "stablehlo.maximum")
    let both = concatenate(
      [x, updates], axis, to: StableHLOType(type.shape.replacing(axis: axis, with: length + count), type.element))
    return gather(both, sources, axis, to: type)
  }

  /// x for each index that does not come again, 0 for the others.
  mutating func lastOccurrence(
    _ x: StableHLOValue, _ indices: StableHLOValue, _ count: Int, to type: StableHLOType
  ) -> StableHLOValue {
    let places = flat(asIndices(indices)), list = StableHLOType(type.shape, .index)
    let order = iota(0, list)
    let last = scatter(
      order, places, 0, into: number(-1, StableHLOType([count], .index)), "stablehlo.maximum")
    let isLast = compare(.equal, gather(last, places, 0, to: list), order)
    return select(isLast, broadcast(x, axes: [], to: type), number(0, type))
  }

  /// Numbers from integers.
  private mutating func asNumbers(_ x: StableHLOValue, _ type: StableHLOType) -> StableHLOValue {
    add("stablehlo.convert \(x) : (\(x.type)) -> \(type)", type)
  }

  /// Where the elements lie that indices choose along an axis of a tensor, one for each.
  private mutating func places(along axis: Int, _ indices: StableHLOValue, in shape: Shape) -> StableHLOValue {
    let integers = asIndices(indices), type = integers.type
    var strides = (0..<shape.rank).map { shape.strides[$0] }
    let step = number(Double(strides[axis]), type)
    strides[axis] = 0
    let others = places(0, strides, in: type.shape)
    let own = add("stablehlo.multiply \(integers), \(step) : \(type)", type)
    return flat(add("stablehlo.add \(others), \(own) : \(type)", type))
  }
}
