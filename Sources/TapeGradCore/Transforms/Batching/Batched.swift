// Any operation on a batch. What it computes is what it computes for each example: in the words of the kernels, with
// shifted axes, where it speaks them; one example after the other otherwise. Its rule is its rule for one example, traced
// and replayed on the batch:
//
//   softmax of (3) for 5 examples        softmax's words, with axis 1 for axis 0, on (5, 3)
//   its cotangent                        ȳ ⊙ y, its sum, ȳ − that, … traced on (3), replayed on (5, 3)
//   a user's operation                   5 evaluations, stacked; its rule replayed, be it what it may
//
// So a primitive needs to do nothing for a batch, and has all derivatives there that it has elsewhere.

/// A primitive that applies another one to each example of a batch.
protocol DoneByExample: Primitive {
  var one: any Primitive { get }
  /// Which operands have a slice for each example.
  var isBatched: [Bool] { get }
  /// How many examples there are.
  var count: Int { get }
}

/// A primitive applied to each example of a batch. Operands are the same for all examples, or have one slice for each
/// along their first axis, as the result has.
struct Batched<One: Primitive>: DoneByExample, CustomStringConvertible {
  static var name: String { One.name }
  static var symbol: String { One.symbol }
  static var derivativeRule: DerivativeRule { One.derivativeRule }

  let primitive: One
  /// Which operands have a slice for each example.
  let isBatched: [Bool]
  /// How many examples there are.
  let count: Int
  var one: any Primitive { primitive }

  func shape(_ operands: borrowing OperandShapes) throws(TensorError) -> Shape {
    for i in 0..<operands.count where isBatched[i] && (operands[i].rank == 0 || operands[i][0] != count) {
      throw TensorError("operand \(i) of shape \(operands[i]) has no slice for each of \(count) examples")
    }
    // The shape rule is asked with the shapes of one example, and never learns of the batch.
    let examples = operands.traced.enumerated().map { i, value in
      Value(traced: isBatched[i] ? Shape(value.shape.dimensions.dropFirst()) : value.shape, value.scalarType ?? .double)
    }
    let result: Result<Shape, TensorError> = withOperands(examples) { examples in
      do throws(TensorError) { return .success(try primitive.shape(OperandShapes(examples))) } catch {
        return .failure(error)
      }
    }
    return try result.get().batched(count)
  }

  /// In the words of the kernels, or example by example.
  func evaluate<S: TensorScalar>(_ operands: borrowing OperandArrays<S>) throws(TensorError) -> NDArray<S> {
    // Kernels' words are the fast way, all examples in each; an operation that evaluates by itself is asked once an example.
    let values = operands.detached
    if !(primitive is any TakesIndices) {
      var arrays = ArrayBackend<S>()
      if let result = described(values.map { $0.array() }, on: &arrays) { return result }
    }
    var results: [NDArray<S>] = []
    for example in 0..<count {
      let slices = values.enumerated().map { i, value in isBatched[i] ? value.example(example) : value }
      let result = withOperands(slices) { TapeGradCore.evaluate(primitive, $0) }
      if let error = result.content.error { throw error }
      let array = result.array(S.self)
      results.append(array.reshaped(to: array.shape.batched(1)))
    }
    // Of no example the shape alone is known.
    if results.isEmpty { return .zeros(try withOperands(values) { self.shape(of: $0) }.get()) }
    return .concatenated(results, axis: 0)
  }

  private func shape(of operands: OperandPointers) -> Result<Shape, TensorError> {
    do throws(TensorError) { return .success(try shape(OperandShapes(operands))) } catch { return .failure(error) }
  }

  func described<B: KernelBackend>(_ x: [B.Operand], on backend: inout B) -> B.Operand? {
    // The primitive's own description, on a backend that shifts every axis (BatchedBackend.swift).
    withUnsafeMutablePointer(to: &backend) { base in
      var batched = BatchedBackend(base: base, count: count)
      let operands = x.enumerated().map { BatchedBackend<B>.Operand(base: $1, isBatched: isBatched[$0]) }
      return primitive.described(operands, on: &batched).map { batched.repeated($0).base }
    }
  }

