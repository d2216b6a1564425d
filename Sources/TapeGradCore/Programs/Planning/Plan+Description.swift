extension Plan: CustomStringConvertible {
  /// The instructions, one by one: what they compute, in what shapes, where it is kept, and what was fused.
  var description: String {
    let names = NodeNames(graph)
    var lines = before.map { ["before the loop: \($0)", "in the loop:"] } ?? []
    lines += [
      "\(counted(inputs.count, "input")), \(counted(results.count, "result")), "
        + "\(counted(instructions.count, "instruction")); "
        + "inside \(arenaBytes.asMemory), for each thread \(scratchBytes.asMemory)"
    ]
    for (index, instruction) in instructions.enumerated() {
      let threads = instruction.threads > 1 ? ", \(instruction.threads) threads" : ""
      lines.append("\(index + 1). \(instruction.operation.title)\(threads)")
      for node in instruction.nodes {
        let time = finalNodes.contains(node) ? ", in the last round" : ""
        lines.append("     \(names.definition(of: node))\(place(of: node))\(time)")
      }
    }
    lines += results.indices.map { "result \($0): \(names[graph.results[$0]])" }
    return lines.joined(separator: "\n")
  }

  /// Where a node's value is kept.
  private func place(of node: Int) -> String {
    guard let buffer = contents.firstIndex(of: node) else { return "" }
    switch buffers[buffer].home {
    case .arena(let offset): return "  → memory at \(offset)"
    case .storage, .evaluated: return "  → storage of its own"
    case .input, .constant, .number: return ""
    }
  }
}

extension Instruction.Operation {
  /// The kind of instruction, and how its work is cut.
  fileprivate var title: String {
    switch self {
    case .cluster(let cluster):
      let product = cluster.product == nil ? "" : "product, "
      let regions = cluster.regions.count > 1 ? "\(cluster.regions.count) regions, " : ""
      let steps = counted(cluster.steps.count, "step")
      return product + "\(steps) on \(cluster.regions.rows) × \(cluster.regions.columns), " + regions
        + "blocks of \(cluster.blockRows) × \(cluster.blockColumns)"
    case .product(let product): return "product (\(product.m), \(product.k))·(\(product.k), \(product.n))"
    case .reduce, .logSumExp: return "reduction"
    case .copy: return "copy"
    case .fill: return "fill"
    case .opaque: return "primitive"
    }
  }
}

/// What a plan's description calls the values.
private struct NodeNames {
  private let graph: Graph
  private let names: [String]

  init(_ graph: Graph) {
    self.graph = graph
    names = graph.nodes.indices.map { index in
      if let name = graph.names[index] { return name }
      switch graph[index].operation {
      case .input(let number): return "input \(number)"
      case .constant(let number): return "constant \(number)"
      case .fill(let number): return "\(number.value)"
      default: return "v\(index)"
      }
    }
  }

  /// The name of what a node reads or is: reshaped and stretched values go by the name of what they are made of.
  subscript(index: Int) -> String {
    switch graph[index].operation {
    case .reshape, .broadcast: graph.names[index] ?? self[graph[index].operands[0]]
    default: names[index]
    }
  }

  func definition(of index: Int) -> String {
    let node = graph[index], x = node.operands.map { self[$0] }
    let value: String
    switch node.operation {
    case .unary(let function, let number): value = function.formula(x[0], number.value)
    case .binary(let function): value = function.formula(x[0], x[1])
    case .select: value = "\(x[0]) ? \(x[1]) : \(x[2])"
    case .reduce(let function, _): value = "\(function.name) \(x[0])"
    case .permute(let order): value = "\(x[0]), axes \(order)"
    case .slice(let axis, let start): value = "\(x[0]) from \(start) of axis \(axis) on"
    case .concatenate(let axis): value = "\(x.joined(separator: ", ")) along axis \(axis)"
    case .logSumExp: value = "ln Σ exp \(x[0]), in two parts"
    case .product(let left, let right): value = "\(x[0])\(left ? "ᵀ" : "") · \(x[1])\(right ? "ᵀ" : "")"
    case .opaque(let opaque): value = "\(type(of: opaque.primitive).name)(\(x.joined(separator: ", ")))"
    case .broadcast: value = "\(x[0]), stretched"
    case .fill(let number): value = "\(number.value) throughout"
    case .input, .constant, .reshape: value = x.first ?? names[index]
    }
    return "\(names[index]) \(node.shape) = \(value)"
  }
}

/// `1 step`, `2 steps`.
private func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

extension Int {
  /// A number of bytes, in words.
  var asMemory: String {
    if self < 10_000 { return "\(self) bytes" }
    return self < 10_000_000 ? "\((self + 500) / 1000) kB" : "\((self + 500_000) / 1_000_000) MB"
  }
}
