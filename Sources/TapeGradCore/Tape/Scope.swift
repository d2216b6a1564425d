// Groups of nodes with a name, for those who read a tape: a drawing of thousands of nodes folds each to a row.
//
//   tape.scope("hidden") { tanh(matmul(W, X) + b) }      nodes 3, 4, 5 and 6
//
// A scope is the run of nodes that were recorded between its beginning and its end. Nothing is looked up while an
// operation is recorded: the tape's length is read twice. (Where several threads record on one tape, the nodes of all of
// them are in the run.)

/// A run of nodes of a tape, with a name.
package struct TapeScope: Sendable {
  /// What the user called it.
  package let name: String
  /// Its nodes.
  package let nodes: Range<Int>
}

extension Tape {
  /// Gives the nodes that `body` records on this tape a name as a group: a diagram folds them to one row where there is
  /// not room for all. Scopes nest.
  ///
  /// ```swift
  /// let A = tape.scope("hidden") { tanh(matmul(W, X) + b) }
  /// ```
  public func scope<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    try position.scope(name, body)
  }
}

/// Gives the nodes that `body` records on the youngest tape of `tensor` a name as a group, as ``Tape/scope(_:_:)`` does
/// where the tape is not at hand: in a layer, whose weights are on it. Nothing happens where no tape records the tensor.
public func scope<S, Result>(_ name: String, on tensor: Tensor<S>, _ body: () throws -> Result) rethrows -> Result {
  try tensor.value.onLiveTapes.position.scope(name, body)
}

extension Position {
  fileprivate func scope<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    guard generation != 0, let start = withState({ $0.nodes.count }) else { return try body() }
    let result = try body()
    withState { state in
      if state.nodes.count > start { state.scopes.append(TapeScope(name: name, nodes: start..<state.nodes.count)) }
    }
    return result
  }
}

extension Tape {
  /// The scopes that begin at or before a node, without what was recorded after it.
  func scopes(upTo last: Int) -> [TapeScope] {
    let scopes = position.withState { $0.scopes } ?? []
    return scopes.filter { $0.nodes.lowerBound <= last }.map {
      TapeScope(name: $0.name, nodes: $0.nodes.clamped(to: 0..<last + 1))
    }
  }
}
