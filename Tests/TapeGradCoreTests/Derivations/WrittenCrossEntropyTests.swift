import TapeGradArrays
import Testing

@testable import TapeGradCore

/// The cross-entropy that a user wrote with logarithms and a sigmoid, in the forms in which people write it.
struct WrittenCrossEntropyTests {
  typealias Cost = @Sendable (_ z: Tensor<Double>, _ y: Tensor<Double>) -> Tensor<Double>

  /// A cost, the last form of its derivative by Z, and the first one where no single sigmoid has an equation of its own.
  struct Form: Sendable, CustomTestStringConvertible {
    let testDescription, last: String
    var first: String?
    let cost: Cost
  }

  private static func logistic(_ z: Tensor<Double>) -> Tensor<Double> { 1 / (1 + exp(-z)) }

  /// Of a sigmoid that is one node A.
  private static func once(
    _ name: String, _ last: String, _ cost: @escaping @Sendable (Tensor<Double>, Tensor<Double>) -> Tensor<Double>
  ) -> Form {
    Form(testDescription: name, last: last) { z, y in cost(sigmoid(z).named("A"), y) }
  }

  static let forms: [Form] = [
    once("one sigmoid", "(A − Y)/m") { a, y in -(y * log(a) + (1 - y) * log(1 - a)).mean() },
    once("signs inside", "(A − Y)/m") { a, y in (-y * log(a) - (1 - y) * log(1 - a)).mean() },
    once("log1p", "(A − Y)/m") { a, y in (y * -log(a) + (1 - y) * -log1p(-a)).mean() },
    once("a factor before the sum", "0.2·(A − Y)") { a, y in -(1.0 / 5) * (y * log(a) + (1 - y) * log(1 - a)).sum() },
    once("a divided sum", "(A − Y)/5") { a, y in -(y * log(a) + (1 - y) * log(1 - a)).sum() / 5 },
    once("a sum", "A − Y") { a, y in -(y * log(a) + (1 - y) * log(1 - a)).sum() },
    once("the complement has a name", "(A − Y)/m") { a, y in
      let q = (1 - a).named("Q")
      return -(y * log(a) + (1 - y) * log(q)).mean()
    },
    Form(testDescription: "two sigmoids", last: "(σ(Z) − Y)/m") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z))).mean()
    },
    Form(testDescription: "two sigmoids, log1p", last: "(σ(Z) − Y)/m") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log1p(-sigmoid(z))).mean()
    },
    Form(testDescription: "two sigmoids with names", last: "(A − Y)/m") { z, y in
      let a = sigmoid(z).named("A"), b = sigmoid(z).named("B")
      return -(y * log(a) + (1 - y) * log(1 - b)).mean()
    },
    Form(testDescription: "the sigmoid of −Z", last: "(σ(Z) − Y)/m") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log(sigmoid(-z))).mean()
    },
    Form(testDescription: "an exponential, once", last: "(A − Y)/m") { z, y in
      let a = logistic(z).named("A")
      return -(y * log(a) + (1 - y) * log(1 - a)).mean()
    },
    Form(testDescription: "an exponential, twice", last: "(σ(Z) − Y)/m") { z, y in
      -(y * log(logistic(z)) + (1 - y) * log(1 - logistic(z))).mean()
    },
    Form(testDescription: "an exponential above and below", last: "(σ(Z) − Y)/m") { z, y in
      -(y * log(exp(z) / (1 + exp(z))) + (1 - y) * log(1 / (1 + exp(z)))).mean()
    },
    Form(testDescription: "each example's loss has a name", last: "(σ(Z) − Y)/m") { z, y in
      (-(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z)))).named("L").mean()
    },
    Form(testDescription: "soft labels", last: "(σ(Z) − T1)/m") { z, y in
      let t = 0.9 * y + 0.05
      return -(t * log(sigmoid(z)) + (1 - t) * log(1 - sigmoid(z))).mean()
    },
    Form(testDescription: "a log-likelihood", last: "Y − σ(Z)") { z, y in
      (y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z))).sum()
    },
  ]

  /// The derivation of a cost of Z = W·X and labels Y; Z is `scale` times as large.
  private func derive(
    _ cost: Cost, scale: Double = 1, on tape: Tape
  ) throws -> (derivation: Derivation, gradient: Tensor<Double>) {
    let w = tape.variable(scale * Graph.numbers([1, 2]), named: "W")
    let x = tape.constant(Graph.numbers([2, 5]), named: "X"), y = tape.constant(Graph.numbers([1, 5]) .> 0, named: "Y")
    let z = matmul(w, x).named("Z"), loss = cost(z, y).named("J")
    return (try tape.derivation(of: loss), try tape.gradients(of: loss)[z])
  }

  @Test("is recognized: the user's form, what cancels, and what is left", arguments: forms)
  func recognized(_ form: Form) throws {
    let (derivation, gradient) = try derive(form.cost, on: Tape())
    let equation = try #require(derivation.backward.first { $0.name == "∂J/∂Z" })
    try #require(equation.steps.count == 3, "\(derivation)")
    #expect(equation.formula.text(count: "m") == form.last)
    let reasons = equation.steps.map { $0.reason.text() }
    #expect(reasons[1].hasSuffix("cancels every denominator") || reasons[1].hasSuffix("every denominator cancels"))
    #expect(reasons[2] == "multiplied out: what is left of sigmoid and cross-entropy")
    let remark = try #require(derivation.remarks.last?.text())
    #expect(remark.contains("binaryCrossEntropy") && remark.hasSuffix("computes the last form, exact for every Z."))
    // Each of the forms is the gradient.
    var symbols = Dictionary(uniqueKeysWithValues: derivation.inputs.map { ($0.name, Tensor<Double>($0.value)) })
    for equation in derivation.forward + derivation.backward {
      for step in equation.steps {
        let value = try step.formula.evaluated(symbols).broadcast(to: equation.shape)
        symbols[equation.name] = value
        if equation.name == "∂J/∂Z" { try expectEqual(value, gradient, step.formula.text()) }
      }
    }
  }

  @Test("the form of the user ends where the sigmoid rounds, and the last one does not", arguments: forms)
  func danger(_ form: Form) throws {
    let (derivation, gradient) = try derive(form.cost, scale: 2000, on: Tape())
    #expect(try !gradient.scalars.allSatisfy(\.isFinite), "the user's form is good enough: \(gradient)")
    var symbols = Dictionary(uniqueKeysWithValues: derivation.inputs.map { ($0.name, Tensor<Double>($0.value)) })
    for equation in derivation.forward { symbols[equation.name] = try equation.formula.evaluated(symbols) }
    let equation = try #require(derivation.backward.first { $0.name == "∂J/∂Z" })
    #expect(try equation.formula.evaluated(symbols).scalars.allSatisfy(\.isFinite))
  }

  /// Costs that have logarithms and sigmoids in them and are no cross-entropy of σ(Z), or compute it well already.
  static let others: [Form] = [
    Form(testDescription: "one logarithm", last: "") { z, _ in log(sigmoid(z).named("A")).sum() },
    Form(testDescription: "one logarithm, with labels", last: "") { z, y in -(y * log(sigmoid(z).named("A"))).mean() },
    Form(testDescription: "different logits", last: "") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid((z + 1).named("V")))).mean()
    },
    Form(testDescription: "a different slope", last: "") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(2 * z))).mean()
    },
    Form(testDescription: "labels that do not belong together", last: "") { z, y in
      -(y * log(sigmoid(z)) + (1 - y * y * 0.5) * log(1 - sigmoid(z))).mean()
    },
    Form(testDescription: "one class counts more", last: "") { z, y in
      -(3 * y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z))).mean()
    },
    Form(testDescription: "another function", last: "") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log(1 - 0.5 * (1 + tanh(z)))).mean()
    },
    Form(testDescription: "a penalty on the logits", last: "") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z))).mean() + 0.1 * square(z).mean()
    },
    Form(testDescription: "another base for one", last: "") { z, y in
      -(y * log(sigmoid(z)) + (1 - y) * log2(1 - sigmoid(z))).mean()
    },
    Form(testDescription: "squared errors", last: "") { z, y in square(sigmoid(z).named("A") - y).mean() },
    Form(testDescription: "softplus, which is exact", last: "") { z, y in (softplus(z) - y * z).mean() },
    Form(testDescription: "logSigmoid, which is exact", last: "") { z, y in
      -(y * logSigmoid(z) + (1 - y) * logSigmoid(-z)).mean()
    },
  ]

  @Test("nothing else is taken for it", arguments: others)
  func notRecognized(_ form: Form) throws {
    let derivation = try derive(form.cost, on: Tape()).derivation
    #expect(!derivation.remarks.contains { $0.text().contains("binaryCrossEntropy") }, "\(derivation)")
    #expect(derivation.backward.allSatisfy { $0.steps.count == 1 }, "\(derivation)")
  }

  @Test("the user's form stands first, word for word")
  func page() throws {
    let cost = try #require(Self.forms.first { $0.testDescription == "two sigmoids" }?.cost)
    let text = "\(try derive(cost, on: Tape()).derivation)"
    #expect(
      text.contains(
        """
             T1 = (1 − Y)/(1 − σ(Z)) ⊙ σ(Z) ⊙ (1 − σ(Z))/m  (1, 5)  a step in the rule of sigmoid
          ∂J/∂Z = T1 − Y/σ(Z) ⊙ σ(Z) ⊙ (1 − σ(Z))/m         (1, 5)  Z is used 2 times: the contributions add up
                = (1 − Y) ⊙ σ(Z)/m − Y ⊙ (1 − σ(Z))/m               σ(Z) ⊙ (1 − σ(Z)) cancels every denominator
                = (σ(Z) − Y)/m                                      multiplied out: what is left of sigmoid and cross-entropy
          ∂J/∂W = ∂J/∂Z·Xᵀ                                  (1, 2)  through Z, by the rule of matmul

        """))
    #expect(
      text.contains(
        """
        This is the binary cross-entropy of a sigmoid, written with logarithms: ∂J/∂Z is computed in its first form, which \
        ends in NaN or ∞ where σ(Z) rounds to 0 or 1. binaryCrossEntropy computes the last form, exact for every Z.
        """))
  }

  private func expectEqual(_ a: Tensor<Double>, _ b: Tensor<Double>, _ what: String) throws {
    let (x, y) = (try a.broadcast(to: b.shape).scalars, try b.scalars)
    let scale = max(1, y.map(abs).max() ?? 0)
    #expect(zip(x, y).allSatisfy { abs($0 - $1) <= 1e-12 * scale }, "\(what): \(a), not \(b)")
  }
}
