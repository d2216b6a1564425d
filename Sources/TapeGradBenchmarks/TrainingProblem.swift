import TapeGrad

/// The sizes of a two-layer network and its data, `n_x × n_1 × m`; it has one output.
package struct NetworkSize: CustomStringConvertible, Sendable {
  /// The features n_x, the hidden units n_1, and the examples m.
  let inputs, hidden, examples: Int

  /// The network whose steps are the shortest.
  static let smallest = NetworkSize(2, 4, 400)
  /// Sizes that are measured in seconds.
  package static let small = [smallest] + [(30, 16, 569), (784, 128, 256)].map(NetworkSize.init)
  /// Sizes whose measurement takes minutes.
  package static let large = [(784, 512, 4096), (1024, 1024, 1024), (4096, 4096, 512)].map(NetworkSize.init)

  /// The size of these numbers, in the order of the name.
  init(_ inputs: Int, _ hidden: Int, _ examples: Int) {
    (self.inputs, self.hidden, self.examples) = (inputs, hidden, examples)
  }

  /// The size that a text like `30x16x569` names; nil for another text, and for lengths that are not in 1...1,000,000.
  package init?(_ text: String) {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard numbers.count == 3, numbers.allSatisfy({ (1...1_000_000).contains($0) }) else { return nil }
    self.init(numbers[0], numbers[1], numbers[2])
  }

  /// `30x16x569`.
  package var description: String { "\(inputs)x\(hidden)x\(examples)" }
}

/// What the benchmark trains. Seeds make the numbers the same on every machine, and `Tests/Benchmarks/problem.py` makes
/// them once more for other libraries, which must come to the same losses.
///
/// Features are uniform in −1...1, labels say whether the first feature is positive, weights are uniform in ±1/√n_in.
struct TrainingProblem<Scalar: TensorScalar> {
  /// The learning rate.
  static var rate: Scalar { 0.5 }
  /// X, (n_x, m), and Y, (1, m).
  let features, labels: Tensor<Scalar>
  /// The network before training.
  let network: TwoLayerNetwork<Scalar>

  /// The problem of a size, with an activation of the hidden layer.
  init(_ size: NetworkSize, _ activation: Activation) throws {
    func uniform(_ shape: Shape, _ bound: Double, seed: UInt64) -> Tensor<Scalar> {
      var generator = SeededGenerator(seed: seed)
      return .randomUniform(shape, in: -bound...bound, using: &generator)
    }
    features = uniform([size.inputs, size.examples], 1, seed: 1)
    labels = Tensor(try features.scalars.prefix(size.examples).map { $0 > 0 ? 1 : 0 }, shape: [1, size.examples])
    network = TwoLayerNetwork(
      W1: uniform([size.hidden, size.inputs], 1 / Double(size.inputs).squareRoot(), seed: 2),
      b1: .zeros([size.hidden, 1]),
      W2: uniform([1, size.hidden], 1 / Double(size.hidden).squareRoot(), seed: 3),
      b2: .zeros([1, 1]), hiddenActivation: activation)
  }
}
