import TapeGrad

/// Prints the variables of a session with their types, and the shapes of tensors: the kernel writes this call for `%who`.
public func __who(_ variables: [(name: String, value: Any)]) {
  let width = variables.map(\.name.count).max() ?? 0
  for (name, value) in variables {
    let shape = (value as? any Shaped).map { " \($0.shape)" } ?? ""
    print(name + String(repeating: " ", count: width - name.count), " \(type(of: value))\(shape)")
  }
}

private protocol Shaped { var shape: Shape { get } }
extension Tensor: Shaped {}
extension NDArray: Shaped {}
