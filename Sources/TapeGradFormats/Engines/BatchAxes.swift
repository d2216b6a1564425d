import TapeGradCore

/// Which of a program's arguments hold a batch, along which axis, and what the number of examples is called.
///
/// Of a step with the arguments (network, x, y), whose x is (n_x, m) and y (1, m): `BatchAxes([1: 1, 2: 1], named: "m")`.
public struct BatchAxes: Sendable {
  /// The name of the number of examples.
  public var name: String
  /// The axis of the examples, by the number of the argument, from 0.
  public var axes: [Int: Int]

  /// A batch along an axis of each of these arguments.
  public init(_ axes: [Int: Int], named name: String = "batch") { (self.name, self.axes) = (name, axes) }

  /// The axis, by the number of the tensor among all tensors of the arguments.
  ///
  /// - Throws: ``ExportError`` where there is no such axis, or no example, or where the numbers of examples differ.
  func axes(of inputs: [ProgramGraph.Input]) throws(ExportError) -> [Int: Int] {
    var found: [Int: Int] = [:], sizes: Set<Int> = [], arguments: Set<Int> = []
    for (number, input) in inputs.enumerated() {
      guard let axis = axes[input.argument] else { continue }
      guard 0..<input.shape.rank ~= axis else {
        throw ExportError("batch", "there is no axis \(axis) in \(input.name) of shape \(input.shape)")
      }
      found[number] = axis
      sizes.insert(input.shape[axis])
      arguments.insert(input.argument)
    }
    guard arguments.count == axes.count else {
      throw ExportError("batch", "there are no arguments \(axes.keys.filter { !arguments.contains($0) }.sorted())")
    }
    guard sizes.count <= 1, sizes.first != 0 else {
      throw ExportError("batch", "\(sizes.sorted()) examples, expected one number above 0")
    }
    return found
  }
}
