import TapeGradCore

// The nodes of a program as operations of StableHLO, one after the other. relu of v3, (2, 3), becomes
//
//   %4 = stablehlo.constant dense<0.0> : tensor<2x3xf32>
//   %5 = stablehlo.compare LE, %3, %4, FLOAT : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
//   %6 = stablehlo.select %5, %4, %3 : tensor<2x3xi1>, tensor<2x3xf32>
//
// An operation that stands there already, word for word, is used again: each has one result and no effect.

/// Writes the operations of one block.
struct StableHLOWriter {
  let graph: ProgramGraph
  /// How many blocks this one is in.
  let depth: Int
  /// The lines so far.
  private(set) var lines: [String] = []
  /// The value of each node, from the first on.
  private var values: [StableHLOValue] = []
  /// The name of each operation that stands there, by its text.
  private var known: [String: String] = [:]
  /// The names that are in use.
  private(set) var taken: Set<String>

  /// - Parameter taken: names that are in use outside.
  init(_ graph: ProgramGraph, taken: Set<String>, depth: Int) {
    (self.graph, self.taken, self.depth) = (graph, taken, depth)
  }

  /// The results' values, after an operation for every node.
  ///
  /// - Throws: `ExportError` where a primitive has no words.
  mutating func write(inputs: [StableHLOValue]) throws(ExportError) -> [StableHLOValue] {
    for (number, node) in graph.nodes.enumerated() {
      values.append(try value(of: node, inputs, isIndex: graph.indexNodes.contains(number)))
    }
    return graph.results.map { values[$0] }
  }

  /// A new operation's result, or that of the same one before.
  mutating func add(_ operation: String, _ type: StableHLOType, name: String? = nil) -> StableHLOValue {
    if let name = known[operation] { return StableHLOValue(name: name, type: type) }
    let unique = unused(name.map(Self.identifier) ?? "\(taken.count)")
    known[operation] = "%" + unique
    line("%\(unique) = \(operation)")
    return StableHLOValue(name: "%" + unique, type: type)
  }

  /// A line of the block.
  mutating func line(_ text: String) { lines.append(String(repeating: "  ", count: depth) + text) }

  /// Takes a name, with something behind it where it is in use.
  mutating func unused(_ name: String) -> String {
    var unique = name
    while !taken.insert(unique).inserted { unique += unique.first?.isNumber == true ? "0" : "_" }
    return unique
  }

  /// Adds the lines of a block inside this one.
  mutating func append(_ block: StableHLOWriter) {
    lines += block.lines
    taken = block.taken
  }

  /// A block that combines two elements. (No name of a value has a point in it.)
  static func region(_ word: String, _ element: StableHLOType) -> String {
    """
    ({
        ^bb0(%region.a: \(element), %region.b: \(element)):
          %region.both = \(word) %region.a, %region.b : \(element)
          stablehlo.return %region.both : \(element)
        })
    """
  }

  /// Letters, digits and what else a name may have.
  static func identifier(_ name: String) -> String {
    let text = String(
      name.unicodeScalars.map {
        $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) ? Character($0) : "_"
      })
    return text.first?.isLetter == true ? text : "v" + text
  }

  /// The operations of a node, whose operands have values already: nodes are in the order of their computation.
  private mutating func value(
    of node: ProgramGraph.Node, _ inputs: [StableHLOValue], isIndex: Bool
  ) throws(ExportError) -> StableHLOValue {
    let x = node.operands.map { values[$0] },
      type = StableHLOType(node.shape, isIndex ? .index : .init(node.scalarType))
    switch node.operation {
    case .input(let number): return inputs[number]
    case .constant(let number):
      return add("stablehlo.constant dense<\(graph.constants[number].text(as: type.element))> : \(type)", type)
    case .fill(let number): return self.number(number.value, type)
    case .unary(let f, let c): return formula(f.formula, x, c.value, type, name: node.name)
    case .binary(let f): return formula(f.formula, x, 0, type, name: node.name)
    case .select:
      // A condition is a number here: everything but 0 chooses x[1].
      let isZero = compare(.equal, x[0], number(0, type))
      return select(isZero, x[2], x[1], name: node.name)
    case .broadcast: return broadcast(x[0], to: type)
    case .reduce(let f, let fold): return reduce(x[0], f, fold, to: type, name: node.name)
    case .reshape: return reshape(x[0], to: type)
    case .permute(let order):
      return add("stablehlo.transpose \(x[0]), dims = \(order) : (\(x[0].type)) -> \(type)", type, name: node.name)
    case .slice(let axis, let start): return slice(x[0], axis, start, to: type)
    case .strided(let start, let strides): return strided(x[0], start, strides, to: type)
    case .concatenate(let axis): return concatenate(x, axis, to: type)
    case .logSumExp(let fold): return logSumExp(x[0], fold, to: type)
    case .matrixProduct(let left, let right): return product(x[0], left, x[1], right, to: type, name: node.name)
    case .opaque(let opaque):
      return try array(opaque.primitive, x, to: type)
    }
  }
}

