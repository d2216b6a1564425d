import TapeGradCore

/// The loss of layers of long short-term memory, whose weight matrices are diagonal, on a sequence of characters.
let recurrentNetwork = [
  "objective": Function(
    prepare: { (input: RecurrentInput) in
      let network = RecurrentNetwork(input)
      return { network.loss(network.main, network.extra) }
    }, report: { try $0.item }),
  "jacobian": Function(
    prepare: { (input: RecurrentInput) in
      let network = RecurrentNetwork(input)
      return { try gradient(at: network.main, network.extra, of: network.loss) }
    }, report: { try $0.0.scalars + $0.1.scalars }),
]

struct RecurrentInput: Decodable {
  let mainParameters, extraParameters, state, sequence: [[Double]]

  private enum CodingKeys: String, CodingKey {
    case mainParameters = "main_params"
    case extraParameters = "extra_params"
    case state, sequence
  }
}

struct RecurrentNetwork {
  /// Two rows a layer: weights, then biases, of forget, input and output gate and of the change.
  let main: Tensor<Double>
  /// Weights of the input, weights of the output, biases of the output.
  let extra: Tensor<Double>
  private let state: [Tensor<Double>]
  private let sequence: [Tensor<Double>]

  init(_ input: RecurrentInput) {
    main = Tensor(input.mainParameters)
    extra = Tensor(input.extraParameters)
    state = input.state.map { Tensor($0) }
    sequence = input.sequence.map { Tensor($0) }
  }

  func loss(_ main: Tensor<Double>, _ extra: Tensor<Double>) -> Tensor<Double> {
    let width = extra.shape[1], layers = main.shape[0] / 2
    func row(_ matrix: Tensor<Double>, _ i: Int) -> Tensor<Double> {
      matrix.sliced(i..<i + 1).reshaped(to: [matrix.shape[1]])
    }
    func gates(_ i: Int) -> [Tensor<Double>] {
      let row = row(main, i)
      return (0..<4).map { row.sliced($0 * width..<($0 + 1) * width) }
    }
    let weights = (0..<layers).map { gates(2 * $0) }, biases = (0..<layers).map { gates(2 * $0 + 1) }
    let (inWeights, outWeights, outBiases) = (row(extra, 0), row(extra, 1), row(extra, 2))
    var hidden = (0..<layers).map { state[2 * $0] }, cell = (0..<layers).map { state[2 * $0 + 1] }
    var total = Tensor<Double>(0)
    for (input, target) in zip(sequence, sequence.dropFirst()) {
      var signal = input * inWeights
      for layer in 0..<layers {
        let (w, b) = (weights[layer], biases[layer])
        let forget = sigmoid(signal * w[0] + b[0]), keep = sigmoid(hidden[layer] * w[1] + b[1])
        let output = sigmoid(signal * w[2] + b[2]), change = tanh(hidden[layer] * w[3] + b[3])
        cell[layer] = cell[layer] * forget + keep * change
        hidden[layer] = output * tanh(cell[layer])
        signal = hidden[layer]
      }
      let prediction = signal * outWeights + outBiases
      total = total + (target * (prediction - log(exp(prediction).sum() + 2))).sum()
    }
    return -total / Double((sequence.count - 1) * width)
  }
}