  func vjp<S: TensorScalar>(
    _ i: Int, cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> Tensor<S> {
    // An operand that all examples share gets the sum of the cotangents that the examples would give it.
    let rules = replayedRule(cotangent, operands.values, result, summing: [!isBatched[i]]) {
      cotangent, values, result in
      withOperands(values) { [primitive.vjp(i, cotangent: cotangent, operands: Operands($0), result: result).value] }
    }
    return Tensor(isBatched[i] ? rules[0].repeated(count) : rules[0].value)
  }

  func vjps<S: TensorScalar>(
    cotangent: Tensor<S>, operands: borrowing Operands<S>, result: Tensor<S>
  ) -> [Tensor<S>] {
    let rules = replayedRule(cotangent, operands.values, result, summing: isBatched.map { !$0 }) {
      cotangent, values, result in
      withOperands(values) {
        primitive.vjps(cotangent: cotangent, operands: Operands($0), result: result).map { $0.value }
      }
    }
    return zip(rules, isBatched).map { Tensor($1 ? $0.repeated(count) : $0.value) }
  }

  /// The rule for one example on the batch; of operands that are the same for all examples, the cotangents summed.
  private func replayedRule<S: TensorScalar>(
    _ cotangent: Tensor<S>, _ operands: [Value], _ result: Tensor<S>, summing sums: [Bool],
    _ rule: (Tensor<S>, [Value], Tensor<S>) -> [Value]
  ) -> [BatchedValue] {
    let inputs =
      zip(operands, isBatched).map { BatchedValue(value: $0, isBatched: $1) }
      // The rule is a function of the operands, the cotangent and the result, in this order, each of one example.
      + [cotangent, result].map { BatchedValue(value: $0.value, isBatched: true) }
    do {
      return try mapExamples(inputs, count: count, summing: sums) { x in
        rule(Tensor(x[operands.count]), Array(x.prefix(operands.count)), Tensor(x[operands.count + 1]))
      }
    } catch {
      let failed = Tensor<S>(failing: TensorError.of(error), self, []).value
      return sums.map { _ in BatchedValue(value: failed, isBatched: true) }
    }
  }

  func formula(_ x: [Formula]) -> Formula { primitive.formula(x) }

  var description: String {
    "\(primitive is any CustomStringConvertible ? "\(primitive)" : One.name) of \(count) examples"
  }
}

// What the primitive is, a batch of it is: indices pass unchecked as to their type, notes of use are carried along.

extension Batched: TakesIndices where One: TakesIndices {}

extension Batched: MaskCarrying where One: MaskCarrying {
  /// Where the examples' results are used.
  func mask(_ operands: [Value]) -> Value? {
    let inputs = zip(operands, isBatched).map { BatchedValue(value: $0, isBatched: $1) }
    let masks = try? mapExamples(inputs, count: count) { x in primitive.mask(x).map { [$0] } ?? [] }
    return masks?.first.map { $0.repeated(count) }
  }
}

extension Value {
  /// One slice along the first axis.
  func example(_ index: Int) -> Value {
    func slice<S: TensorScalar>(_: S.Type) -> Value {
      // Row `index` of the batch, without the axis of the examples.
      let slice = array(S.self).sliced(index..<index + 1, axis: 0)
      return Value(slice.reshaped(to: Shape(slice.shape.dimensions.dropFirst())))
    }
    return scalarType == .float ? slice(Float.self) : slice(Double.self)
  }
}

extension TensorError {
  /// What was thrown, as an error of a tensor.
  static func of(_ error: any Error) -> TensorError {
    error as? TensorError ?? TensorError("the function threw \(error)")
  }
}
