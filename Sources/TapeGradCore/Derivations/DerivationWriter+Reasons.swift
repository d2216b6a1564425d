// The words beside the equations.
//
//   ∂J/∂A = A/m + A/m           A is used 2 times: the contributions add up
//   ∂J/∂b = Σ_columns(∂J/∂Z)    b is added to all 400 columns: their cotangents add up
//   ∂J/∂W = ∂J/∂Z·Xᵀ            through Z, by the rule of matmul
//   ∂J/∂Z = (A − Y)/m           the cancellation of sigmoid and binary cross-entropy
//
// A derivative by a node came through its users, the nodes that read it. One user: the way from there up to the next
// node with a name is told. Several: their contributions are added, and that is what needs saying.

extension DerivationWriter {
  /// The rule that the derivative by a node came from.
  func reason(for index: Int) -> Sentence {
    let users = landmarks.users[index].filter { hands(from: $0, to: index) }
    guard let user = users.first, let primitive = pass.nodes[user].primitive else { return "" }
    if users.count > 1 { return "\(symbol(index)) is used \(users.count) times: the contributions add up" }
    if pass.passedBy[index] != nil { return "textbook rule of \(title(primitive))" }
    if primitive is Broadcast {
      let next = landmarks.users[user].first.flatMap { pass.nodes[$0].primitive }
      let isUsed = next is Add ? "is added to" : "is used in"
      return "\(symbol(index)) \(isUsed) all \(repetition(of: index, in: user)): their cotangents add up"
    }
    var path = [user]
    while let last = path.last, !landmarks[last], let next = landmarks.users[last].first { path.append(next) }
    return "through \(symbol(path[path.count - 1])), by \(rules(along: path.reversed()))"
  }

  /// Whether a user's own rule reaches a node, and not that of a cross-entropy that passes by its probabilities.
  func hands(from user: Int, to index: Int) -> Bool {
    pairedProbabilities(of: user).map { pass.nodes[$0].operands.first != index } ?? true
  }

  /// The rules that a cotangent passes, in words; additions hand it on as it is and are left out beside others.
  private func rules(along path: [Int]) -> String {
    let all = path.filter { !pass.nodes[$0].isImplicit }.compactMap { pass.nodes[$0].primitive }
    let telling = all.filter { !($0 is Add) }
    if telling.count == 1, telling[0] is any Elementwise { return "the derivative of \(title(telling[0]))" }
    let names = (telling.isEmpty ? Array(all.prefix(1)) : telling).map(title)
    return "the rule of " + names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
  }

  /// `400 columns`: what an operand stands in when it is broadcast.
  func repetition(of index: Int, in user: Int) -> String {
    let shape = pass.nodes[index].value.shape, target = pass.nodes[user].value.shape
    let count = shape.count == 0 ? 0 : target.count / shape.count
    let axes = target.axes(foldedTo: shape)
    switch axes {
    case "": return "\(count) elements"
    case "rows", "columns": return "\(count) \(axes)"
    default: return "\(count) slices along \(axes)"
    }
  }

  /// `derivative of sigmoid`.
  func derivativeReason(_ index: Int) -> Sentence {
    pass.nodes[index].primitive.map { "derivative of \(title($0))" } ?? ""
  }

  /// Which rule recorded a node.
  func stepReason(_ index: Int) -> Sentence {
    let origin = Int(pass.nodes[index].origin)
    guard origin >= 0, let primitive = pass.nodes[origin].primitive else { return "" }
    if pass.nodes[index].primitive is Add { return "part of a sum" }
    return "a step in the rule of \(title(primitive))"
  }

  /// For the cross-entropy of a recognized pair, the node with the probabilities, whose cotangent it reports only.
  private func pairedProbabilities(of index: Int) -> Int? {
    guard let primitive = pass.nodes[index].primitive, let reported = type(of: primitive).reportedOperand else {
      return nil
    }
    return pass.nodes[index].operands[reported]
  }

  /// The node that the propagated cotangent passes by on its way to this one, where nothing else leads there.
  func passedBy(on index: Int) -> (node: Int, derivative: Int)? {
    guard let node = landmarks.users[index].min(), let derivative = pass.passedBy[node],
      landmarks.users[index].allSatisfy({ $0 == node || pairedProbabilities(of: $0) == node })
    else { return nil }
    return (node, derivative)
  }

  /// Why the product of the chain rule comes out so simple.
  func cancellation(_ pair: (node: Int, derivative: Int)) -> Sentence {
    let loss = landmarks.users[pair.node].first { pairedProbabilities(of: $0) == pair.node } ?? pair.node
    let operations = [pair.node, loss].compactMap { pass.nodes[$0].primitive.map(title) }
    return "the cancellation of \(operations.joined(separator: " and "))"
  }

  /// The name of an operation, in words: `binary cross-entropy`.
  func title(_ primitive: any Primitive) -> String {
    type(of: primitive).name.reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : "\($1)" }
      .replacing("cross entropy", with: "cross-entropy")
  }

  /// What needs a sentence.
  func remarks(count: Int?) -> [Sentence] {
    var sentences: [Sentence] = ["⊙ multiplies element by element, · multiplies matrices and numbers."]
    if let count {
      sentences.append("\(Formula.count(count)) = \(count) is the number of elements that the mean is taken over.")
    }
    for node in pass.passedBy.keys.sorted() {
      if let logits = pass.nodes[node].operands.first, passedBy(on: logits) != nil {
        sentences += remarks(onProbabilities: node, logits: logits)
      }
    }
    return sentences + writtenCrossEntropies.flatMap(remarks)
  }

  /// Why the cotangent of logits is not computed by the chain rule's product, and how course notes write it.
  private func remarks(onProbabilities node: Int, logits: Int) -> [Sentence] {
    let (outer, total) = (derivative(by: node), derivative(by: logits))
    let inner = Formula.derivative(of: name(node), by: name(logits))
    var sentences: [Sentence] = [
      "\(total) is computed in its last form, from \(symbol(logits)): right also where \(outer * inner) is ∞·0."
    ]
    if case .quotient(let one, let count) = backward.last(where: { $0.node == logits })?.formula, case .count = count {
      let parameters = variables(behind: logits).map { "\(Formula.derivative(of: nil, by: name($0)))" as Sentence }
      let own = Formula.derivative(of: nil, by: name(logits))
      sentences.append(
        """
        Course notes write \(own) = \(one) for one example, which is \(count * total); their \(1 / count) stands in \
        \(parameters.joined(separator: ", ")).
        """)
    }
    return sentences
  }

  /// The variables that a node depends on.
  private func variables(behind index: Int) -> [Int] {
    var pending = [index], found: Set<Int> = []
    while let node = pending.popLast() {
      if found.insert(node).inserted { pending.append(contentsOf: pass.nodes[node].operands) }
    }
    return found.filter { pass.nodes[$0].primitive == nil && pass.nodes[$0].isVaried }.sorted()
  }
}
