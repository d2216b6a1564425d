/// How a convolution in two dimensions moves its window: x (N, C, H, W), weights (O, C/groups, h, w), y (N, O, H′, W′), with
/// `H′ = ⌊(H + 2·padding − dilation·(h − 1) − 1)/stride⌋ + 1`, and so for W′.
package struct ConvolutionGeometry: Hashable, Sendable {
  /// One number for each of the two dimensions.
  package struct Pair: Hashable, Sendable {
    package var rows, columns: Int
    package init(_ rows: Int, _ columns: Int) { (self.rows, self.columns) = (rows, columns) }
  }
  /// By how much the window moves; how many zeros stand around x on each side; how far the window's elements lie apart.
  package var stride, padding, dilation: Pair
  /// Into how many parts channels and filters fall: each part of the filters sees its part of the channels.
  package var groups: Int

  package init(stride: Pair, padding: Pair, dilation: Pair, groups: Int) {
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
  }

  /// - Throws: `ShapeError` where a number is none that a window can move by.
  package func validate() throws(ShapeError) {
    let most = Int(Int32.max)
    let steps = [stride.rows, stride.columns, dilation.rows, dilation.columns]
    guard steps.allSatisfy({ 1...most ~= $0 }), [padding.rows, padding.columns].allSatisfy({ 0...most ~= $0 }) else {
      throw ShapeError("strides and dilations are positive, and paddings not negative; all are below 2³¹")
    }
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
    try validate()
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
