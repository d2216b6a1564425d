import TapeGradAudit

@testable import TapeGradCore

extension PrimitiveSample {
  /// The table: every primitive has at least one row.
  static let all =
    functions + scalings + choices + losses + reductions + layouts + parts + products + others + words + shapeWords
    + states

  private static let positive = 0.8...3.0

  /// What a loop's result holds; the loop itself is made inside checkpoints, since it is of one scalar type.
  private static let states: [PrimitiveSample] = [
    PrimitiveSample(StateRows(part: .all, state: 0, start: 2, count: 3, isReversed: false, shape: [2]), [12]),
    PrimitiveSample(StateRows(part: .before, state: 1, start: 1, count: 2, isReversed: true, shape: [1, 3]), [10]),
    PrimitiveSample(StateRows(part: .after, state: 1, start: 1, count: 2, isReversed: false, shape: [1, 3]), [10]),
    PrimitiveSample(StateRows(part: .last, state: 0, start: 0, count: 3, isReversed: true, shape: []), [5]),
  ]

  private static let functions: [PrimitiveSample] = [
    elementwise(Exp()),
    elementwise(Log(), in: positive),
    elementwise(LogDerivative(), in: positive),
    elementwise(ExpMinusOne()),
    elementwise(LogOnePlus(), in: -0.2...2),
    elementwise(Square()),
    elementwise(SquareRoot(), in: positive),
    elementwise(Power(exponent: 3)),
    elementwise(Power(exponent: 2.5), in: positive),
    elementwise(Power(exponent: -2), in: positive),
    elementwise(Power(exponent: 1)),
    elementwise(Power(exponent: 0)),
    elementwise(Sigmoid()),
    elementwise(SigmoidDerivative()),
    elementwise(Tanh()),
    elementwise(TanhDerivative()),
    elementwise(Softplus()),
    elementwise(Relu(), kinks: [0]),
    elementwise(LeakyRelu(slope: 0.125), kinks: [0]),
    elementwise(Absolute(), kinks: [0]),
    elementwise(Sine()),
    elementwise(Cosine()),
  ].flatMap(\.self)

  private static let scalings: [PrimitiveSample] = [
    elementwise(Negate()),
    elementwise(Scale(factor: -1.5)),
    elementwise(Quotient(divisor: 3)),
    elementwise(Offset(offset: 0.75)),
    elementwise(Complement(minuend: 1)),
    elementwise(Reciprocal(numerator: -3), in: positive),
    elementwise(PerElement(count: 7)),
    elementwise(Add(), in: -2...2, -2...2),
    elementwise(Subtract(), in: -2...2, -2...2),
    elementwise(Multiply(), in: -2...2, -2...2),
    elementwise(Weight(), in: -2...2, -2...2),
    elementwise(Divide(), in: -2...2, positive),
    elementwise(PowerOfTensor(), in: positive, -2...2),
    elementwise(PowerSlope(), in: positive, -2...2),
    elementwise(PowerLogarithm(), in: positive, -2...2),
    elementwise(PowerLogarithm(order: 2), in: positive, -2...2),
    elementwise(PowerMixed(), in: positive, -2...2),
  ].flatMap(\.self)

  private static let choices: [PrimitiveSample] = [
    elementwise(Step(), kinks: [0]),
    elementwise(LeakyStep(slope: 0.125), kinks: [0]),
    elementwise(Sign(), kinks: [0]),
    elementwise(Less(), [pair, pair], isSpaced: true),
    elementwise(Equal(), [pair, pair], isSpaced: true),
    elementwise(Maximum(), [pair, pair], isSpaced: true),
    elementwise(Minimum(), [pair, pair], isSpaced: true),
    elementwise(Select(), [mask, pair, pair]),
    elementwise(StopGradient(), order: 0),
  ].flatMap(\.self)

  private static let pair = SampleOperand(shape: [])
  private static let mask = SampleOperand(shape: [], kinks: [0])
  private static let label = SampleOperand(shape: [], interval: 0...1)
  private static let ofFirst = SampleOperand(shape: [], derived: { $0[0].applying(Sigmoid()) })

  private static func classes(_ shape: Shape, axis: Int) -> PrimitiveSample {
    PrimitiveSample(
      SoftmaxCrossEntropy(axis: axis),
      operands: [SampleOperand(shape: shape), SampleOperand(shape: shape, interval: 0...1)])
  }

