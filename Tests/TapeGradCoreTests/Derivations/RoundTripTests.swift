import TapeGradArrays
import Testing

@testable import TapeGradCore

/// What is printed says everything: the text of a derivation, read again by a parser that knows text alone, gives the
/// values and the gradients of the tape.
struct RoundTripTests {
  /// Networks and other computations, each printed, parsed and computed.
  static let graphs: [Graph] = [
    .twoLayerNet,
    Graph("four layers") { tape in
      var a = tape.constant(Graph.numbers([2, 7]), named: "X")
      for (layer, units) in [5, 4, 3].enumerated() {
        let name = "\(layer + 1)"
        let w = tape.variable(Graph.numbers([units, a.shape[0]], seed: layer), named: "W" + name)
        let b = tape.variable(Graph.numbers([units, 1], seed: layer + 10), named: "b" + name)
        let z = (matmul(w, a) + b).named("Z" + name)
        a = (layer == 0 ? tanh(z) : layer == 1 ? leakyRelu(z, slope: 0.2) : relu(z)).named("A" + name)
      }
      let w = tape.variable(Graph.numbers([1, 3], seed: 20), named: "W4")
      let y = tape.constant(Graph.numbers([1, 7]) .> 0, named: "Y")
      return binaryCrossEntropy(sigmoid(matmul(w, a).named("Z4")).named("A4"), y).named("J")
    },
    Graph("softmax") { tape in
      let w = tape.variable(Graph.numbers([3, 2]), named: "W"), x = tape.constant(Graph.numbers([2, 4]), named: "X")
      let y = tape.constant(Graph.numbers([3, 4], seed: 4), named: "Y")
      return square(softmax(matmul(w, x).named("Z")).named("P") - y).mean().named("J")
    },
    Graph("normalization") { tape in
      let x = tape.variable(Graph.numbers([3, 5]), named: "x"),
        g = tape.variable(Graph.numbers([3, 1]), named: "gamma")
      let b = tape.variable(Graph.numbers([3, 1], seed: 2), named: "beta")
      let mu = x.mean(axis: 1, keepingDimensions: true).named("mu")
      let centered = (x - mu).named("c")
      let variance = square(centered).mean(axis: 1, keepingDimensions: true).named("v")
      let y = (g * (centered / sqrt(variance + 1e-5)).named("n") + b).named("y")
      return (y * tanh(y)).sum().named("J")
    },
    Graph("attention") { tape in
      let x = tape.variable(Graph.numbers([4, 3]), named: "X")
      func projected(_ name: String, _ seed: Int) -> Tensor<Double> {
        matmul(x, tape.variable(Graph.numbers([3, 3], seed: seed), named: "W_" + name)).named(name)
      }
      let (q, k, v) = (projected("Q", 2), projected("K", 3), projected("V", 4))
      let s = (matmul(q, k.transposed) / Double(3).squareRoot()).named("S")
      let a = softmax(s, axis: 1).named("A")
      return square(matmul(a, v).named("O")).mean().named("J")
    },
    Graph("a recurrence of three steps") { tape in
      let w = tape.variable(Graph.numbers([3, 3]), named: "W"), u = tape.variable(Graph.numbers([3, 2]), named: "U")
      let b = tape.variable(Graph.numbers([3, 1], seed: 5), named: "b")
      var h = tape.constant(Graph.numbers([3, 4], seed: 6), named: "h")
      for step in 1...3 {
        let x = tape.constant(Graph.numbers([2, 4], seed: step), named: "x\(step)")
        h = tanh(matmul(w, h) + matmul(u, x) + b).named("h")
      }
      return square(h).mean().named("J")
    },
    Graph("custom primitives") { tape in
      let x = tape.variable(Graph.numbers([3]), named: "x")
      return ((3 * x).named("z").applying(Swish()) * x.applying(Cube())).sum().named("J")
    },
    Graph("second derivatives") { tape in
      let x = tape.variable(Graph.numbers([4]), named: "x")
      let first = try? gradient(at: x) { x in (tanh(x) * x * x + exp(0.5 * x)).sum() }
      return ((first ?? x).named("g") * x).sum().named("J")
    },
    Graph("a cross-entropy written with logarithms") { tape in
      let w = tape.variable(Graph.numbers([1, 2]), named: "W"), x = tape.constant(Graph.numbers([2, 5]), named: "X")
      let y = tape.constant(Graph.numbers([1, 5]) .> 0, named: "Y")
      let a = sigmoid(matmul(w, x).named("Z")).named("A")
      return (-(y * log(a) + (1 - y) * log(1 - a)).mean()).named("J")
    },
    Graph("a cross-entropy with two sigmoids") { tape in
      let w = tape.variable(Graph.numbers([1, 2]), named: "W"), x = tape.constant(Graph.numbers([2, 5]), named: "X")
      let y = tape.constant(Graph.numbers([1, 5]) .> 0, named: "Y"), z = matmul(w, x).named("Z")
      return (-(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z))).mean()).named("J")
    },
    Graph("names that are no identifiers") { tape in
      HostileNames.all.enumerated().reduce(tape.variable(Tensor([0.3, 0.7]), named: "start")) { total, name in
        let x = tape.variable(Graph.numbers([2], seed: name.offset), named: name.element)
        return (total * x + tanh(x)).named(name.element + " total")
      }.sum().named("the `result`")
    },
  ]

  @Test("the printed text, parsed again, gives the values and the gradients", arguments: graphs)
  func roundTrip(of graph: Graph) throws {
    let tape = Tape()
    let result = graph.record(tape)
    let derivation = try tape.derivation(of: result), gradients = try tape.gradients(of: result)
    let functions: [String: Expression.Function<Double>] = [
      "swish": { $0[0].applying(Swish()) }, "cube": { $0[0].applying(Cube()) },
    ]
    var symbols = Dictionary(uniqueKeysWithValues: derivation.inputs.map { ($0.name, Tensor<Double>($0.value)) })
    if let count = derivation.count { symbols["m"] = Tensor(Double(count)) }
    var left = "", shape = Shape(), printed = 0
    for line in PrintedLine.lines(of: derivation.description) {
      if let name = line.left { (left, shape) = (try Expression(parsing: name).names[0], line.shape) }
      let read = try Expression(parsing: line.right)
      let value = try read.evaluated(symbols, in: line.right, functions: functions)
      symbols[left] = value.shape.count == shape.count ? value.reshaped(to: shape) : value.broadcast(to: shape)
      let equation = try #require((derivation.forward + derivation.backward).first { $0.name == left })
      try expectEqual(try #require(symbols[left]), Tensor<Double>(equation.value), "\(left) = \(line.right)")
      printed += 1
    }
    #expect(printed == (derivation.forward + derivation.backward).reduce(0) { $0 + $1.steps.count })
    for equation in derivation.backward {
      guard let node = equation.node else { continue }
      let expected = gradients.cotangents.total(node).map { Tensor<Double>($0) } ?? .zeros(equation.shape)
      try expectEqual(try #require(symbols[equation.name]), expected, equation.name)
    }
  }

  @Test("a chain that is folded into one line never crosses a name of the user's", arguments: graphs + Graph.all)
  func names(in graph: Graph) throws {
    let tape = Tape()
    let result = graph.record(tape)
    let derivation = try tape.derivation(of: result)
    let owners = Dictionary(
      derivation.backward.compactMap { equation in equation.node.map { ($0, equation.name) } }, uniquingKeysWith: { $1 }
    )
    var users: [Int: [Int]] = [:]
    for (user, node) in tape.nodes.enumerated() where node.isVaried {
      for operand in node.operands { users[operand, default: []].append(user) }
    }
    let named = Set(tape.names.keys)
    for equation in derivation.backward {
      guard let node = equation.node else { continue }
      // Walking up from the node, the first named nodes are the last whose derivatives may be read.
      var pending = [node], reachable: Set<String> = [], visited: Set<Int> = []
      while let current = pending.popLast() {
        for user in users[current, default: []] {
          if let owner = owners[user] { reachable.insert(owner) }
          if !named.contains(user), visited.insert(user).inserted { pending.append(user) }
        }
      }
      let read = equation.formula.derivativesRead(of: derivation.result)
      #expect(read.isSubset(of: reachable), "\(equation.name) = \(equation.formula)")
    }
  }

  private func expectEqual(_ a: Tensor<Double>, _ b: Tensor<Double>, _ what: String) throws {
    let (x, y) = (try a.scalars, try b.scalars)
    let scale = max(1, y.map(abs).max() ?? 0)
    #expect(x.count == y.count && zip(x, y).allSatisfy { abs($0 - $1) <= 1e-12 * scale }, "\(what): \(a), not \(b)")
  }
}

extension Formula {
  /// The derivatives of the result that occur, as `∂J/∂Z`.
  fileprivate func derivativesRead(of result: String) -> Set<String> {
    if case .derivative(result, let name) = self { return ["∂\(result)/∂\(name)"] }
    return parts.reduce(into: []) { $0.formUnion($1.derivativesRead(of: result)) }
  }
}

/// A line of a printed derivation: `∂J/∂Z = (A − Y)/m  (1, 3)  why`.
private struct PrintedLine {
  /// What is defined; nil where the line goes on from the one before.
  let left: String?
  let right: String
  let shape: Shape

  /// The lines below the headings Forward and Backward.
  static func lines(of text: String) -> [PrintedLine] {
    var isInside = false, lines: [PrintedLine] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("  ") else {
        isInside = line == "Forward" || line == "Backward"
        continue
      }
      guard isInside else { continue }
      let cells = line.drop { $0 == " " }.split(separator: "  ").map { String($0.drop { $0 == " " }) }
      guard let equals = cells[0].firstRange(of: "= ") else { continue }
      let name = cells[0][..<equals.lowerBound].dropLast()
      let dimensions = cells.count > 1 ? cells[1].dropFirst().dropLast().split(separator: ", ").map { Int($0) } : []
      lines.append(
        PrintedLine(
          left: name.isEmpty ? nil : String(name), right: String(cells[0][equals.upperBound...]),
          shape: Shape(dimensions.compactMap(\.self))))
    }
    return lines
  }
}

/// `y = x³`.
struct Cube: Elementwise {
  static let name = "cube"
  func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { x * x * x }
  func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { 3 * square(x) }
}
