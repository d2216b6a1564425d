@testable import TapeGradCore

/// A group of a tensor, with a number beside it.
struct Scaled: TensorGroup {
  var tensor: Tensor<Double>
  var factor: Double
  mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
    try visit("tensor", &tensor)
  }
}
