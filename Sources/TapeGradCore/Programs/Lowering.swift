import CTapeGradKernels

extension Graph {
  /// Inserts what computes a primitive's result: nodes in the kernels' vocabulary where it has such a reading, else the
  /// primitive itself. The one place of programs that names primitives.
  ///
  /// A new primitive works without being named here; naming it lets its work be fused with its neighbours'.
  mutating func lower(_ primitive: any Primitive, _ x: [Int], shape: Shape, scalarType: ScalarType) -> Int {
    func node(_ operation: Operation, _ operands: [Int]) -> Node {
      Node(operation: operation, operands: operands, shape: shape, scalarType: scalarType)
    }
    if let (function, number) = primitive.asUnary {
      return insert(node(.unary(function, ExactNumber(number)), x))
    }
    if let function = primitive.asBinary { return insert(node(.binary(function), Array(x.prefix(2)))) }
    switch primitive {
    case is StopGradient: return x[0]
    case is Select: return insert(node(.select, x))
    case is Broadcast: return insert(node(.broadcast, x))
    case is Reshape: return insert(node(.reshape, x))
    case let permute as Permute: return insert(node(.permute(permute.order), x))
    case let product as MatrixProduct:
      let flags = (product.transposesLeft, product.transposesRight)
      return insert(node(.product(transposesLeft: flags.0, transposesRight: flags.1), x))
    case is Sum: return reduce(.sum, x[0], to: shape)
    case is Max where nodes[x[0]].shape.count > 0: return reduce(.maximum, x[0], to: shape)
    case is Mean where shape.count > 0:
      let count = nodes[x[0]].shape.count / shape.count
      return insert(.unary(.quotient, ExactNumber(Double(count))), reduce(.sum, x[0], to: shape))
    case let slice as Slice: return insert(node(.slice(axis: slice.axis, start: slice.range.lowerBound), x))
    case let join as Concatenate: return insert(node(.concatenate(axis: join.axis), x))
    case let pad as Pad:
      let end = pad.start + nodes[x[0]].shape[pad.axis]
      let zeros = [pad.start, pad.length - end].map { length in
        insert(
          Node(
            operation: .fill(ExactNumber(0)), shape: shape.replacing(axis: pad.axis, with: length),
            scalarType: scalarType))
      }
      return insert(node(.concatenate(axis: pad.axis), [zeros[0], x[0], zeros[1]]))
    case let logSumExp as LogSumExp:
      let (maximum, remainder) = logSumExpParts(x[0], axis: logSumExp.axis)
      return insert(.binary(.add), maximum, remainder)
    case let logSoftmax as LogSoftmax where shape.count > 0:
      return self.logSoftmax(x[0], axis: logSoftmax.axis)
    case let entropy as SoftmaxCrossEntropy:
      let logarithms = logSoftmax(x[0], axis: entropy.axis)
      let sum = reduce(.sum, insert(.binary(.chain), x[1], logarithms), to: shape)
      return insert(.unary(.complement, ExactNumber(0)), sum)
    case let softmax as Softmax where shape.count > 0:
      let kept = shape.replacing(axis: softmax.axis, with: 1)
      let largest = broadcast(reduce(.maximum, x[0], to: kept), to: shape)
      let e = insert(.unary(.exp, ExactNumber(0)), insert(.binary(.subtract), x[0], largest))
      return insert(.binary(.divide), e, broadcast(reduce(.sum, e, to: kept), to: shape))
    default: return insert(node(.opaque(OpaquePrimitive(primitive)), x))
    }
  }

  /// `(x − maximum) − remainder`, as arrays do it.
  private mutating func logSoftmax(_ x: Int, axis: Int) -> Int {
    let shape = nodes[x].shape, (maximum, remainder) = logSumExpParts(x, axis: axis)
    let difference = insert(.binary(.subtract), x, broadcast(maximum, to: shape))
    return insert(.binary(.subtract), difference, broadcast(remainder, to: shape))
  }