  private static let losses: [PrimitiveSample] = [
    elementwise(CrossEntropyOfProbabilities(), in: 0.3...0.7, 0...1),
    elementwise(CrossEntropyOfLogits(), in: -2...2, 0...1),
    elementwise(CrossEntropyOfSigmoid(), [pair, label, ofFirst]),
    elementwise(SigmoidResidual(), in: -2...2, 0...1),
    [
      classes([3, 4], axis: 0), classes([2, 3, 2], axis: 1), classes([1], axis: 0), classes([3, 0], axis: 0),
    ],
    elementwise(Label(), in: 0.1...0.9),
  ].flatMap(\.self)

  private static let reductions: [PrimitiveSample] =
    [
      ([2, 3], []), ([2, 3], [3]), ([2, 3], [1, 3]), ([2, 3], [2, 1]), ([2, 3, 2], [1, 3, 1]), ([], []), ([1, 1], []),
      ([0, 3], [0, 1]), ([0, 3], [0, 3]),
    ].flatMap { (x: Shape, y: Shape) in
      [
        PrimitiveSample(Sum(target: y), x), PrimitiveSample(Mean(target: y), x), PrimitiveSample(Product(target: y), x),
        PrimitiveSample(Max(target: y), x, isSpaced: true), PrimitiveSample(Broadcast(target: x), y),
      ]
    } + [
      PrimitiveSample(Sum(target: [3]), [0, 3]), PrimitiveSample(Sum(target: []), [2, 0]),
      PrimitiveSample(Broadcast(target: [0, 3]), [3]),
    ]

  private static let layouts = [
    PrimitiveSample(Reshape(target: [3, 2]), [2, 3]),
    PrimitiveSample(Reshape(target: [6]), [2, 1, 3]),
    PrimitiveSample(Reshape(target: []), [1, 1]),
    PrimitiveSample(Reshape(target: [0, 5]), [2, 0]),
    PrimitiveSample(Permute(order: [1, 0]), [2, 3]),
    PrimitiveSample(Permute(order: [2, 0, 1]), [2, 3, 4]),
    PrimitiveSample(Permute(order: [1, 0]), [0, 3]),
    PrimitiveSample(Permute(order: []), []),
  ]

  private static let parts = [
    PrimitiveSample(Slice(range: 1..<3, axis: 0), [4, 2]),
    PrimitiveSample(Slice(range: 0..<1, axis: 1), [2, 3]),
    PrimitiveSample(Slice(range: 2..<2, axis: 0), [3]),
    PrimitiveSample(Pad(start: 1, length: 4, axis: 0), [2, 2]),
    PrimitiveSample(Pad(start: 0, length: 2, axis: 1), [2, 2]),
    PrimitiveSample(Pad(start: 2, length: 3, axis: 0), [0]),
    PrimitiveSample(Concatenate(axis: 0), [2, 2], [0, 2], [1, 2]),
    PrimitiveSample(Concatenate(axis: 1), [2, 1], [2, 3]),
    PrimitiveSample(Concatenate(axis: 0), [2]),
    PrimitiveSample(Gather(indices: [0, 0, 1], axis: 0), [3, 2]),
    PrimitiveSample(Gather(indices: [2, 1], axis: 1), [2, 3]),
    PrimitiveSample(Gather(indices: [], axis: 0), [3]),
    PrimitiveSample(ScatterAdd(indices: [0, 0, 1], axis: 0, length: 3), [3, 2]),
    PrimitiveSample(ScatterAdd(indices: [2, 0], axis: 1, length: 4), [2, 2]),
    PrimitiveSample(ScatterAdd(indices: [], axis: 0, length: 2), [0, 2]),
    PrimitiveSample(Lookup(axis: 0), [3, 2], at: [0, 0, 1]),
    PrimitiveSample(Lookup(axis: 1), [2, 3], at: [2, 1]),
    PrimitiveSample(Lookup(axis: 0), [3], at: []),
    PrimitiveSample(LookupTranspose(axis: 0, length: 3), [3, 2], at: [0, 0, 1]),
    PrimitiveSample(LookupTranspose(axis: 1, length: 4), [2, 2], at: [2, 0]),
    PrimitiveSample(LookupTranspose(axis: 0, length: 2), [0, 2], at: []),
    PrimitiveSample(LabelTargets(classes: 3), [], at: [2, 0, 2], order: 0),
  ]

