// Which nodes get an equation. Of J = mean(A²) with A = tanh(W·X + b), where the user named A only:
//
//   node              landmark?
//   W, b              yes: variables, whose derivatives are asked for
//   X                 no: a constant
//   W·X               no: used once, so it is written where it is used
//   b, broadcast      no: a reader's eye passes over it
//   W·X + b           no: used once forward. But its cotangent, ∂J/∂A ⊙ (1 − A²), is used for W and for b: yes
//   A                 yes: named, and used twice in A ⊙ A
//   J                 yes: the result
//
// The last case but two is `markSharedCotangents`: a cotangent that two rules go on from needs a name, ∂J/∂T1, and then
// T1 needs an equation.

/// Which nodes of a tape get an equation of their own, as far as their use tells: those that the user named, the result,
/// and those that a reader would have to meet twice.
struct Landmarks {
  /// Whether the result depends on a node.
  private(set) var isLive: [Bool]
  /// For each node, the nodes of the tape that use it and hand it a cotangent, once for each use.
  private(set) var users: [[Int]]
  /// How often each node is used, forward and in the rules.
  private(set) var useCounts: [Int]
  private var isLandmark: [Bool]

  subscript(index: Int) -> Bool {
    get { isLandmark[index] }
    set { isLandmark[index] = newValue }
  }

  /// Three walks: from the result down, who is needed and how often; up again, who is met twice; then the sweep's
  /// nodes, for cotangents.
  init(_ pass: Snapshot, named: some Sequence<Int>) {
    isLive = Array(repeating: false, count: pass.result + 1)
    users = Array(repeating: [], count: pass.result + 1)
    useCounts = Array(repeating: 0, count: pass.nodes.count)
    isLandmark = Array(repeating: false, count: pass.result + 1)
    for index in named where index <= pass.result { isLandmark[index] = true }
    isLandmark[pass.result] = true

    isLive[pass.result] = true
    for index in stride(from: pass.result, through: 0, by: -1) where isLive[index] {
      for operand in pass.nodes[index].operands {
        isLive[operand] = true
        useCounts[operand] += 1
        if pass.hasCotangent(index), pass.hasCotangent(operand) { users[operand].append(index) }
      }
    }
    for index in isLive.indices where isLive[index] {
      let node = pass.nodes[index]
      let isMetTwice = useCounts[index] > 1 && !node.isImplicit
      if node.primitive == nil ? node.isVaried : isMetTwice { isLandmark[index] = true }
      if pass.passedBy[index] != nil {
        isLandmark[index] = true
        isLandmark[node.operands[0]] = true
      }
    }
    markSharedCotangents(pass)
  }

  /// A cotangent that several rules go on from deserves a name, so the node that it belongs to becomes a landmark.
  ///
  /// Short ones do not: `weights` counts the operations that a reader would meet again, and two or fewer may be written
  /// twice.
  private mutating func markSharedCotangents(_ pass: Snapshot) {
    var isUsed = [Bool](repeating: false, count: pass.nodes.count)
    var holders: [Int: Int] = [:]
    for index in isLandmark.indices {
      guard isLive[index], let cotangent = pass.cotangents[index] else { continue }
      if isLandmark[index] { isUsed[cotangent] = true }
      let isFirst = holders[cotangent].map { !isLandmark[$0] } ?? true
      let mayBeNamed = pass.nodes[index].primitive != nil && !pass.nodes[index].isImplicit
      if isLandmark[index] || isFirst && mayBeNamed { holders[cotangent] = index }
    }
    for index in stride(from: pass.nodes.count - 1, to: pass.result, by: -1) where isUsed[index] {
      for operand in pass.nodes[index].operands {
        isUsed[operand] = true
        useCounts[operand] += 1
      }
    }
    // How many operations a reader meets in the expression for a node, up to those with a name; none in a constant.
    var weights = [Int](repeating: 0, count: pass.nodes.count)
    for index in pass.nodes.indices where index <= pass.result || isUsed[index] {
      let operands = pass.nodes[index].operands.map { weights[$0] }.reduce(0) { min($0 + $1, 100) }
      weights[index] = index <= pass.result ? 1 : operands == 0 ? 0 : operands + 1
      guard index > pass.result, let holder = holders[index] else { continue }
      if !isLandmark[holder], useCounts[index] > 1, weights[index] > 2 { isLandmark[holder] = true }
      if isLandmark[holder] { weights[index] = min(weights[index], 1) }
    }
  }
}

extension Snapshot {
  /// Whether the result's derivative by a node of the tape exists and passes on.
  func hasCotangent(_ index: Int) -> Bool { nodes[index].isVaried && cotangents[index] != nil }
}

extension Node {
  /// Whether a reader's eye passes over the operation.
  var isImplicit: Bool {
    guard let primitive, operands.count == 1 else { return false }
    if case .implicit = primitive.formula([.symbol("x")]) { return true }
    return false
  }
}
