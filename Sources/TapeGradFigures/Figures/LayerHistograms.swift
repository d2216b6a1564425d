import TapeGradArrays

extension PlotGrid {
  /// How the activations of each layer are distributed, on one scale: whether units saturate, die or do nothing.
  ///
  /// - Parameter layers: The name and the activations of each layer, in their order.
  public static func activationHistograms(_ layers: [(name: String, values: [some TensorScalar])]) -> PlotGrid {
    let layers = layers.map { (name: $0.name, values: doubles($0.values)) }
    var grid = PlotGrid(title: "Activations by layer", plots: histograms(layers, along: Axis()))
    grid.subtitle = "share of the activations, on one scale"
    grid.description = layers.map { layer in
      let finite = layer.values.filter(\.isFinite), count = Double(max(finite.count, 1))
      let mean = finite.reduce(0, +) / count
      let deviation = (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
      return "\(layer.name): mean \(numberLabel(mean)), standard deviation \(numberLabel(deviation))."
    }.joined(separator: " ")
    return grid
  }

  /// How large the gradients of each layer are, on one logarithmic scale: whether they vanish or explode on the way.
  ///
  /// - Parameter layers: The name and the gradient of each layer, in their order. Zeros have no place on the scale; their
  ///   share is said.
  public static func gradientHistograms(_ layers: [(name: String, values: [some TensorScalar])]) -> PlotGrid {
    let layers = layers.map { layer in
      let values = doubles(layer.values), zeros = values.count { $0 == 0 }
      // Dead units have gradients of exactly 0, so their share says how many there are.
      let share = zeros == 0 ? "" : ", \(numberLabel(100 * Double(zeros) / Double(values.count), digits: 2)) % are 0"
      return (name: layer.name + share, values: values.filter { $0 != 0 }.map(\.magnitude))
    }
    var grid = PlotGrid(
      title: "Gradients by layer", plots: histograms(layers, along: Axis("magnitude", scale: .logarithmic)))
    grid.subtitle = "share by magnitude, on one logarithmic scale"
    grid.description = layers.map { layer in
      // The median, since a mean of magnitudes over many powers of ten is that of the few largest.
      let sorted = layer.values.filter(\.isFinite).sorted()
      guard !sorted.isEmpty else { return "\(layer.name)." }
      return "\(layer.name): median magnitude \(numberLabel(sorted[sorted.count / 2]))."
    }.joined(separator: " ")
    return grid
  }

  /// A histogram of each layer with the same 30 bins: equal steps along the axis, linear or logarithmic.
  private static func histograms(_ layers: [(name: String, values: [Double])], along axis: Axis) -> [Plot] {
    // One range for all layers, so that their histograms can be compared.
    let all = Extent(of: layers.lazy.flatMap(\.values), on: axis.scale), bins = 30
    return layers.map { layer in
      var axis = axis
      guard let all else { return Plot(title: layer.name, x: axis) {} }
      // Positions 0…30 along the axis: the bin of a number is its position without the fraction. From 10⁻⁶ to 1 on a
      // logarithmic axis, each bin is a fifth of a decade.
      let scale = Scale(kind: axis.scale, low: all.low, high: all.high, start: 0, end: Double(bins))
      let edges = (0...bins).map { scale.value(at: Double($0)) }
      var counts = [Double](repeating: 0, count: bins)
      let finite = layer.values.filter(axis.scale.places)
      for value in finite { counts[min(max(Int(scale(value)), 0), bins - 1)] += 1 }
      axis.range = all.low...all.high
      let lost = layer.values.count - finite.count
      let name = lost == 0 ? layer.name : "\(layer.name), \(lost) of \(layer.values.count) not finite"
      return Plot(title: name, x: axis, y: Axis("%")) {
        if !finite.isEmpty { bars(edges: edges, heights: counts.map { 100 * $0 / Double(finite.count) }) }
      }
    }
  }
}
