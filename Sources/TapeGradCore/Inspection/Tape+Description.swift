// A tape and its gradients as lists, for `print`:
//
//     node  formula      shape   value                      node  gradient  shape   value
//     0     W, variable  (1, 2)  [0.1, -0.2]                3     ∂J/∂J     ()      1
//     1     X, constant  (2, 3)  [1, 2, 3, 3, 2, 1]         2     ∂J/∂Z     (1, 3)  [1, 1, 1]
//     2     Z = W·X      (1, 3)  [-0.5, -0.2, 0.1]          0     ∂J/∂W     (1, 2)  [6, 6]
//     3     J = Σ(Z)     ()      -0.6

extension Tape: CustomStringConvertible {
  /// The nodes in the order in which they were recorded: formula, shape and value.
  ///
  /// A node that has no name goes by its number: `v3` is node 3. Values are shown to four digits, element by element in
  /// row-major order; of more than six the first three and the last two.
  public var description: String {
    var names = SymbolNames(Array(names))
    let rows = nodes.enumerated().map { index, node in
      ["\(index)", node.definition(index, &names, nodes), "\(node.value.shape)", node.value.brief]
    }
    return TextTable.text(of: [["node", "formula", "shape", "value"]] + rows)
  }
}

extension Gradients: CustomStringConvertible {
  /// The gradients with respect to every node that the result depends on, from the result back to the inputs: shape and
  /// value. Nodes go by the names and numbers that they have when the tape is printed.
  public var description: String {
    var names = SymbolNames(Array(names))
    let numerator = names.name(ofNode: result)
    let rows = (0...result).reversed().compactMap { index in
      cotangents.total(index).map { total in
        ["\(index)", "∂\(numerator)/∂\(names.name(ofNode: index))", "\(total.shape)", total.brief]
      }
    }
    return TextTable.text(of: [["node", "gradient", "shape", "value"]] + rows)
  }
}

extension Node {
  /// `Z = W·X`, or what kind of leaf the node is.
  fileprivate func definition(_ index: Int, _ names: inout SymbolNames, _ nodes: ContiguousArray<Node>) -> String {
    let name = names.name(ofNode: index)
    guard let formula = expression(&names, nodes) else { return "\(name), \(isVaried ? "variable" : "constant")" }
    return "\(name) = \(formula)"
  }

  /// `W·X`; nil for a leaf.
  func expression(_ names: inout SymbolNames, _ nodes: ContiguousArray<Node>) -> String? {
    guard let primitive else { return nil }
    let x = operands.map { Formula.symbol(names.name(ofNode: $0)) }
    let formula = primitive.formula(x, shapes: operands.map { nodes[$0].value.shape })
    // In a list of nodes a broadcast or a reshape is a line of its own, and has to be seen.
    if case .implicit(let primitive, let operand) = formula {
      return "\(Formula.call(primitive, [operand]))"
    }
    return "\(formula)"
  }
}

extension SymbolNames {
  /// The name of a node of a tape: the user's, or one of its number.
  mutating func name(ofNode index: Int) -> String { name(index, preferring: "v\(index)") }
}

extension Value {
  /// The numbers, in a line.
  fileprivate var brief: String {
    guard content.storage != nil else { return content.isTraced ? "traced" : "failed" }
    switch scalarType ?? .double {
    case .float: return array(Float.self).brief
    case .double: return array(Double.self).brief
    }
  }
}

extension NDArray {
  fileprivate var brief: String {
    withUnsafeBufferPointer { numbers in
      func texts(_ part: some Sequence<Scalar>) -> [String] { part.map { short($0, digits: 4) } }
      if shape.rank == 0 { return texts(numbers[...])[0] }
      let shown = numbers.count <= 6 ? texts(numbers[...]) : texts(numbers.prefix(3)) + ["…"] + texts(numbers.suffix(2))
      return "[\(shown.joined(separator: ", "))]"
    }
  }
}
