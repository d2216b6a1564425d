import TapeGradCore

// How values and numbers are spelled. A matrix of Float with two rows of zeros:
//
//   %4 : tensor<2x3xf32>                   a name and a type
//   dense<0.0> : tensor<2x3xf32>           one number for all elements
//   dense<0x3DCCCCCD> : tensor<f32>        0.1, by its bits, the highest first: a reader may round decimals, but not bits
//   dense<"0x0000803F…"> : tensor<…>       many numbers by their bytes, the lowest first, as they are in memory

/// A value of StableHLO: its name, such as `%4`, and its type.
struct StableHLOValue: CustomStringConvertible {
  let name: String
  let type: StableHLOType
  var description: String { name }
}

/// A shape and what it is filled with: `tensor<2x3xf32>`.
struct StableHLOType: Equatable, CustomStringConvertible {
  let shape: Shape
  let element: StableHLOElement

  init(_ shape: Shape, _ element: StableHLOElement) { (self.shape, self.element) = (shape, element) }

  var description: String { "tensor<\(shape.dimensions.map { "\($0)x" }.joined())\(element.rawValue)>" }
}

/// The types of elements that programs need.
enum StableHLOElement: String {
  case float = "f32"
  case double = "f64"
  /// What chooses elements.
  case index = "i32"
  /// What a comparison gives.
  case truth = "i1"

  init(_ type: ScalarType) { self = type == .float ? .float : .double }

  /// A number: small whole ones as such, others by their bits, which no reader can round.
  func text(of number: Double) -> String {
    if self == .index { return "\(Int(number))" }
    // A text like 2.0; −0 is written by its bits, for its sign.
    if number == number.rounded(), abs(number) < 1e6, number != 0 || number.sign == .plus { return "\(number)" }
    if self == .double { return "0x" + Self.hexadecimal(number.bitPattern, 16) }
    return "0x" + Self.hexadecimal(UInt64(Float(number).bitPattern), 8)
  }

  /// Bits in hexadecimal, with zeros in front.
  private static func hexadecimal(_ bits: UInt64, _ digits: Int) -> String {
    let text = String(bits, radix: 16, uppercase: true)
    return String(repeating: "0", count: digits - text.count) + text
  }
}

extension ArrayStorage {
  /// The numbers between `dense<` and `>`: their bytes.
  func text(as element: StableHLOElement) -> String {
    if shape.count == 0 { return "" }
    if element != .index { return UnsafeRawBufferPointer(start: bytes, count: byteCount).hexadecimal }
    // Indices are kept as doubles.
    return (0..<shape.count).map { Int32(pointer(to: Double.self)[$0]) }.withUnsafeBytes(\.hexadecimal)
  }
}

extension UnsafeRawBufferPointer {
  /// `"0x00FF"`.
  fileprivate var hexadecimal: String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * count)
    for byte in self { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return "\"0x\(String(decoding: text, as: UTF8.self))\""
  }
}
