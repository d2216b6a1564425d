// A model as a file. Tensors are stored as tensors, and the rest as JSON texts in the metadata, so that any reader of
// safetensors can open it:
//
//   layers.0.weight, layers.0.bias, …                 the tensors of the network
//   tapegrad.architecture, .preparation, .training    activations and normalizations; encoding and scales; the history
//
// A file may come from anywhere. So nothing in it is trusted: widths, names and counts are checked against each other
// before a network is made of them, and what does not fit is an error.

import TapeGradCore
import TapeGradFormats
import TapeGradNetworks

extension Model {
  /// Writes the model as a safetensors file: the tensors of the network, and layers, encoding, scales, class names and
  /// history as its metadata. The old file or the new one is there and whole, whenever the process ends.
  ///
  /// - Throws: `FileError` where the file cannot be written; `TensorError` where a tensor has no numbers.
  public func write(to path: String) throws {
    var file = try described()
    try file.add(network)
    try file.write(to: path)
  }

  /// Reads a model that ``write(to:)`` has written.
  ///
  /// - Throws: `FileError` where the file cannot be read; `FormatError` where it is not such a model, with all that is wrong.
  public init(contentsOf path: String) throws {
    let file = try ModelFile(contentsOf: path)
    try self.init(file, named: path)
    try file.load(into: &network)
  }

  /// A file without tensors whose metadata say everything but the numbers.
  package func described() throws -> ModelFile {
    var file = ModelFile()
    file[.architecture] = network.architecture.description
    file[.preparation] = try preparation.json()
    file[.training] = JSONValue.object([.init("history", .string(history.csv))]).description
    return file
  }

  /// The model that a file's metadata describe, with zeros in place of its numbers.
  ///
  /// - Parameter prefix: what stands before the names of the network's tensors, with a point.
  package init(_ file: ModelFile, named path: String, prefix: String = "") throws {
    try file.checkVersion()
    guard let architecture = file[.architecture], let json = file[.preparation] else {
      throw FormatError(path, "no layers or no encoding among the metadata: not a model that was trained on a table")
    }
    preparation = try Preparation(json: json)
    let encoding = preparation.encoding
    network = try MultilayerNetwork(
      architecture: JSONValue(architecture), task: LearningTask(encoding.task), inputs: encoding.featureNames.count,
      outputs: encoding.task == .classes ? encoding.classNames.count : encoding.labelNames.count
    ) { layer in file["\(prefix)layers.\(layer).weight"]?.shape }
    if let text = file[.training], let csv = try JSONValue(text)["history"]?.string {
      guard let history = TrainingHistory(csv: csv) else {
        throw FormatError(path, "a history of the training that is none")
      }
      self.history = history
    }
  }
}

extension MultilayerNetwork {
  /// What the network is beside its numbers.
  fileprivate var architecture: JSONValue {
    let layers = layers.map { JSONValue.string($0.activation.description) }
    let normalizations = normalizations.map { normalization -> JSONValue in
      switch normalization {
      case .batch(let batch):
        .object([
          .init("kind", .string("batch")), .init("epsilon", .number(batch.epsilon)),
          .init("momentum", .number(batch.momentum)),
        ])
      case .layer(let layer): .object([.init("kind", .string("layer")), .init("epsilon", .number(layer.epsilon))])
      }
    }
    return .object([
      .init("activations", .array(layers)), .init("normalizations", .array(normalizations)),
      .init("dropout", .number(dropoutRate)),
    ])
  }

  /// A network of zeros, as it is described; the widths are those of the file's tensors, so that no more memory is taken
  /// than the file has numbers.
  fileprivate init(
    architecture json: JSONValue, task: LearningTask, inputs: Int, outputs: Int, weightShape: (Int) -> [Int]?
  ) throws(DataSetError) {
    guard let names = json["activations"]?.strings, let normalizations = json["normalizations"]?.array,
      let dropoutRate = json["dropout"]?.number, !names.isEmpty
    else { throw DataSetError("a network without activations, normalizations or dropout") }
    var layers: [Dense<Scalar>] = [], width = inputs
    for (index, name) in names.enumerated() {
      guard let activation = Activation(name) else { throw DataSetError("an unknown activation \(name.quoted)") }
      guard let shape = weightShape(index), shape.count == 2, shape[1] == width else {
        throw DataSetError("layer \(index) of the network does not take \(width) inputs")
      }
      width = shape[0]
      layers.append(
        Dense(weight: .zeros([width, shape[1]]), bias: .zeros([width, 1]), activation: activation))
    }
    guard width == outputs else { throw DataSetError("a network of \(width) outputs where \(outputs) are predicted") }
    guard normalizations.isEmpty || normalizations.count == names.count - 1 else {
      throw DataSetError("\(normalizations.count) normalizations of \(names.count - 1) hidden layers")
    }
    let found = zip(layers, normalizations).compactMap { layer, json in
      Normalization<Scalar>(json: json, features: layer.bias.shape[0])
    }
    guard found.count == normalizations.count else { throw DataSetError("an unknown normalization") }
    self.init(layers: layers, normalizations: found, dropoutRate: dropoutRate, task: task)
  }
}

extension Normalization {
  /// The normalization that `json` describes; nil where it describes none.
  fileprivate init?(json: JSONValue, features: Int) {
    guard let epsilon = json["epsilon"]?.number else { return nil }
    switch (json["kind"]?.string, json["momentum"]?.number) {
    case ("batch", let momentum?):
      var batch = BatchNormalization<Scalar>(features: features)
      (batch.epsilon, batch.momentum) = (epsilon, momentum)
      self = .batch(batch)
    case ("layer", _):
      var layer = LayerNormalization<Scalar>(features: features)
      layer.epsilon = epsilon
      self = .layer(layer)
    default: return nil
    }
  }
}
