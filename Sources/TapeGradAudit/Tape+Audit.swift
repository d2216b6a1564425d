import TapeGradCore

extension Tape {
  /// Audits the gradients of a result: of every named node on its way, the tape's, the one derived by hand, where it is
  /// given, and, in Double, the one that differences of the replayed computation give.
  ///
  /// ```swift
  /// print(try tape.audit(J, handDerived: ["Z2": (A2 - Y) / m]))
  /// ```
  /// - Parameters:
  ///   - result: a single number.
  ///   - handDerived: gradients derived by hand, under the names of their nodes.
  ///   - tolerance: how far an element may be off, relative to itself and beyond rounding and the differences' own error.
  ///   - limit: how many elements of a node are held against differences; where it has more, a sample that is always the
  ///     same. Those derived by hand are all compared.
  /// - Throws: `TensorError` where the result is failed, not recorded here, or more than one number; where a gradient
  ///   derived by hand has no numbers, or its name is not that of one node on the way.
  public func audit<S>(
    _ result: Tensor<S>, handDerived: [String: Tensor<S>] = [:], tolerance: Double = 1e-7, limit: Int = 1000
  ) throws -> Audit {
    let examination = try Examination(of: result, on: self)
    let reached = examination.reached
    var byHand = try handDerived.mapValues { try $0.array }
    for name in byHand.keys.sorted() {
      let count = reached.count { examination.name(of: $0) == name }
      if count != 1 {
        throw TensorError("a gradient derived by hand is for \(name), and \(count) nodes on the way have that name")
      }
    }
    var auditor = Auditor(
      examination: examination, tolerance: tolerance, limit: limit,
      lengths: Set(reached.flatMap { examination.numbers(of: $0).shape.dimensions }).filter { $0 > 1 }.sorted())
    var rows: [Audit.Row] = []
    for node in reached {
      guard let name = examination.name(of: node) else { continue }
      rows.append(try auditor.row(node, name, handDerived: byHand.removeValue(forKey: name)))
    }
    return Audit(
      result: examination.name ?? "J", value: try result.item.doubleValue, scalarType: S.scalarType, rows: rows)
  }
}

/// Checks nodes, remembering which it has checked.
private struct Auditor<S: TensorScalar> {
  let examination: Examination<S>
  let tolerance: Double
  let limit: Int
  /// The lengths of axes over which a mean may be taken.
  let lengths: [Int]
  private var checks: [Int: NumericalCheck] = [:]

  init(examination: Examination<S>, tolerance: Double, limit: Int, lengths: [Int]) {
    self.examination = examination
    self.tolerance = tolerance
    self.limit = limit
    self.lengths = lengths
  }

  mutating func row(_ node: Int, _ name: String, handDerived: NDArray<S>?) throws -> Audit.Row {
    let gradient = examination.gradient(of: node)
    let hand = handDerived.map { HandCheck($0, against: gradient, tolerance: tolerance, lengths: lengths) }
    let numerical = try check(node, including: hand?.worst)
    var fault: Audit.Fault?
    if numerical?.verdict == .wrong {
      fault = try origin(of: node)
    } else if let hand, hand.verdict == .wrong {
      fault = .handDerived(hand.slip)
    }
    return Audit.Row(
      name: name, shape: gradient.shape, rules: rules(of: node), numerical: numerical, handDerived: hand,
      element: element(gradient, numerical, handDerived, hand), fault: fault)
  }

  /// The tape's gradient against differences; nil for Float.
  private mutating func check(_ node: Int, including shown: Int? = nil) throws -> NumericalCheck? {
    guard let gradient = examination.gradient(of: node) as? NDArray<Double>,
      let numbers = examination.numbers(of: node) as? NDArray<Double>
    else { return nil }
    if let check = checks[node] { return check }
    let replay = examination.replay(replacing: node)
    let sample = sampled(gradient.count, limit: limit)
    let check = try NumericalCheck(
      gradient, at: numbers, elements: Set(sample).union(shown.map { [$0] } ?? []).sorted(), tolerance: tolerance
    ) { numbers in
      try numberOrNaN { try replay.value(with: numbers) }
    }
    checks[node] = check
    return check
  }

  /// Follows a wrong gradient to where it came from: to the first wrong node with a name, or to the rule that is wrong.
  private mutating func origin(of node: Int) throws -> Audit.Fault {
    var node = node
    while let source = try examination.users(of: node).first(where: { try check($0)?.verdict == .wrong }) {
      if let name = examination.name(of: source) { return .inherited(from: name) }
      node = source
    }
    return .rule(rules(of: node).joined(separator: " or "))
  }

  private func rules(of node: Int) -> [String] {
    var rules: [String] = []
    for rule in examination.users(of: node).reversed().compactMap({ examination.operation(of: $0) })
    where !rules.contains(rule) {
      rules.append(rule)
    }
    return rules
  }

  /// The element to show.
  private func element(
    _ gradient: NDArray<S>, _ numerical: NumericalCheck?, _ byHand: NDArray<S>?, _ hand: HandCheck?
  ) -> Audit.Element? {
    let worstByHand = hand?.worst.map { gradient.shape.indices(at: $0) }
    let isWrongByHand = hand?.verdict == .wrong && numerical?.verdict != .wrong
    guard let index = (isWrongByHand ? worstByHand : nil) ?? numerical?.worst?.index ?? worstByHand else { return nil }
    let offset = zip(index, gradient.shape.dimensions).reduce(0) { $0 * $1.1 + $1.0 }
    let isComparable = byHand?.shape == gradient.shape
    return Audit.Element(
      index: index, automatic: gradient.scalars[offset].doubleValue,
      handDerived: isComparable ? byHand?.scalars[offset].doubleValue : nil,
      numerical: numerical?.elements.first { $0.index == index }?.numerical)
  }
}
