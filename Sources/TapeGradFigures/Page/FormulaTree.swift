import TapeGradCore
import TapeGradFormats

// A formula as a tree that the page's script can read, to put the numbers of one element into it:
//
//   (A2 − Y)/m      ["div", ["sub", ["sym", "A2"], ["sym", "Y"]], ["count", 569]]
//   ∂J/∂Z2·A1ᵀ      ["mat", ["sym", "∂J/∂Z2"], ["t", ["sym", "A1"]]]

extension Formula {
  /// The tree in JSON.
  var tree: JSONValue {
    // A node is an array: its kind, then its parts; the script reads it in `plugged` of formulas.js.
    func node(_ kind: String, _ parts: JSONValue...) -> JSONValue { .array([.string(kind)] + parts) }
    switch self {
    case .symbol(let name): return node("sym", .string(name))
    case .derivative(let numerator, let name): return node("sym", .string(Formula.name(numerator, name)))
    case .number(let number): return node("num", .number(number))
    case .count(let count): return node("count", .number(Double(count)))
    case .negated(let a): return node("neg", a.tree)
    case .sum(let a, let b): return node("add", a.tree, b.tree)
    case .difference(let a, let b): return node("sub", a.tree, b.tree)
    case .product(let a, let b): return node("mul", a.tree, b.tree)
    case .quotient(let a, let b): return node("div", a.tree, b.tree)
    case .power(let a, let b): return node("pow", a.tree, b.tree)
    case .matrixProduct(let a, let b): return node("mat", a.tree, b.tree)
    case .transposed(let a): return node("t", a.tree)
    case .reduction(let primitive, let a, let axes):
      return node("fold", .string(type(of: primitive).symbol), a.tree, .string(axes))
    case .call(let primitive, let operands):
      return .array([.string("call"), .string(type(of: primitive).symbol)] + operands.map(\.tree))
    case .cases(let x, let a, let b): return node("cases", x.tree, a.tree, b.tree)
    case .implicit(_, let a): return node("as", a.tree)
    }
  }

  // The names of a formula are the edges of the page: a step is linked to those that its formula mentions, and they to
  // it. So nothing else has to say where a number comes from.

  /// The names that occur, derivatives as `∂J/∂Z2`, each once, in the order in which they are read.
  var references: [String] {
    var names: [String] = []
    // Depth first, from the left: the order of reading.
    func visit(_ formula: Formula) {
      switch formula {
      case .symbol(let name): if !names.contains(name) { names.append(name) }
      case .derivative(let numerator, let name):
        let name = Formula.name(numerator, name)
        if !names.contains(name) { names.append(name) }
      case .number, .count: break
      case .negated(let a), .transposed(let a), .reduction(_, let a, _), .implicit(_, let a): visit(a)
      case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b),
        .power(let a, let b), .matrixProduct(let a, let b):
        visit(a)
        visit(b)
      case .call(_, let operands): operands.forEach(visit)
      case .cases(let x, let a, let b): [x, a, b].forEach(visit)
      }
    }
    visit(self)
    return names
  }

  /// A derivative as formulas, arrays and links call it: `∂J/∂Z2`, or `dZ2` of the notes.
  private static func name(_ numerator: String?, _ name: String) -> String {
    numerator.map { "∂\($0)/∂\(name)" } ?? "d\(name)"
  }
}
