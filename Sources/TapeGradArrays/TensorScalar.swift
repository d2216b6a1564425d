/// A number type that arrays and tensors hold: `Float` or `Double`.
///
/// Generic code works on whole arrays; the loops are in the kernels, which exist for these two types, so no other type
/// can conform usefully.
public protocol TensorScalar: BinaryFloatingPoint, Sendable, ExpressibleByFloatLiteral, LosslessStringConvertible {
  /// Which of the two it is.
  static var scalarType: ScalarType { get }

  /// The nearest value to a `Double`.
  init(_ value: Double)

  /// The same number as a `Double`. (In generic code `Double(x)` takes a general route that is many times slower.)
  var doubleValue: Double { get }
}

/// The number types that the kernels know.
public enum ScalarType: UInt8, Sendable, CustomStringConvertible {
  /// 32 bits, 24 of them significant.
  case float
  /// 64 bits, 53 of them significant.
  case double

  /// The bytes that one number takes.
  package var byteCount: Int { self == .float ? 4 : 8 }

  /// `Float` or `Double`.
  public var description: String { self == .float ? "Float" : "Double" }
}

extension Float: TensorScalar {
  /// 32 bits.
  public static var scalarType: ScalarType { .float }
  /// The same number.
  public var doubleValue: Double { Double(self) }
}

extension Double: TensorScalar {
  /// 64 bits.
  public static var scalarType: ScalarType { .double }
  /// The same number.
  public var doubleValue: Double { self }
}
