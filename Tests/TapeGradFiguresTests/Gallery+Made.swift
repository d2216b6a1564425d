import Foundation
import TapeGrad

extension Gallery {
  /// Two half moons: two features, two classes; three rings for three classes.
  static func moonsFigures() throws -> [(name: String, svg: SVG)] {
    var generator = SeededGenerator(seed: 5)
    let noise = (0.18 * NDArray<Double>.randomNormal([2, 240], using: &generator)).scalars
    var features = [[Double]](repeating: [], count: 2), labels: [Double] = []
    for example in 0..<240 {
      let isUpper = example.isMultiple(of: 2), angle = Double.pi * Double(example) / 239
      features[0].append((isUpper ? Foundation.cos(angle) : 1 - Foundation.cos(angle)) + noise[example])
      features[1].append((isUpper ? Foundation.sin(angle) : 0.5 - Foundation.sin(angle)) + noise[240 + example])
      labels.append(isUpper ? 0 : 1)
    }
    let x = Tensor(features.flatMap { $0 }, shape: [2, 240]), y = Tensor(labels, shape: [1, 240])
    var network = TwoLayerNetwork<Double>(inputs: 2, hidden: 8, hiddenActivation: .tanh, using: &generator)
    for _ in 0..<1500 {
      network.move(along: try gradient(at: network) { $0.loss(x, labels: y) }, by: -1.5)
    }
    let trained = network
    let report = try checkGradient(at: trained) { $0.loss(x, labels: y) }
    let boundary = try Plot.decisionBoundary(x, labels: y, classes: ["upper moon", "lower moon"], names: ["x1", "x2"]) {
      trained($0)
    }
    return [
      ("decision-boundary", boundary.svg),
      (
        "gradient-comparison",
        PlotGrid.gradientComparison(report).svg
      ),
      ("activations", PlotGrid.activations().svg),
    ]
  }

  /// Figures of numbers that are made up, and of what goes wrong.
  static func plainFigures() throws -> [(name: String, svg: SVG)] {
    var generator = SeededGenerator(seed: 8)
    let noise = NDArray<Double>.randomNormal([300], using: &generator).scalars
    var predicted: [Double] = [], prices: [Double] = [], petals: [[Double]] = [[], []], species: [Int] = []
    for example in 0..<300 {
      let price = 10 + Double(example) / 10
      predicted.append(price)
      prices.append(price + noise[example] * (1 + price / 20))
    }
    for example in 0..<90 {
      species.append(example % 3)
      petals[0].append(Double(example % 3) * 2 + 0.6 * noise[example])
      petals[1].append(noise[example + 100])
    }
    let centers = [0.0, 2, 4]
    let names = ["setosa", "versicolor", "virginica"]
    let epochs = (0..<60).map(Double.init)
    func decay(by rate: Double, from start: Double = 1, to end: Double) -> [Double] {
      epochs.map { (epoch: Double) -> Double in end + (start - end) * Foundation.exp(-rate * epoch) }
    }
    return [
      ("residuals", Plot.residuals(predicted: predicted, labels: prices, of: "prices", unit: "k$").svg),
      (
        "decision-boundary-3",
        Plot.decisionBoundary(
          features: petals, labels: species, classes: names,
          names: ["petal length (cm)", "petal width (cm)"]
        ) { x in
          centers.map { center in
            zip(x[0], x[1]).map { (u: Double, v: Double) -> Double in -abs(u - center) - 0.2 * center * abs(v - 0.5) }
          }
        }.svg
      ),
      (
        "confusion-matrix-10",
        Plot.confusionMatrix(
          (0..<10).map { i in (0..<10).map { j in i == j ? 900 + i * 7 : (i * 7 + j * 3) % 11 == 0 ? 12 : 0 } },
          classes: (0..<10).map(String.init)
        ).svg
      ),
      (
        "roc-3",
        Plot.rocCurves(
          zip(names, [8.0, 3, 1.5]).map { name, k in
            let x = (0...40).map { Double($0) / 40 }
            return .init(x: x, y: x.map { Foundation.pow($0, 1 / k) }, named: name)
          }
        ).svg
      ),
      (
        "weights-128",
        Plot.weights(0.05 * NDArray<Double>.randomNormal([128, 784], using: &generator), named: "W1").svg
      ),
      (
        "diverged",
        Plot.lossCurves(
          training: (0..<40).map { (epoch: Int) -> Double in epoch < 12 ? Foundation.pow(3, Double(epoch)) : .infinity }
        ).svg
      ),
      (
        "six-lines",
        Plot(title: "Six optimizers on one problem", x: Axis("step"), y: Axis("J", scale: .logarithmic)) {
          for (index, name) in ["gradient descent", "momentum", "RMSProp", "Adam", "AdamW", "L-BFGS"].enumerated() {
            line(epochs, decay(by: 0.02 * Double(index + 1), to: 0.001), named: name)
          }
        }.svg
      ),
      (
        "bars",
        Plot(title: "Examples by species", y: Axis("examples")) {
          bars([152.0, 68, 124], of: ["Adelie", "Chinstrap", "Gentoo"])
        }
        .svg
      ),
      (
        "band",
        Plot(title: "Ten runs", x: Axis("epoch"), y: Axis("accuracy")) {
          band(epochs, from: decay(by: 0.1, from: 0.4, to: 0.8), to: decay(by: 0.1, from: 0.6, to: 0.95), named: "mean")
          line(epochs, decay(by: 0.1, from: 0.5, to: 0.88), named: "mean")
        }.svg
      ),
      ("empty", Plot(title: "Nothing to show", x: Axis("x"), y: Axis("y")) { line([Double]()) }.svg),
      ("one-point", Plot(title: "One point", x: Axis("x"), y: Axis("y")) { points([3.0], [5.0]) }.svg),
      (
        "constant",
        Plot(title: "Constant", x: Axis("epoch"), y: Axis("J")) { line(epochs.map { _ in 0.693 }, named: "J") }.svg
      ),
      (
        "tiny-numbers",
        Plot(title: "Tiny numbers", x: Axis("step"), y: Axis("∂J/∂b1")) {
          line(epochs.map { (epoch: Double) -> Double in 3e-7 * Foundation.cos(epoch / 9) }, named: "∂J/∂b1")
        }.svg
      ),
    ]
  }
}
