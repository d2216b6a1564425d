// A plan in words: what `tapegrad --explain-plan` and `print(try program.plan(for: …))` show. Of J = Σ (V·A)² with A =
// tanh(W·X + b):
//
//   4 inputs, 1 result, 2 instructions; inside 832 bytes, for each thread 9088 bytes
//   1. product and sum, 1 step on 4 × 50, blocks of 4 × 50
//        v4 (4, 50) = input 0 · input 1
//        v6 (4, 50) = v4 + input 2
//        v7 (4, 50) = tanh v6  → memory at 0
//   2. product, 2 steps on 2 × 50, blocks of 2 × 50
//        v8 (2, 50) = input 3 · v7
//        v9 (2, 50) = v8 × v8
//        v10 (1, 1) = sum of v9  → storage of its own
//   result 0: v10
//
// An instruction, then the nodes that it computes; "product and sum" is one kernel. A node without an arrow is never in
// memory as a whole. Arguments have the names that their group gives them, W1 for example, and are numbered where there
// is none. v5 is missing because it is the broadcast of b, which is read where b is.

extension Plan: CustomStringConvertible {
  /// The instructions, one by one: what they compute, in what shapes, where it is kept, and what was fused.
  var description: String {
    let names = NodeNames(graph, views: views)
    var lines = before.map { ["before the loop: \($0)", "in the loop:"] } ?? []
    lines += [
      "\(counted(inputs.count, "input")), \(counted(results.count, "result")), "
        + "\(counted(instructions.count, "instruction")); "
        + "inside \(arenaBytes.asMemory), for each thread \(scratchBytes.asMemory)"
    ]
    for (index, instruction) in instructions.enumerated() {
      let threads = instruction.threads > 1 ? ", \(instruction.threads) threads" : ""
      lines.append("\(index + 1). \(title(of: instruction.operation))\(threads)")
      for node in instruction.nodes {
        let time = isLastRoundOnly[node] ? ", in the last round" : ""
        lines.append("     \(names.definition(of: node))\(place(of: node))\(time)")
      }
    }
    lines += results.indices.map { "result \($0): \(names[graph.results[$0]])" }
    return lines.joined(separator: "\n")
  }

  /// Where a node's value is kept.
  private func place(of node: NodeIndex) -> String {
    guard let buffer = bufferOf[node] else { return "" }
    switch buffers[buffer].home {
    case .arena(let offset): return "  → memory at \(offset)"
    case .storage, .evaluated: return "  → storage of its own"
    case .input, .constant, .number, .part: return ""
    }
  }

  /// The kind of instruction, and how its work is cut.
  private func title(of operation: Instruction.Operation) -> String {
    switch operation {
    case .fused(let index):
      let fused = self.fused[index]
      let product = fused.product.map { $0.added == nil ? "product, " : "product and sum, " } ?? ""
      let regions = fused.regions.count > 1 ? "\(fused.regions.count) regions, " : ""
      let steps = counted(fused.steps.count, "step")
      return product + "\(steps) on \(fused.regions.rows) × \(fused.regions.columns), " + regions
        + "blocks of \(fused.blockRows) × \(fused.blockColumns)"
    case .matrixProduct(let product): return "product (\(product.m), \(product.k))·(\(product.k), \(product.n))"
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
  private let views: Views

  init(_ graph: Graph, views: Views) {
    (self.graph, self.views) = (graph, views)
    names = graph.indices.map { index in
      if let name = graph.names[index] { return name }
      switch graph[index].operation {
      case .input(let number): return "input \(number)"
      case .constant(let number): return "constant \(number)"
      case .fill(let number): return "\(number.value)"
      default: return "v\(index.position)"
      }
    }
  }

  /// The name of what a node reads or is: reshaped and broadcast values go by the name of what they are made of, and parts
  /// that are read where they lie by that and their first element.
  subscript(index: NodeIndex) -> String {
    if views.contains(index) {
      let part = views.part(index)
      return "\(self[part.whole])[\(part.start)...]"
    }
    switch graph[index].operation {
    case .reshape, .broadcast: return graph.names[index] ?? self[graph[index].operands[0]]
    default: return names[index.position]
    }
  }

  /// `v6 (4, 50) = tanh v5`: name, shape, and what computes it from what.
  func definition(of index: NodeIndex) -> String {
    let node = graph[index], x = node.operands.map { self[$0] }
    let value: String
    switch node.operation {
    case .unary(let function, let number): value = function.reading(x[0], number.value)
    case .binary(let function): value = function.reading(x[0], x[1])
    case .select: value = "\(x[0]) ? \(x[1]) : \(x[2])"
    case .reduce(let function, _): value = "\(function.name) of \(x[0])"
    case .permute(let order): value = "\(x[0]), axes \(order)"
    case .slice(let axis, let start): value = "\(x[0]) from \(start) of axis \(axis) on"
    case .strided(let start, let strides): value = "\(x[0]) from \(start) on, steps \(strides)"
    case .concatenate(let axis): value = "\(x.joined(separator: ", ")) along axis \(axis)"
    case .logSumExp: value = "ln Σ exp \(x[0]), in two parts"
    case .matrixProduct(let left, let right): value = "\(x[0])\(left ? "ᵀ" : "") · \(x[1])\(right ? "ᵀ" : "")"
    case .opaque(let opaque): value = "\(type(of: opaque.primitive).name)(\(x.joined(separator: ", ")))"
    case .broadcast: value = "\(x[0]), broadcast"
    case .fill(let number): value = "\(number.value) throughout"
    case .input, .constant, .reshape: value = x.first ?? names[index.position]
    }
    return "\(names[index.position]) \(node.shape) = \(value)"
  }
}

extension Int {
  /// A number of bytes, in words.
  var asMemory: String {
    if self < 10_000 { return "\(self) bytes" }
    return self < 10_000_000 ? "\((self + 500) / 1000) kB" : "\((self + 500_000) / 1_000_000) MB"
  }
}
