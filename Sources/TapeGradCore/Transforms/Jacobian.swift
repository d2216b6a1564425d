// All first derivatives of a function of many results, and all second ones of a single number.
//
//   y = (x₀·x₁, x₀ + x₁)          J = ⎡ x₁  x₀ ⎤     row i: a reverse sweep from yᵢ
//                                     ⎣ 1   1  ⎦
//   f = x₀²·x₁                    H = the Jacobian of the gradient (2x₀x₁, x₀²) = ⎡ 2x₁  2x₀ ⎤
//                                                                                 ⎣ 2x₀  0   ⎦
//
// A second derivative is nothing new: the reverse sweep is made of ordinary operations, which an outer tape records.

/// The Jacobian: for every argument tensor of shape s, a tensor of shape (result's shape + s) with
/// `J[i, j] = ∂y[i]/∂x[j]`, in the structure of the arguments.
///
/// All rows are computed in one reverse sweep, on a batch of cotangents: it takes the memory of a sweep for each element
/// of the result (of very large ones, some rows at a time).
///
/// - Throws: what `function` throws, or the `TensorError` of an operation that did not fit.
@_disfavoredOverload
public func jacobian<each G: TensorGroup, S>(
  at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (repeat each G) {
  let recording = try Recording(at: repeat each x, of: function)
  return try groups(like: repeat each x, from: rows(of: recording, S.self))
}

/// The Jacobian at one group, in its structure.
@_disfavoredOverload
public func jacobian<G: TensorGroup, S>(
  at x: G, of function: (G) throws -> Tensor<S>
) throws -> G {
  let recording = try Recording(at: x, of: function)
  return try groups(like: x, from: rows(of: recording, S.self))
}

/// The Jacobian at one tensor: shape (result's shape + argument's shape).
public func jacobian<S>(
  at x: Tensor<S>, of function: (Tensor<S>) throws -> Tensor<S>
) throws -> Tensor<S> {
  let recording = try Recording(at: x, of: function)
  return try Tensor<S>(rows(of: recording, S.self)[0]).validated()
}

/// The Jacobian at one tensor by columns, `J·e₀, J·e₁, …`: the numbers of `jacobian(at:of:)`, in the
/// same shape (result's shape + argument's shape).
///
/// ```
/// y = (x₀, x₀², x₀³)      3 results of 1 number: three rows, or a single column (1, 2x₀, 3x₀²)
/// ```
/// All columns are computed in one pushforward, on a batch of directions. That is the cheaper way where there are more
/// results than arguments; it takes the memory of a pushforward for each element of the argument.
///
/// - Throws: what `function` throws, or the `TensorError` of an operation that did not fit.
public func forwardJacobian<S>(
  at x: Tensor<S>, of function: @escaping (Tensor<S>) throws -> Tensor<S>
) throws -> Tensor<S> {
  let n = x.shape.count
  if n == 0 { return try jacobian(at: x, of: function) }
  let directions = Tensor<S>.eye(n).reshaped(to: Shape([n] + x.shape.dimensions))
  let columns = try vmap { direction in try pushforward(at: x, along: direction, of: function) }(directions)
  let rank = columns.shape.rank
  return try columns.permuted(Array(1..<rank) + [0])
    .reshaped(to: Shape(columns.shape.dimensions.dropFirst() + x.shape.dimensions)).validated()
}

/// For every input, the cotangents of all elements of the result, stacked: one reverse sweep, on a batch of cotangents
/// each of which has a single 1. The other elements of the result are not used.
private func rows<S: TensorScalar>(of recording: Recording, _: S.Type) throws -> [Value] {
  let shape = recording.value.shape
  if shape.count == 0 { return recording.emptyJacobian(of: shape) }
  let largest = recording.nodes.lazy.filter(\.isVaried).map { $0.value.shape.count }.max() ?? 1
  let step = max(1, min(shape.count, sweptElements / max(largest, 1)))
  var stacks: [[Tensor<S>]] = []
  for start in stride(from: 0, to: shape.count, by: step) {
    let count = min(step, shape.count - start)
    let seeds: BatchedValue
    if count == shape.count {
      seeds = BatchedValue(units: Value(repeating: 1, shape: shape, scalarType: S.scalarType))
    } else {
      var units = NDArray<S>.zeros(shape.batched(count))
      units.withUnsafeMutableBufferPointer { for row in 0..<count { $0[row * shape.count + start + row] = 1 } }
      seeds = BatchedValue(value: Value(units).masked(by: Value(units)), isBatched: true)
    }
    let cotangents = try mapExamples([seeds], count: count) { seed in
      var copy = recording
      return copy.cotangents(of: seed[0])
    }
    for (input, cotangent) in cotangents.enumerated() {
      let rows = Tensor<S>(cotangent.repeated(count))
      if start == 0 { stacks.append([rows]) } else { stacks[input].append(rows) }
    }
  }
  return stacks.map { stack in
    let rows = stack.count == 1 ? stack[0] : concatenate(stack)
    return rows.reshaped(to: Shape(shape.dimensions + rows.shape.dimensions.dropFirst())).value
  }
}

/// About how many elements the largest value of a sweep may have: of a Jacobian with more rows, some at a time.
private let sweptElements = 1 << 24

/// The Hessian `∂²f/∂x²` of a single number: shape (x's shape + x's shape), symmetric where f is smooth.
///
/// - Throws: what `function` throws; the `TensorError` of an operation that did not fit; or one that says that the
///   result is not a single number.
public func hessian<S>(
  at x: Tensor<S>, of function: (Tensor<S>) throws -> Tensor<S>
) throws -> Tensor<S> {
  try jacobian(at: x) { x in try gradient(at: x, of: function) }
}

/// The Hessian of a single number with respect to all numbers of all arguments: shape (n, n), the numbers counted
/// through the groups in visiting order, row-major in each tensor.
@_disfavoredOverload
public func hessian<each G: TensorGroup, S>(
  at x: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> Tensor<S> {
  var inputs: [Tensor<S>] = []
  for group in repeat each x {
    try group.validateStructure()
    for value in group.values {
      if let error = value.content.error { throw error }
      guard value.scalarType == S.scalarType else {
        throw TensorError("the function turns \(value.scalarType ?? S.scalarType) into \(S.scalarType)")
          .within(operation: "hessian", operands: [])
      }
      inputs.append(Tensor<S>(value))
    }
  }
  if inputs.isEmpty { return Tensor.zeros([0, 0]) }
  let flat = flattened(inputs)
  return try hessian(at: flat) { flat in
    var start = 0
    var parts: [Value] = []
    for input in inputs {
      parts.append(flat[start..<start + input.shape.count].reshaped(to: input.shape).value)
      start += input.shape.count
    }
    let groups = try groups(like: repeat each x, from: parts)
    return try function(repeat each groups)
  }
}

/// The elements of all tensors in one axis.
private func flattened<S>(_ tensors: [Tensor<S>]) -> Tensor<S> {
  concatenate(tensors.map { $0.reshaped(to: [$0.shape.count]) })
}

/// The product `H·v` of the Hessian with a direction, without the Hessian: the pushforward of the gradient.
///
/// - Throws: as `hessian(at:of:)`.
public func hessianVectorProduct<S>(
  at x: Tensor<S>, along direction: Tensor<S>, of function: (Tensor<S>) throws -> Tensor<S>
) throws -> Tensor<S> {
  try pushforward(at: x, along: direction) { x in try gradient(at: x, of: function) }
}

/// The product of the Hessian with a direction given in the arguments' structure, in that structure: the gradient of
/// `⟨∇f, v⟩`.
@_disfavoredOverload
public func hessianVectorProduct<each G: TensorGroup, S>(
  at x: repeat each G, along direction: repeat each G, of function: (repeat each G) throws -> Tensor<S>
) throws -> (repeat each G) {
  var directions: [Value] = []
  for (group, direction) in repeat (each x, each direction) {
    try group.validate(direction: direction, for: "hessianVectorProduct")
    directions.append(contentsOf: direction.values)
  }
  return try gradient(at: repeat each x) { (inner: repeat each G) throws -> Tensor<S> in
    var slopes: [Value] = []
    let gradients = try gradient(at: repeat each inner, of: function)
    repeat slopes.append(contentsOf: (each gradients).values)
    return zip(slopes, directions).reduce(Tensor<S>(0)) { $0 + (Tensor<S>($1.1) * Tensor<S>($1.0)).sum() }
  }
}

/// The product of the Hessian with a direction at one group, in its structure.
@_disfavoredOverload
public func hessianVectorProduct<G: TensorGroup, S>(
  at x: G, along direction: G, of function: (G) throws -> Tensor<S>
) throws -> G {
  try x.validate(direction: direction, for: "hessianVectorProduct")
  let directions = direction.values
  return try gradient(at: x) { (inner: G) throws -> Tensor<S> in
    let slopes = try gradient(at: inner, of: function).values
    return zip(slopes, directions).reduce(Tensor<S>(0)) { $0 + (Tensor<S>($1.1) * Tensor<S>($1.0)).sum() }
  }
}
