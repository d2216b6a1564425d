import TapeGradCore

extension ONNXWriter {
  /// A convolution, its transpose, the largest elements of windows, or a determinant; nil for other words.
  mutating func array(_ word: ArrayWord, _ x: [ONNXValue], to shape: [ONNXLength]) -> ONNXValue? {
    func pair(_ pair: ConvolutionGeometry.Pair) -> ONNXAttribute { .integers([pair.rows, pair.columns]) }
    /// In front of both axes, and behind them.
    func pads(_ padding: ConvolutionGeometry.Pair) -> ONNXAttribute {
      .integers([padding.rows, padding.columns, padding.rows, padding.columns])
    }
    let name: String
    switch word {
    case .convolution(let layout):
      let geometry = layout.geometry
      name = onnx.add(
        "Conv", x.map(\.name),
        [
          "dilations": pair(geometry.dilation), "group": .integer(geometry.groups), "pads": pads(geometry.padding),
          "strides": pair(geometry.stride),
        ])
    case .convolutionImages(let layout):
      let geometry = layout.geometry
      // What a stride left unseen behind the last window.
      func unseen(_ axis: Int, _ side: KeyPath<ConvolutionGeometry.Pair, Int>) -> Int {
        let reach = geometry.dilation[keyPath: side] * (layout.filters[axis] - 1) + 1
        return (layout.images[axis] + 2 * geometry.padding[keyPath: side] - reach) % geometry.stride[keyPath: side]
      }
      name = onnx.add(
        "ConvTranspose", x.map(\.name),
        [
          "dilations": pair(geometry.dilation), "group": .integer(geometry.groups),
          "output_padding": .integers([unseen(2, \.rows), unseen(3, \.columns)]), "pads": pads(geometry.padding),
          "strides": pair(geometry.stride),
        ])
    case .maxPool(let pooling):
      name = onnx.add(
        "MaxPool", x.map(\.name),
        ["kernel_shape": pair(pooling.window), "pads": pads(pooling.padding), "strides": pair(pooling.stride)])
    case .determinant: name = onnx.add("Det", x.map(\.name))
    default: return nil
    }
    return ONNXValue(name, shape, x[0].element)
  }
}

extension Operation {
  /// Whether both move the same window over images, of which there may be another number.
  func movesSameWindow(as other: Operation) -> Bool {
    guard case .opaque(let own) = self, case .opaque(let other) = other, let own = own.primitive as? any Worded,
      let other = other.primitive as? any Worded
    else { return false }
    return switch (own.word, other.word) {
    case (.convolution(let own), .convolution(let other)), (.convolutionImages(let own), .convolutionImages(let other)):
      own.geometry == other.geometry
    case (.maxPool(let own), .maxPool(let other)):
      (own.window, own.stride) == (other.window, other.stride) && own.padding == other.padding
    default: false
    }
  }
}
