// Why the transposed factor stands where it stands, by shapes and by one element. Of Z2 = W2·A1 with m = 400:
//
//   ∂J/∂W2 = ∂J/∂Z2·A1ᵀ     (1, 400)·(400, 4) = (1, 4)      the other order: (400, 4)·(1, 400), 4 and 1 differ
//   ∂J/∂A1 = W2ᵀ·∂J/∂Z2     (4, 1)·(1, 400) = (4, 400)      the other order: (1, 400)·(4, 1), 400 and 4 differ
//
// Only products of plain matrices are argued about; a product with a transposed factor, or of batches, has its general rule.

extension DerivationWriter {
  /// Why the factors of the derivative stand in this order.
  func shapeArgument(_ product: MatrixProduct, _ step: Int, _ position: Int) -> [Sentence] {
    guard !product.transposesLeft, !product.transposesRight else { return [] }
    let nodes = pass.nodes[step].operands, shapes = pass.operandShapes(of: step)
    // C = A·B: by A it is C̄·Bᵀ, so the other factor stands on the right; by B it is Aᵀ·C̄, on the left.
    guard shapes.allSatisfy({ $0.rank == 2 }), let operand = standing(at: nodes[position]),
      let other = standing(at: nodes[1 - position])
    else { return [] }
    let cotangent = pass.nodes[step].value.shape, factor = shapes[1 - position]
    let transposed = Shape([factor[1], factor[0]])
    let (left, right) = position == 0 ? (cotangent, transposed) : (transposed, cotangent)
    let side = position == 0 ? "right" : "left"
    let swapped: Sentence =
      // Square or equal dimensions prove nothing: then one element has to tell.
      right[1] == left[0]
      ? "in the other order they would fit too, and one element tells which is right"
      : "in the other order, \("\(right)")·\("\(left)"), the inner dimensions \(right[1]) and \(left[0]) differ"
    return [
      """
      Shapes: \(Formula.transposed(other)) stands on the \(side), since \("\(left)")·\("\(right)") gives \
      \("\(shapes[position])"), the shape of \(operand); \(swapped).
      """
    ]
  }

  /// The same for one element of one example, as course notes show it: `z_2 = Σ_j(w_2j·a_1j)`.
  func oneExample(_ product: MatrixProduct, _ step: Int, _ position: Int) -> [Sentence] {
    guard !product.transposesLeft, !product.transposesRight, pass.nodes[step].value.shape.rank == 2 else { return [] }
    let nodes = pass.nodes[step].operands, shape = pass.nodes[step].value.shape
    // Z2 = W2·A1 + b2: the product itself has no name, and the sum that has one stands for it, with `+ …`.
    let whole = biased(step)
    // A layer with one unit has no index for it.
    let row = shape[0] == 1 ? "" : "i", result = names[step] == nil ? whole ?? step : step
    let z = Formula.symbol(elementName(result, row, else: "c"))
    let w = Formula.symbol(elementName(nodes[0], row + "j", else: "a")),
      a = Formula.symbol(elementName(nodes[1], "j", else: "b"))
    // z_i = Σ_j(w_ij·a_j): the row of W and the column of A that meet in one element.
    let term = Formula.matrixProduct(w, a), sum = Formula.reduction(Sum(target: []), term, over: "j")
    let more: Sentence = whole == result && whole != step ? " + …" : ""
    guard case .symbol(let zName) = z, case .symbol(let wName) = w, case .symbol(let aName) = a else { return [] }
    let examples = counted(shape[1], "example")
    let start: Sentence = "For one example, \(z) = \(sum)\(more), so "
    if position == 0 {
      let sumOverExamples: Sentence =
        standing(at: nodes[1]).map { "the product with \(Formula.transposed($0)) adds this up over the \(examples)" }
        ?? ""
      return [
        """
        \(start)\(Formula.derivative(of: zName, by: wName)) = \(a): each weight counts as much as what it multiplies, and \
        \(sumOverExamples).
        """
      ]
    }
    let all: Sentence =
      shape[0] == 1
      ? "there is one such element, so nothing is added up"
      : standing(at: nodes[0]).map {
        "the product with \(Formula.transposed($0)) adds this up over all \(shape[0]) of them"
      } ?? ""
    return ["\(start)\(Formula.derivative(of: zName, by: aName)) = \(w), in each element that \(a) goes into; \(all)."]
  }

  /// The named sum with a bias that a product goes into: Z2 for W2·A1.
  private func biased(_ step: Int) -> Int? {
    guard names[step] == nil, let next = landmarks.users[step].first, names[next] != nil,
      pass.nodes[next].primitive is Add
    else { return nil }
    return next
  }
}
