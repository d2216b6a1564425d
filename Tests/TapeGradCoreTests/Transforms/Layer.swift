@testable import TapeGradCore

/// A group of two tensors.
struct Layer<Scalar: TensorScalar>: TensorGroup {
  var weight, bias: Tensor<Scalar>
  mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try visit("weight", &weight)
    try visit("bias", &bias)
  }

  func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { matmul(weight, x) + bias }
}

/// A group of groups: an array of layers, and a tensor.
struct Stack<Scalar: TensorScalar>: TensorGroup {
  var layers: [Layer<Scalar>]
  var scale: Tensor<Scalar>
  mutating func visitTensors(_ visit: (String, inout Tensor<Scalar>) throws -> Void) rethrows {
    try layers.visitTensors { name, tensor in try visit("layers.\(name)", &tensor) }
    try visit("scale", &scale)
  }

  func callAsFunction(_ x: Tensor<Scalar>) -> Tensor<Scalar> { scale * layers.reduce(x) { tanh($1($0)) } }

  /// Two layers of width 2.
  static var sample: Stack {
    let first = Layer<Scalar>(weight: Tensor([[0.5, -0.25], [0.75, 1]]), bias: Tensor([[0.125], [-0.5]]))
    let second = Layer<Scalar>(weight: Tensor([[1, 0.5], [-0.5, 0.25]]), bias: Tensor([[0.25], [0]]))
    return Stack(layers: [first, second], scale: Tensor(2))
  }
}
