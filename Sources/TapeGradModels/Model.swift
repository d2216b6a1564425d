import TapeGradCore
import TapeGradFormats
import TapeGradNetworks

/// Everything between a table and a prediction in one value: how columns become features, how they are scaled, the network,
/// and what its outputs mean.
///
/// ```swift
/// let data = try DataSet<Float>(csv: table, labels: "diagnosis")
/// let (training, test) = try data.split(test: 0.2, seed: 1)
/// var model = try Model(hidden: [16], activation: .relu, for: training, seed: 1)
/// let history = try model.fit(training, optimizer: .adam(rate: 0.01), epochs: 500, batchSize: 32)
/// print(try model.evaluate(test))
/// try model.write(to: "model.safetensors")
/// let predictions = try Model<Float>(contentsOf: "model.safetensors").predict(table)
/// ```
public struct Model<Scalar: TensorScalar>: Sendable {
  /// The network, which sees scaled features and gives probabilities or scaled numbers.
  public var network: MultilayerNetwork<Scalar>
  /// How tables become features and labels, and the scales of both.
  public let preparation: Preparation<Scalar>
  /// The epochs of the last training.
  public package(set) var history = TrainingHistory()

  /// A model with random weights for the features and labels of a data set, from which scales are taken.
  ///
  /// - Parameters:
  ///   - hidden: the number of units of each hidden layer; none gives logistic or linear regression.
  ///   - activation: g of every hidden layer.
  ///   - normalization: over what hidden layers are normalized; by default they are not.
  ///   - dropoutRate: the share of each hidden layer's units that are dropped while the network learns.
  ///   - training: the examples to train with.
  ///   - seed: what the weights depend on.
  /// - Throws: `TensorError` where the data have no numbers, or a layer is too large.
  public init(
    hidden: [Int], activation: Activation = .relu, normalization: NormalizationKind? = nil, dropoutRate: Double = 0,
    for training: DataSet<Scalar>, seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    preparation = try Preparation(fittedTo: training)
    let encoding = training.encoding
    network = MultilayerNetwork(
      inputs: training.featureNames.count, hidden: hidden,
      outputs: encoding.task == .classes ? encoding.classNames.count : encoding.labelNames.count,
      hiddenActivation: activation, normalization: normalization, dropoutRate: dropoutRate,
      task: LearningTask(encoding.task), using: &generator)
    for (_, tensor) in network.tensors { try tensor.validated() }
  }

  init(network: MultilayerNetwork<Scalar>, preparation: Preparation<Scalar>) {
    (self.network, self.preparation) = (network, preparation)
  }

  /// What is predicted.
  public var task: PredictionTask { preparation.encoding.task }

  /// The names of the classes; empty where none are predicted.
  public var classNames: [String] { preparation.encoding.classNames }
}

extension LearningTask {
  /// What a network is trained for, where `task` is to be predicted.
  init(_ task: PredictionTask) {
    switch task {
    case .binary, .multiLabel: self = .binaryClassification
    case .classes: self = .classification
    case .regression: self = .regression
    }
  }
}
