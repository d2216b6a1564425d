import TapeGradArrays
import TapeGradCore
import TapeGradFormats

// Two routes to one derivative. Of the sigmoid and its cross-entropy, element by element:
//
//   by the chain rule     ∂J/∂A2 ⊙ ∂A2/∂Z2     −(y/a − (1 − y)/(1 − a))/m · a·(1 − a)     ∞·0 where a is 0 or 1
//   in the last form      (A2 − Y)/m           from Z2 itself                             right everywhere
//
// Which of them the tape takes depends on the cost: `binaryCrossEntropy` is computed in the last form; one that a user wrote
// with logarithms is computed as it was written, by the chain rule. The other route is then computed here, from the names in
// it.

/// Both routes past a node whose cotangent is reported and not propagated.
struct PageRoutes {
  /// `∂J/∂Z2`, and the two factors.
  private let target, outer, inner: EquationReading
  /// The factors as their formulas give them on paper, from A2 and Y, and their product, element by element.
  private let outerNumbers, innerNumbers, product: [Double]
  /// The last form's numbers: those of the tape where it computes that form.
  private let direct: [Double]

  /// Nil where the derivation has no such pair.
  init?(_ steps: PageSteps) {
    // A factor that is a name stands for the equation that defines it.
    func numbers(_ formula: Formula) -> EquationReading? {
      guard let name = formula.references.first, formula.references.count == 1 else { return nil }
      return steps.steps.first { $0.equation.name == name }?.equation
    }
    // The first form of such an equation is the chain rule's product of two derivatives, ∂J/∂A2 ⊙ ∂A2/∂Z2.
    for step in steps.steps where step.equation.steps.count > 1 {
      guard case .product(let a, let b) = step.equation.steps[0].formula, case .derivative = a, case .derivative = b,
        let outer = numbers(a), let inner = numbers(b),
        let outerNumbers = steps.evaluated(outer), let innerNumbers = steps.evaluated(inner),
        let direct = step.equation.isLastFormComputed ? step.equation.numbers : steps.evaluated(step.equation),
        outerNumbers.count == direct.count, innerNumbers.count == outerNumbers.count
      else { continue }
      self.direct = direct
      (target, self.outer, self.inner) = (step.equation, outer, inner)
      (self.outerNumbers, self.innerNumbers) = (outerNumbers, innerNumbers)
      // In Double, as on paper, whatever the tape computes in.
      product = zip(outerNumbers, innerNumbers).map { $0 * $1 }
      return
    }
    return nil
  }

  /// Whether the first route lost the element: a factor is 0 or infinite, or six digits are gone.
  ///
  /// With a = 1 − 10⁻¹⁷, which rounds to 1, and y = 0, the first route is 1/(1 − a)·a·(1 − a) = ∞·0, which is NaN, and
  /// the second one is 1.
  private func isSaturated(_ k: Int) -> Bool {
    let (direct, chained) = (direct[k], product[k])
    return !chained.isFinite || innerNumbers[k] == 0 || abs(chained - direct) > 1e-6 * abs(direct)
  }

  /// How far the routes are apart at an element; infinite where the first one gives no number.
  private func difference(_ k: Int) -> Double {
    let difference = abs(product[k] - direct[k])
    return difference.isNaN ? .infinity : difference
  }

  /// The elements to show: saturated ones, then those where the routes are farthest apart.
  var shown: [Int] {
    let all = product.indices.sorted { difference($0) > difference($1) }
    return Array((all.filter(isSaturated).prefix(6) + all.filter { !isSaturated($0) }).prefix(8))
  }

  /// The shape of the arrays.
  var shape: Shape { target.shape }

  /// Hands the arrays of both routes to the page, and keeps the places that the table speaks of.
  func add(to arrays: inout PageArrays) {
    arrays.add("route: chain rule", shape: shape, product)
    arrays.add("route: last form", shape: shape, direct)
    arrays.add("route: difference", shape: shape, product.indices.map(difference))
    for k in shown { arrays.keep(shape.indices(at: k), of: shape) }
  }

  /// What the script needs.
  var json: JSONValue {
    .object([
      .init("direct", .string("route: last form")), .init("chained", .string("route: chain rule")),
      .init("difference", .string("route: difference")),
    ])
  }

  var html: String {
    let saturated = product.indices.count(where: isSaturated), name = markup(target.name)
    let largest = product.indices.map(difference).filter(\.isFinite).max() ?? 0
    let rows = shown.map { k -> [String] in
      let isSaturated = isSaturated(k)
      return [
        "\(shape.indices(at: k))", PageTable.text(outerNumbers[k]), PageTable.text(innerNumbers[k]),
        PageTable.text(product[k]), PageTable.text(direct[k]),
        PageTable.text(product[k] - direct[k], digits: 2),
        isSaturated ? "<span class=\"verdict wrong\"><span aria-hidden=\"true\">▲</span> saturated</span>" : "",
      ]
    }
    // In words first: most readers want to know whether it happens in their run.
    let verdict =
      saturated == 0
      ? "No element saturates here: the two differ by at most \(numberLabel(largest, digits: 2)), which is rounding."
      : "\(saturated) of \(product.count) elements saturate: there the first route multiplies a number near ∞ with one near 0, "
        + "and its digits are lost."
    let use =
      target.isLastFormComputed
      ? "which the tape uses" : "which binaryCrossEntropy would use; the tape takes route 1, as the cost was written"
    return """
      <p>On paper both are the same. <strong>Route 1</strong> multiplies \(markup(outer.name)) with \
      \(markup(inner.name)), as the chain rule says. <strong>Route 2</strong> is the last form of the equation, \
      <math><mrow>\(target.left)<mo>=</mo>\(target.steps.last?.mathML ?? "")</mrow></math>, \(use). \(markup(verdict))</p>
      <div class="maps" id="route-maps" role="group" aria-label="Both routes to \(name)"></div>

      """
        + htmlTable(
          "Elements where the routes are farthest apart", label: "Both routes, element by element",
          header: [
            "element", markup(outer.name), markup(inner.name), "route 1: their product",
            "route 2: \(name)", "difference", "remark",
          ], rows: rows)
  }
}