  private static let products: [PrimitiveSample] =
    [
      ([2, 3], [3, 4]), ([1, 1], [1, 1]), ([3, 1], [1, 2]), ([2, 0], [0, 3]), ([0, 2], [2, 3]),
      ([2, 2, 3], [2, 3, 2]),
    ]
    .flatMap { (a: Shape, b: Shape) in
      [(false, false), (true, false), (false, true), (true, true)].map { left, right in
        PrimitiveSample(
          MatrixProduct(transposesLeft: left, transposesRight: right),
          left ? a.transposed : a, right ? b.transposed : b)
      }
    }

  private static let others =
    [([3, 4], 0), ([3, 4], 1), ([2, 3, 2], 1), ([4], 0), ([1, 3], 0), ([3, 0], 0)].flatMap { (x: Shape, axis: Int) in
      [
        PrimitiveSample(Softmax(axis: axis), x), PrimitiveSample(LogSumExp(axis: axis), x),
        PrimitiveSample(LogSoftmax(axis: axis), x),
      ]
    } + [
      PrimitiveSample(Softmax(axis: 0), [0, 3]), PrimitiveSample(LogSoftmax(axis: 0), [0, 3]),
      PrimitiveSample(Checkpoint { apply(Tanh(), apply(MatrixProduct(), $0)) }, [2, 3], [3, 2], order: 3),
    ] + usedProducts + batches + loops

  /// With a mask that is 0 nowhere; where it is, the factor is 0 too, which no difference keeps to.
  private static let usedProducts = [(false, false, 0), (true, false, 0), (false, true, 1), (true, true, 1)].map {
    left, right, masked in
    let a: Shape = left ? [3, 2] : [2, 3], b: Shape = right ? [4, 3] : [3, 4]
    return PrimitiveSample(
      UsedProduct(product: MatrixProduct(transposesLeft: left, transposesRight: right), masked: masked),
      operands: [
        SampleOperand(shape: a), SampleOperand(shape: b), SampleOperand(shape: masked == 0 ? a : b, interval: 1...2),
      ])
  }

  private static let batches = [
    PrimitiveSample(Batched(primitive: Softmax(axis: 0), isBatched: [true], count: 3), [3, 4]),
    PrimitiveSample(Batched(primitive: LogSumExp(axis: 0), isBatched: [true], count: 0), [0, 4]),
    PrimitiveSample(Batched(primitive: MatrixProduct(), isBatched: [false, true], count: 2), [2, 3], [2, 3, 2]),
    PrimitiveSample(
      Batched(primitive: SoftmaxCrossEntropy(axis: 0), isBatched: [true, false], count: 2),
      operands: [SampleOperand(shape: [2, 3]), SampleOperand(shape: [3], interval: 0...1)]),
    PrimitiveSample(
      Batched(primitive: Gather(indices: [0, 0, 1], axis: 0), isBatched: [true], count: 2), [2, 3, 2]),
  ]

  /// `s ← tanh(w ⊙ s + x)`, forward and back, and with two states. (A loop has the scalar type with which it was traced, so it
  /// is made anew for each.)
  private static let loops = [false, true].flatMap { isReversed in
    let one = Checkpoint { x in
      let next = { (s: Value, x: Value, w: Value) in apply(Tanh(), apply(Add(), apply(Multiply(), w, s), x)) }
      let count = x[1].shape[0]
      return try scanned([x[0]], over: [x[1]], count: count, isReversed: isReversed) { s, row in
        let state = next(s[0], row[0], x[2])
        return (states: [state], outputs: [apply(Multiply(), state, x[2])], sums: [])
      }.outputs[0]
    }
    let two = Checkpoint { x in
      try scanned([x[0], x[1]], over: [x[2]], count: 4, isReversed: isReversed) { s, row in
        let states = [apply(Multiply(), s[0], row[0]), apply(Add(), s[1], apply(Sum(target: []), s[0]))]
        return (states: states, outputs: [], sums: [])
      }.states[1]
    }
    return [
      PrimitiveSample(one, [2], [3, 2], [2], order: 3), PrimitiveSample(two, [2], [], [4, 2]),
      PrimitiveSample(one, [2], [0, 2], [2]),
    ]
  }
}

extension Shape {
  /// The shape with its last two axes exchanged.
  fileprivate var transposed: Shape {
    replacing(axis: rank - 2, with: self[rank - 1]).replacing(axis: rank - 1, with: self[rank - 2])
  }
}
