import TapeGradCore

/// A group of tensors, or a program's results, in the memory of a plugin's device.
///
/// It is made by ``PJRTPlugin/place(_:)``, and by a call of a program on such arguments; the numbers stay there until
/// ``fetched()`` copies them. The memory is free again when the last copy of this value is gone.
public struct OnDevice<Contents: Sendable>: Sendable {
  let buffers: [DeviceBuffer]
  /// The contents without numbers.
  let outline: Contents
  private(set) var isDonated = false
  /// The contents with these arrays as their numbers.
  private let filled: @Sendable ([ArrayStorage]) -> Contents

  init(_ buffers: [DeviceBuffer], _ outline: Contents, filled: @escaping @Sendable ([ArrayStorage]) -> Contents) {
    (self.buffers, self.outline, self.filled) = (buffers, outline, filled)
  }

  /// The contents, their numbers copied from the device.
  ///
  /// - Throws: ``EngineError`` where the numbers were donated to a call.
  public func fetched() throws(EngineError) -> Contents {
    var arrays: [ArrayStorage] = []
    for buffer in buffers { arrays.append(try buffer.array()) }
    return filled(arrays)
  }

  /// The same, given away to the call it is an argument of: results of the same shapes take over the memory, and the numbers
  /// cannot be read any more afterwards.
  /// ```swift
  /// (network, loss) = try step(network.donated, x, y)
  /// ```
  public var donated: Self {
    var copy = self
    copy.isDonated = true
    return copy
  }
}