  /// The maximum along an axis, and the rest of ln Σ eˣ.
  private mutating func logSumExpParts(_ x: Int, axis: Int) -> (maximum: Int, remainder: Int) {
    let shape = nodes[x].shape, type = nodes[x].scalarType, kept = shape.replacing(axis: axis, with: 1)
    let fold = Fold(
      outer: shape.count(of: 0..<axis), length: shape[axis], inner: shape.count(of: axis + 1..<shape.rank))
    let parts = insert(
      Node(operation: .logSumExp(fold), operands: [x], shape: Shape([2, kept.count]), scalarType: type))
    let rows = [0, 1].map { row in
      let part = insert(
        Node(
          operation: .slice(axis: 0, start: row), operands: [parts], shape: Shape([1, kept.count]), scalarType: type))
      return insert(Node(operation: .reshape, operands: [part], shape: kept, scalarType: type))
    }
    return (rows[0], rows[1])
  }

  private mutating func broadcast(_ x: Int, to shape: Shape) -> Int {
    insert(Node(operation: .broadcast, operands: [x], shape: shape, scalarType: nodes[x].scalarType))
  }

  /// The reductions that fold x to `target`, in the order in which arrays do it: each run of neighbouring axes at once,
  /// the last run first.
  private mutating func reduce(_ function: TGReduction, _ x: Int, to target: Shape) -> Int {
    let shape = nodes[x].shape, rank = shape.rank
    let vanishes = { (axis: Int) in shape[axis] != target.length(axis, ofRank: rank) }
    guard let last = (0..<rank).last(where: vanishes) else {
      return insert(Node(operation: .reshape, operands: [x], shape: target, scalarType: nodes[x].scalarType))
    }
    var first = last
    while first > 0, vanishes(first - 1) || shape[first - 1] == 1 { first -= 1 }
    let fold = Fold(
      outer: shape.count(of: 0..<first), length: shape.count(of: first..<last + 1),
      inner: shape.count(of: last + 1..<rank))
    let folded = Shape((0..<rank).map { first...last ~= $0 ? 1 : shape[$0] })
    let y = insert(
      Node(operation: .reduce(function, fold), operands: [x], shape: folded, scalarType: nodes[x].scalarType))
    return reduce(function, y, to: target)
  }
}

extension Primitive {
  /// The kernel of one operand that evaluates the primitive, and its number.
  fileprivate var asUnary: (TGUnary, Double)? {
    switch self {
    case is Negate: (.negate, 0)
    case is Absolute: (.absolute, 0)
    case is Sign: (.sign, 0)
    case is Square: (.square, 0)
    case is SquareRoot: (.squareRoot, 0)
    case is Exp: (.exp, 0)
    case is Log: (.log, 0)
    case is ExpMinusOne: (.expm1, 0)
    case is LogOnePlus: (.log1p, 0)
    case is LogDerivative: (.logDerivative, 0)
    case is Tanh: (.tanh, 0)
    case is TanhDerivative: (.tanhDerivative, 0)
    case is Sigmoid: (.sigmoid, 0)
    case is SigmoidDerivative: (.sigmoidDerivative, 0)
    case is Softplus: (.softplus, 0)
    case is Relu: (.relu, 0)
    case is Step: (.step, 0)
    case let scale as Scale: (.scale, scale.factor)
    case let offset as Offset: (.offset, offset.offset)
    case let complement as Complement: (.complement, complement.minuend)
    case let quotient as Quotient: (.quotient, quotient.divisor)
    case let share as PerElement: (.quotient, Double(share.count))
    case let reciprocal as Reciprocal: (.reciprocal, reciprocal.numerator)
    case let relu as LeakyRelu: (.leakyRelu, relu.slope)
    case let step as LeakyStep: (.leakyStep, step.slope)
    case let power as Power: (.power, power.exponent)
    default: nil
    }
  }

  /// The kernel of two operands that evaluates the primitive from its first two.
  fileprivate var asBinary: TGBinary? {
    switch self {
    case is Add: .add
    case is Subtract: .subtract
    case is Multiply: .multiply
    case is Divide: .divide
    case is ChainRule: .chain
    case is Maximum: .maximum
    case is Minimum: .minimum
    case is PowerOfTensor: .power
    case is Less: .less
    case is Equal: .equal
    case is CrossEntropyOfLogits, is CrossEntropyOfSigmoid: .logitsCrossEntropy
    case is SigmoidResidual: .sigmoidResidual
    default: nil
    }
  }
}
