/// How a convolution in two dimensions moves its window: x (N, C, H, W), weights (O, C/groups, h, w), y (N, O, H′, W′), with
/// `H′ = ⌊(H + 2·padding − dilation·(h − 1) − 1)/stride⌋ + 1`, and so for W′.
package struct ConvolutionGeometry: Hashable, Sendable {
  /// One number for each of the two dimensions.
  package struct Pair: Hashable, Sendable {
    package var rows, columns: Int
    package init(_ rows: Int, _ columns: Int) { (self.rows, self.columns) = (rows, columns) }
  }
  package var stride, padding, dilation: Pair
  package var groups: Int

  package init(stride: Pair, padding: Pair, dilation: Pair, groups: Int) {
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
  }

  /// How many places a window of `size` has along an axis of `length`; nil where it is longer than the axis.
  package static func places(_ length: Int, window size: Int, stride: Int, padding: Int, dilation: Int) -> Int? {
    let rest = length + 2 * padding - dilation * (size - 1) - 1
    return rest < 0 || size < 1 ? nil : rest / stride + 1
  }

  /// The shape of y.
  ///
  /// - Throws: `ShapeError` where x and the weights do not fit each other, or the window does not fit x.
  package func output(_ x: Shape, _ weights: Shape) throws(ShapeError) -> Shape {
    guard x.rank == 4, weights.rank == 4 else {
      throw ShapeError("a convolution takes (examples, channels, …) and (filters, channels, …)")
    }
    guard stride.rows > 0, stride.columns > 0, dilation.rows > 0, dilation.columns > 0, padding.rows >= 0,
      padding.columns >= 0
    else { throw ShapeError("strides and dilations are positive, and paddings not negative") }
    guard groups > 0, weights[0] % groups == 0, x[1] == weights[1] * groups else {
      throw ShapeError(
        "\(x[1]) channels and \(weights[0]) filters of \(weights[1]) channels do not fit \(groups) group\(groups == 1 ? "" : "s")"
      )
    }
    let rows = Self.places(
      x[2], window: weights[2], stride: stride.rows, padding: padding.rows, dilation: dilation.rows)
    let columns = Self.places(
      x[3], window: weights[3], stride: stride.columns, padding: padding.columns, dilation: dilation.columns)
    guard let rows, let columns else {
      throw ShapeError("a window of \(weights[2]) × \(weights[3]) does not fit \(x[2]) × \(x[3])")
    }
    return Shape([x[0], weights[0], rows, columns])
  }
}
