import TapeGradCore

// Operations whose operand tells places. For a table of 3 words in columns, (2, 3), and the indices [2, 0]:
//
//   gather along axis 1        columns 2 and 0, (2, 2): each index takes a slice
//   scatterAdd along axis 1    two slices (2, 2) are added to columns 2 and 0 of zeros (2, 3): the transpose of gather
//   oneHot                     1 in row 2 of the first column and in row 0 of the second: 0, 1, 2 equal the index or not
//
// StableHLO says a gather in terms of dimension numbers. `start_index_map` is the axis that an index points into,
// `collapsed_slice_dims` the axis of length 1 that each slice loses, `offset_dims` the axes of the result that come
// from the slice, and `index_vector_dim = 1`, behind the only axis of a list of indices, says that each index is one
// number. Scatter has the same four, three of them under other names.
extension StableHLOWriter {
  /// Slices that integers choose. An index that is out of bounds is an error here and not there: engines move it to the
  /// nearest slice, or leave it out.
  mutating func choose(
    _ primitive: any ChoosesByIndex, _ x: [StableHLOValue], to type: StableHLOType
  ) -> StableHLOValue {
    let indices: StableHLOValue
    if let known = primitive.knownIndices {
      let type = StableHLOType(Shape([known.count]), .index)
      indices = add("stablehlo.constant dense<\(known)> : \(type)", type)
    } else {
      // Indices may come as numbers, of a tensor say: they become integers here.
      indices = asIndices(x[1])
    }
    switch primitive.choice {
    case .gather(let axis): return gather(x[0], flat(indices), axis, to: type)
    case .scatterAdd(let axis): return scatter(x[0], flat(indices), axis, into: number(0, type), "stablehlo.add")
    case .oneHot(let classes):
      let integers = StableHLOType(type.shape, .index), rank = type.shape.rank
      let list = StableHLOType([classes.count], .index)
      let numbers = broadcast(add("stablehlo.constant dense<\(classes)> : \(list)", list), axes: [0], to: integers)
      let isLabel = compare(.equal, numbers, broadcast(indices, axes: Array(1..<rank), to: integers))
      return select(isLabel, broadcast(x[0], axes: [], to: type), number(0, type))
    }
  }

  /// Elements by their places in the operand, read as one row: start + i·s₀ + j·s₁ + ….
  mutating func strided(_ x: StableHLOValue, _ start: Int, _ strides: [Int], to type: StableHLOType) -> StableHLOValue {
    // One gather of single elements from a row: every stride, also a negative one or 0, is a list of places then.
    let row = reshape(x, to: StableHLOType([x.type.shape.count], x.type.element))
    let elements = StableHLOType([type.shape.count], type.element)
    return reshape(gather(row, flat(places(start, strides, in: type.shape)), 0, to: elements), to: type)
  }

  /// Zeros, to which elements are added at such places.
  mutating func stridedSum(
    _ x: StableHLOValue, _ start: Int, _ strides: [Int], to type: StableHLOType
  ) -> StableHLOValue {
    addElements(x, flat(places(start, strides, in: x.type.shape)), to: type)
  }

  /// Zeros, to which elements are added at their places in the result, read as one row.
  mutating func addElements(_ x: StableHLOValue, _ places: StableHLOValue, to type: StableHLOType) -> StableHLOValue {
    let row = reshape(x, to: StableHLOType([x.type.shape.count], x.type.element))
    let zeros = number(0, StableHLOType([type.shape.count], type.element))
    return reshape(scatter(row, places, 0, into: zeros, "stablehlo.add"), to: type)
  }

  /// start + i·s₀ + j·s₁ + … for each element of a shape.
  mutating func places(_ start: Int, _ strides: [Int], in shape: Shape) -> StableHLOValue {
    let integers = StableHLOType(shape, .index)
    var places = number(Double(start), integers)
    for (axis, stride) in strides.enumerated() where shape[axis] > 1 && stride != 0 {
      let index = iota(axis, integers)
      let way = add("stablehlo.multiply \(index), \(number(Double(stride), integers)) : \(integers)", integers)
      places = add("stablehlo.add \(places), \(way) : \(integers)", integers)
    }
    return places
  }

  /// Integers from numbers.
  mutating func asIndices(_ x: StableHLOValue) -> StableHLOValue {
    let type = StableHLOType(x.type.shape, .index)
    return x.type == type ? x : add("stablehlo.convert \(x) : (\(x.type)) -> \(type)", type)
  }

  /// The indices as a list, which is what gather and scatter are written for here.
  mutating func flat(_ indices: StableHLOValue) -> StableHLOValue {
    reshape(indices, to: StableHLOType(Shape([indices.type.shape.count]), .index))
  }

  /// Slices of x along `axis`, one for each index. A slice of an axis without elements has length 0, since no slice of
  /// length 1 can be taken there.
  mutating func gather(
    _ x: StableHLOValue, _ indices: StableHLOValue, _ axis: Int, to type: StableHLOType
  ) -> StableHLOValue {
    let others = (0..<type.shape.rank).filter { $0 != axis }
    let sizes = (0..<type.shape.rank).map { $0 == axis ? min(1, x.type.shape[axis]) : type.shape[$0] }
    return add(
      "\"stablehlo.gather\"(\(x), \(indices)) <{dimension_numbers = #stablehlo.gather<offset_dims = \(others), "
        + "collapsed_slice_dims = [\(axis)], start_index_map = [\(axis)], index_vector_dim = 1>, "
        + "slice_sizes = array<i64: \(sizes.map(String.init).joined(separator: ", "))>, indices_are_sorted = false}> : "
        + "(\(x.type), \(indices.type)) -> \(type)", type)
  }

  /// Slice k of x combined, by `word`, with the slice that stands at index k along an axis. Slices that go to the same
  /// place are combined in an order that the engine chooses.
  mutating func scatter(
    _ x: StableHLOValue, _ indices: StableHLOValue, _ axis: Int, into target: StableHLOValue, _ word: String
  ) -> StableHLOValue {
    let type = target.type, others = (0..<type.shape.rank).filter { $0 != axis }
    return add(
      "\"stablehlo.scatter\"(\(target), \(indices), \(x)) <{scatter_dimension_numbers = #stablehlo.scatter<"
        + "update_window_dims = \(others), inserted_window_dims = [\(axis)], scatter_dims_to_operand_dims = [\(axis)], "
        + "index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> "
        + "\(Self.region(word, StableHLOType([], type.element))) : (\(type), \(indices.type), \(x.type)) -> \(type)",
      type)
  }
}

extension ProgramGraph {
  /// The nodes that are read as indices and as nothing else, and that no node computes: engines get them as integers.
  var indexNodes: Set<Int> {
    var indices: Set<Int> = [], numbers = Set(results)
    for node in nodes {
      var isChoice = false
      if case .opaque(let opaque) = node.operation, let choice = opaque.primitive as? any ChoosesByIndex {
        isChoice = choice.knownIndices == nil
      }
      // The second operand of a choice is its indices; all other uses need numbers.
      for (position, operand) in node.operands.enumerated() {
        if isChoice, position == 1, nodes[operand].isGiven { indices.insert(operand) } else { numbers.insert(operand) }
      }
    }
    return indices.subtracting(numbers)
  }

  /// The inputs that are read as indices only.
  var indexInputs: Set<Int> {
    Set(indexNodes.compactMap { if case .input(let input) = nodes[$0].operation { input } else { nil } })
  }
}

extension ProgramGraph.Node {
  /// Whether its numbers come from outside.
  fileprivate var isGiven: Bool {
    switch operation {
    case .input, .constant, .fill: true
    default: false
    }
  }
}
