// Why each line holds, where somebody asks for it fully. Of ∂J/∂W2 = ∂J/∂Z2·A1ᵀ:
//
//   In general, C = A·B gives ∂J/∂A = ∂J/∂C·Bᵀ; here A is W2, B is A1 and C a part of Z2.
//   Shapes: (1, 400)·(400, 4) gives (1, 4), the shape of W2; in the other order, (400, 4)·(1, 400), the inner
//   dimensions 4 and 1 differ.
//   For one example, z_2 = Σ_j(w_2j·a_1j), so ∂z_2/∂w_2j = a_1j; the product with A1ᵀ sums over the 400 examples.
//
// A reader asks why of a line. What is said depends on how the node is used:
//
//   by a recognized cross-entropy      what cancels between its rule and the sigmoid's
//   by several operations              that the changes along the paths add up, then each path
//   by one operation, or a chain up to the next line     the rule of each, from the result's side on
//
//
// The rule in general is read off the rule itself (GeneralRule). What is written here is the argument around it.

extension DerivationWriter {
  /// Why the derivative by a node is what it is.
  func explanation(of index: Int) -> [Sentence] {
    // The operations that hand a cotangent to the node.
    let users = landmarks.users[index].filter { hands(from: $0, to: index) }
    guard let user = users.first else { return [] }
    if pass.passedBy[index] != nil { return explanation(ofStep: user, to: index) }
    let written = writtenCrossEntropies.last { $0.logits == index }
    if let probability = passedBy(on: index).map({ symbol($0.node) }) ?? written?.probability {
      return [
        """
        The rule of \(written == nil ? "the cross-entropy" : "the logarithms") divides by \(probability) and by \
        \(1 - probability), the derivative of the sigmoid multiplies by both: what is left is the difference of probability \
        and label.
        """
      ]
    }
    if users.count > 1 {
      let places = Set(users.map { nextLandmark(from: $0) }).sorted().map { "\(symbol($0))" as Sentence }
      let paths: Sentence = """
        \(symbol(index)) reaches \(symbol(pass.result)) along \(users.count) paths, through \
        \(places.joined(separator: " and ")): a small change of it changes the result along each, and the changes add up.
        """
      return [paths] + Set(users).sorted().flatMap { explanation(ofStep: $0, to: index) }
    }
    // From the node toward the result, up to the next node that has a line of its own.
    var steps = [(node: user, operand: index)]
    while let last = steps.last, !landmarks[last.node], let next = landmarks.users[last.node].first {
      steps.append((next, last.node))
    }
    // Additions hand the cotangent on as it is; beside other rules they need no words.
    let telling = steps.filter { !(pass.nodes[$0.node].primitive is Add) }
    return (telling.isEmpty ? steps : telling.reversed()).flatMap { explanation(ofStep: $0.node, to: $0.operand) }
  }

  /// Why the derivative of one node by another, `∂A/∂Z` of an element-wise function, is what it is.
  func explanation(ofDerivativeOf node: Int) -> [Sentence] {
    guard let primitive = pass.nodes[node].primitive as? any Elementwise else { return [] }
    return elementwiseView(primitive, at: node)
  }

  /// The node itself where it has an equation, or the next one after it that does.
  private func nextLandmark(from node: Int) -> Int {
    var node = node
    while !landmarks[node], let next = landmarks.users[node].first { node = next }
    return node
  }

  /// What one operation on the way contributes.
  private func explanation(ofStep step: Int, to operand: Int) -> [Sentence] {
    guard let primitive = pass.nodes[step].primitive else { return [] }
    // x·x has x twice, and the first place tells the rule.
    let position = pass.nodes[step].operands.firstIndex(of: operand) ?? 0
    switch primitive {
    case is Broadcast: return broadcastView(step, of: operand)
    case let product as MatrixProduct:
      return general(step, position) + shapeArgument(product, step, position) + oneExample(product, step, position)
    case is Reshape: return ["\(title(primitive)) changes no number: the cotangent takes the shape back."]
    case let function as any Elementwise where pass.nodes[step].operands.count == 1:
      return elementwiseView(function, at: step)
    default: return general(step, position)
    }
  }

  // MARK: The rule in general

