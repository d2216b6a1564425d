package import CTapeGradKernels

/// How work is divided among threads: among how many, and where the cuts are. The measured numbers are all here.
package enum WorkShare {
  /// Among how many threads to share so many nanoseconds W of work; no more than may be used.
  ///
  /// n threads need W/n, and about c·n to meet, which is least for n = √(W/c). For c, measured: two threads in a program
  /// meet in about 0.3 µs, and what one has written reaches another at some 10 bytes a nanosecond.
  ///
  /// - Parameter inProgram: whether the team is at work already, and its members find there what they wrote themselves.
  ///   An operation by itself calls the team first.
  package static func threads(_ nanoseconds: Double, inProgram: Bool = false) -> Int {
    let meeting = inProgram ? 500.0 : 2000
    return max(1, Int(min((nanoseconds / meeting).squareRoot(), Double(threadCount))))
  }

  /// About how many nanoseconds a matrix product takes: for its multiply-adds, and for reading the factors.
  package static func cost(product m: Int, _ k: Int, _ n: Int, _ type: ScalarType) -> Double {
    let (m, k, n) = (Double(m), Double(k), Double(n))
    return (m * k * n / 60 + (m + n) * k / 10) * Double(type.byteCount) / 4
  }

  /// How many threads work on elements is worth, at so many nanoseconds for each.
  package static func threads(elements: Int, cost: Double) -> Int { threads(Double(elements) * cost) }

  /// About how many nanoseconds an element takes that is folded.
  package static let foldCost = 0.25

  /// About how many nanoseconds an element of an operation takes.
  package static func cost(_ operation: TGUnary) -> Double {
    switch operation {
    case .negate, .absolute, .sign, .square, .relu, .step, .scale, .offset, .complement, .leakyRelu, .leakyStep: 0.1
    case .squareRoot, .quotient, .reciprocal, .logDerivative: 0.2
    case .exp, .log, .expm1, .log1p, .tanh, .tanhDerivative, .sigmoid, .sigmoidDerivative, .softplus: 0.5
    case .power: 10
    }
  }

  /// About how many nanoseconds an element of an operation takes.
  package static func cost(_ operation: TGBinary) -> Double {
    switch operation {
    case .add, .subtract, .multiply, .maximum, .minimum, .chain, .less, .equal: 0.1
    case .divide: 0.2
    case .logitsCrossEntropy, .sigmoidResidual: 0.8
    case .power: 10
    }
  }

  /// Part number `index` of `count` of a row of `length` elements, cut at multiples of `unit`.
  package static func part(_ index: Int, of count: Int, length: Int, unit: Int) -> Range<Int> {
    if count == 1 { return 0..<length }
    let units = (length + unit - 1) / unit
    return min(units * index / count * unit, length)..<min(units * (index + 1) / count * unit, length)
  }
}