extension StableHLOWriter {
  /// A number throughout.
  mutating func number(_ number: Double, _ type: StableHLOType) -> StableHLOValue {
    let text = type.shape.count == 0 ? "" : type.element.text(of: number)
    return add("stablehlo.constant dense<\(text)> : \(type)", type)
  }

  /// Each element's index along an axis.
  mutating func iota(_ axis: Int, _ type: StableHLOType) -> StableHLOValue {
    add("stablehlo.iota dim = \(axis) : \(type)", type)
  }

  /// A formula of elements.
  mutating func formula(
    _ formula: ElementFormula, _ x: [StableHLOValue], _ c: Double, _ type: StableHLOType, name: String? = nil
  ) -> StableHLOValue {
    switch formula {
    case .operand(let i): return x[i]
    case .parameter: return number(c, type)
    case .number(let number): return self.number(number, type)
    case .operation(let operation, let operands):
      // Parts first: each is an operation of its own, or one that stands there already.
      let operands = operands.map { self.formula($0, x, c, type) }
      let names = operands.map(\.name).joined(separator: ", "), word = operation.words.stableHLO
      // The dialect CHLO says the operands' types beside the result's.
      let types = operands.map { "\($0.type)" }.joined(separator: ", ")
      let signature = word.hasPrefix("chlo.") ? "\(types) -> \(type)" : "\(type)"
      return add("\(word) \(names) : \(signature)", type, name: name)
    case .choice(let a, let comparison, let b, let then, let otherwise):
      let holds = compare(comparison, self.formula(a, x, c, type), self.formula(b, x, c, type))
      return select(holds, self.formula(then, x, c, type), self.formula(otherwise, x, c, type), name: name)
    }
  }

  /// Whether two values compare so, element by element. Integers are compared with their signs.
  mutating func compare(_ comparison: ElementComparison, _ a: StableHLOValue, _ b: StableHLOValue) -> StableHLOValue {
    let type = StableHLOType(a.type.shape, .truth), kind = a.type.element == .index ? "SIGNED" : "FLOAT"
    return add(
      "stablehlo.compare \(comparison.words.stableHLO), \(a), \(b), \(kind) : (\(a.type), \(b.type)) -> \(type)", type)
  }

  /// a where the truth holds, b elsewhere.
  mutating func select(
    _ truth: StableHLOValue, _ a: StableHLOValue, _ b: StableHLOValue, name: String? = nil
  ) -> StableHLOValue {
    add("stablehlo.select \(truth), \(a), \(b) : \(truth.type), \(a.type)", a.type, name: name)
  }

  /// The same elements in another shape; nothing is written where it is the same.
  mutating func reshape(_ x: StableHLOValue, to type: StableHLOType) -> StableHLOValue {
    x.type == type ? x : add("stablehlo.reshape \(x) : (\(x.type)) -> \(type)", type)
  }

  /// Trailing axes match; those of length 1 are repeated.
  mutating func broadcast(_ x: StableHLOValue, to type: StableHLOType) -> StableHLOValue {
    let missing = type.shape.rank - x.type.shape.rank
    return broadcast(x, axes: (0..<x.type.shape.rank).map { $0 + missing }, to: type)
  }

  /// Axis i of x is axis `axes[i]` of the result.
  mutating func broadcast(_ x: StableHLOValue, axes: [Int], to type: StableHLOType) -> StableHLOValue {
    x.type == type ? x : add("stablehlo.broadcast_in_dim \(x), dims = \(axes) : (\(x.type)) -> \(type)", type)
  }

  /// From `start` on along one axis, as many elements as the result has; all of the other axes.
  mutating func slice(_ x: StableHLOValue, _ axis: Int, _ start: Int, to type: StableHLOType) -> StableHLOValue {
    let ranges = (0..<type.shape.rank).map { i in
      let start = i == axis ? start : 0
      return "\(start):\(start + type.shape[i])"
    }
    return add("stablehlo.slice \(x) [\(ranges.joined(separator: ", "))] : (\(x.type)) -> \(type)", type)
  }

  /// Parts behind each other along an axis.
  mutating func concatenate(_ parts: [StableHLOValue], _ axis: Int, to type: StableHLOType) -> StableHLOValue {
    let names = parts.map(\.name).joined(separator: ", "), types = parts.map { "\($0.type)" }.joined(separator: ", ")
    return add("stablehlo.concatenate \(names), dim = \(axis) : (\(types)) -> \(type)", type)
  }

  /// The axes before the last two count products.
  mutating func product(
    _ a: StableHLOValue, _ transposesLeft: Bool, _ b: StableHLOValue, _ transposesRight: Bool, to type: StableHLOType,
    name: String?
  ) -> StableHLOValue {
    let rank = type.shape.rank, batches = Array(0..<rank - 2)
    let left = transposesLeft ? rank - 2 : rank - 1, right = transposesRight ? rank - 1 : rank - 2
    let batching = batches.isEmpty ? "" : "batching_dims = \(batches) x \(batches), "
    return add(
      "stablehlo.dot_general \(a), \(b), \(batching)contracting_dims = [\(left)] x [\(right)], "
        + "precision = [HIGHEST, HIGHEST] : (\(a.type), \(b.type)) -> \(type)", type, name: name)
  }
}