  /// `In general, C = A·B gives ∂J/∂A = ∂J/∂C·Bᵀ; here A is W2, B is A1 and C a part of Z2.`
  private func general(_ step: Int, _ position: Int) -> [Sentence] {
    guard let primitive = pass.nodes[step].primitive else { return [] }
    let operands = pass.nodes[step].operands, values = operands.map { pass.nodes[$0].value }
    let letters = letters(count: operands.count + 1, areMatrices: primitive is MatrixProduct)
    guard
      // A rule that takes more than a line would not help anybody.
      let rule = GeneralRule(
        of: primitive, operands: values, result: pass.nodes[step].value, operand: position, letters: letters,
        differentiated: name(pass.result)), rule.cotangent.length < 100
    else { return [] }
    let derivative = Formula.derivative(of: name(pass.result), by: letters[position])
    let here = zip(rule.operands, operands).compactMap { letter, node -> Sentence? in
      standing(at: node).map { "\(letter) is \($0)" }
    }
    let result: Sentence =
      if let own = names[step] { "\(rule.result) is \(Formula.symbol(own))" } else {
        "\(rule.result) a part of \(symbol(nextLandmark(from: step)))"
      }
    return [
      """
      In general, \(rule.result) = \(rule.forward) gives \(derivative) = \(rule.cotangent); here \
      \(here.joined(separator: ", ")) and \(result).
      """
    ]
  }

  /// Letters that mean nothing else in the derivation.
  private func letters(count: Int, areMatrices: Bool) -> [String] {
    // The first alphabet of which the user's names leave every letter free; numbered letters if there is none.
    let alphabets = areMatrices ? ["ABC", "PQR", "KLM"] : ["xyzw", "uvst", "pqrk"]
    let free = alphabets.first { letters in letters.allSatisfy { !names.contains("\($0)") } }
    guard let free, count <= free.count else {
      return (1...count).map { "x\($0)" }.map { names.contains($0) ? $0 + "′" : $0 }
    }
    return Array(free.prefix(count)).map { "\($0)" }
  }

  /// What stands for a node of the tape, where it is short enough to be named in a sentence.
  func standing(at node: Int) -> Formula? {
    if let name = names[node] { return .symbol(name) }
    return written(node).flatMap { $0.length <= 30 ? $0 : nil }
  }

  // MARK: Broadcasts

  /// Why the derivative by a bias is a sum: it undoes the broadcast.
  private func broadcastView(_ step: Int, of operand: Int) -> [Sentence] {
    guard let b = standing(at: operand) else { return [] }
    let shape = pass.nodes[operand].value.shape, target = pass.nodes[step].value.shape
    return [
      """
      Each element of \(b) is used \(shape.count == 0 ? 0 : target.count / shape.count) times, once in each of the \
      \(repetition(of: operand, in: step)): a change of it changes all of them. The sum of their derivatives undoes the \
      broadcast from \("\(shape)") to \("\(target)").
      """
    ]
  }

  // MARK: Element-wise functions

  /// `a_1 = tanh(z_1) …, ∂a_1/∂z_1 = 1 − a_1², or by z_1: 1 − tanh(z_1)²`.
  private func elementwiseView(_ primitive: any Elementwise, at step: Int) -> [Sentence] {
    let operand = pass.nodes[step].operands[0]
    // z and a are the operand's and the result's element, by their own names where they have any.
    let z = elementName(operand, "", else: "x"), a = elementName(step, "", else: z == "y" ? "u" : "y")
    guard
      let forms = SlopeForms(
        of: primitive, at: pass.nodes[operand].value, result: pass.nodes[step].value, operandName: z, resultName: a)
    else { return [] }
    let forward = primitive.formula([.symbol(z)], shapes: [pass.nodes[operand].value.shape]).simplified()
    let slope = Formula.derivative(of: a, by: z)
    let other: Sentence =
      forms.byOperand == forms.byResult ? "" : ", or by \(Formula.symbol(z)) alone, \(forms.byOperand)"
    return [
      """
      In each element, \(Formula.symbol(a)) = \(forward), so \(slope) = \(forms.byResult)\(other). An element depends on one \
      element alone: the cotangent is multiplied by it in place, with no sum.
      """
    ]
  }

  /// The name of one element: `w_2j` for W2, by the letter of the matrix and the indices that tell.
  func elementName(_ node: Int, _ indices: String, else letter: String) -> String {
    guard let name = names[node] else { return letter + (indices.isEmpty ? "" : "_" + indices) }
    let spelling = SymbolSpelling(name)
    guard spelling.isIdentifier else { return letter + (indices.isEmpty ? "" : "_" + indices) }
    // W2 and the indices ij give w_2ij: the layer's number comes first.
    let below = (spelling.index ?? "") + indices
    return spelling.base.lowercased() + (below.isEmpty ? "" : "_" + below)
  }
}
