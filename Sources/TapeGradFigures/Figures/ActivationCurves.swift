import TapeGradArrays
import TapeGradCore
import TapeGradNetworks

extension PlotGrid {
  /// Activations and their derivatives, as the tape computes them.
  ///
  /// - Parameters:
  ///   - activations: A panel for each.
  ///   - range: The z that are shown.
  public static func activations(
    _ activations: [Activation] = Activation.allCases, over range: ClosedRange<Double> = -4...4
  ) -> PlotGrid {
    // 161 points over 8 units are 20 to a unit: enough for a smooth tanh, and for the corner of a ReLU at 0, which is
    // one of them.
    let z = (0...160).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 160 }
    let plots = activations.map { activation in
      let g = activation(Tensor<Double>(z))
      // Each z has its own summand, so that one gradient of `Σ g(zᵢ)` holds all of the derivatives g′(zᵢ).
      let slope = try? gradient(at: Tensor<Double>(z)) { activation($0).sum() }
      return Plot(title: "\(activation)", x: Axis("z", range: range)) {
        line(z, g.scalars(orGapsFor: z.count), named: "g(z)")
        line(z, slope?.scalars(orGapsFor: z.count) ?? [], named: "g′(z)")
      }
    }
    var grid = PlotGrid(title: "Activations and their derivatives", plots: plots)
    grid.description =
      "g(z) and g′(z) for z from \(numberLabel(range.lowerBound)) to \(numberLabel(range.upperBound)): "
      + activations.map(\.description).joined(separator: ", ") + "."
    return grid
  }
}

extension Tensor<Double> {
  /// The numbers; gaps where the tensor is a failed one.
  fileprivate func scalars(orGapsFor count: Int) -> [Double] {
    (try? scalars) ?? [Double](repeating: .nan, count: count)
  }
}
