/// A recorded computation: a list of nodes, each a primitive applied to earlier nodes (a Wengert list).
///
/// Make variables and constants on it, compute with them as with any tensors, and ask for gradients:
/// ```swift
/// let tape = Tape()
/// let x = tape.variable(Tensor<Double>([1, 2, 3]), named: "x")
/// let y = (x * x).sum().named("y")
/// let gradients = try tape.gradients(of: y)
/// print(gradients[x])  // [2, 4, 6]
/// ```
/// The tape owns the nodes. When it is gone, its tensors are plain values. It may be shared between threads; the order
/// of its nodes then depends on scheduling.
public final class Tape: Sendable {
  let position = Recorder.open()

  /// An empty tape.
  ///
  /// - Parameter recordsCallSites: whether the tape keeps where each node was recorded, for pages to show. It costs some
  ///   microseconds a node. Where a node was given its name is known without it, at no cost.
  public init(recordsCallSites: Bool = false) {
    if recordsCallSites { position.withState { $0.callSites = [:] } }
  }

  deinit { Recorder.close(position) }

  /// Records a value with respect to which gradients are asked for.
  ///
  /// - Parameters:
  ///   - tensor: the value.
  ///   - name: what it is called.
  ///   - file: the file that records it; pages show it beside the name.
  ///   - line: the line in that file.
  public func variable<S>(
    _ tensor: Tensor<S>, named name: String? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<S> {
    Tensor(position.leaf(tensor.value, isVaried: true, named: name.map { NodeName($0, file: file, line: line) }))
  }

  /// Records a value that gradients treat as fixed (data, labels).
  ///
  /// - Parameters:
  ///   - tensor: the value.
  ///   - name: what it is called.
  ///   - file: the file that records it; pages show it beside the name.
  ///   - line: the line in that file.
  public func constant<S>(
    _ tensor: Tensor<S>, named name: String? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<S> {
    Tensor(position.leaf(tensor.value, isVaried: false, named: name.map { NodeName($0, file: file, line: line) }))
  }

  /// Records the tensors of a group as variables, named as the group names them. A group that forgets one of its tensors
  /// comes back failed.
  ///
  /// - Parameters:
  ///   - group: the tensors.
  ///   - file: the file that records them; pages show it beside their names.
  ///   - line: the line in that file.
  public func variables<Group: TensorGroup>(
    of group: Group, file: StaticString = #fileID, line: UInt = #line
  ) -> Group {
    do throws(TensorError) { try group.validateStructure() } catch {
      let failed = Value(failed: error)
      return group.mapTensors { _ in Tensor(failed) }
    }
    var group = group
    group.visitTensors { name, tensor in
      tensor = variable(tensor, named: name.isEmpty ? nil : name, file: file, line: line)
    }
    return group
  }

  /// The gradients of a single number with respect to every node it depends on, as plain values. The tape stays as it
  /// is: nothing is recorded, and gradients can be asked for again.
  ///
  /// - Throws: `TensorError` where `result` is failed, not recorded here, or more than one number.
  public func gradients<S>(of result: Tensor<S>) throws(TensorError) -> Gradients {
    let seed = try index(of: result)
    var nodes = self.nodes
    let one = Value(repeating: 1, shape: result.shape, scalarType: S.scalarType)
    let cotangents = reverseSweep(&nodes, from: seed, cotangent: one, keepsAll: true)
    if let error = cotangents.propagated.lazy.compactMap({ $0?.content.error }).first { throw error }
    return Gradients(generation: position.generation, cotangents: cotangents, result: seed, names: names)
  }

  /// The node of a result that gradients can start from.
  func index<S>(of result: Tensor<S>) throws(TensorError) -> Int {
    try result.validated()
    guard let index = result.value.index(onTape: position.generation) else {
      throw TensorError("the result is not recorded on this tape").within(operation: "gradients", operands: [])
    }
    guard result.shape.count == 1 else { throw .notScalar(result.shape) }
    return index
  }

  /// The nodes so far.
  var nodes: ContiguousArray<Node> { position.withState { $0.nodes } ?? [] }

  /// Where each node was recorded, if the tape keeps that.
  var callSites: [Int: CallSite] { (position.withState { $0.callSites } ?? nil) ?? [:] }

  /// The names given so far, by node.
  var names: [Int: String] { nodeNames.mapValues(\.text) }

  /// The same with the places where they were given.
  var nodeNames: [Int: NodeName] { position.withState { $0.names } ?? [:] }
}

extension TensorError {
  /// The result that a gradient was asked of is not a single number.
  static func notScalar(_ shape: Shape) -> TensorError {
    TensorError(
      "a gradient is that of a single number, and the result has shape \(shape)",
      suggestion: "add .sum() or .mean(), or ask for the jacobian"
    ).within(operation: "gradient", operands: [])
  }
}

/// The gradients of one result with respect to the nodes of a tape.
public struct Gradients: Sendable {
  let generation: UInt64
  let cotangents: Cotangents
  /// The node that was differentiated.
  let result: Int
  /// The names that the nodes had, for printing.
  let names: [Int: String]

  /// The gradient with respect to `tensor`, in its shape. Zeros where the result does not depend on it; a failed tensor
  /// where `tensor` is not recorded on the tape.
  ///
  /// For the probabilities inside a sigmoid and its cross-entropy, which the sweep passes by, this is what the textbook
  /// rule `−(Y/A − (1 − Y)/(1 − A))/m` gives.
  public subscript<S>(tensor: Tensor<S>) -> Tensor<S> {
    guard let index = tensor.value.index(onTape: generation) else {
      let error = TensorError("the tensor is not recorded on the tape that was differentiated")
      return Tensor(Value(failed: error.within(operation: "gradients", operands: [])))
    }
    return Tensor(
      cotangents.total(index)?.detached ?? Value(repeating: 0, shape: tensor.shape, scalarType: S.scalarType))
  }
}
