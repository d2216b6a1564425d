// One type for every file of arrays: IDX, NPY and safetensors differ in their headers, and agree that behind them
// comes a row of numbers. So each reader makes its bytes lowest first and row-major, and what follows is written
// once.
//
// A type of 16 bits is widened bit by bit. A half has 1 + 5 + 10 bits, so 3C00 is 0 01111 0000000000: exponent
// 15 − 15 = 0, fraction 0, the number 1. C000 is −2, and 0001 is the smallest number, 2^−24. A bfloat16 is the upper
// half of a `Float`: 3FC0 followed by 0000 is 1.5.

import TapeGradCore

/// An array as a file holds it: a type, the lengths of the axes, and bytes.
///
/// ```swift
/// let images = try StoredArray(idx: "train-images-idx3-ubyte")
/// let weights: Tensor<Float> = try StoredArray(npy: "weights.npy").tensor()
/// try StoredArray(weights).write(npy: "copy.npy")
/// ```
public struct StoredArray: Sendable, Equatable {
  /// The type of the numbers.
  public let type: ElementType
  /// The lengths of the axes; the numbers are in row-major order.
  public let shape: [Int]
  /// The numbers, each with its lowest byte first.
  let bytes: [UInt8]

  init(type: ElementType, shape: [Int], bytes: [UInt8]) {
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// The number of elements.
  public var count: Int { bytes.count / type.byteCount }

  /// The numbers of a tensor, bit by bit.
  ///
  /// - Throws: `TensorError` where there are none: the tensor is failed, or being traced.
  public init(_ tensor: Tensor<some TensorScalar>) throws(TensorError) {
    let array = try tensor.array
    self.init(
      type: array.storage.scalarType == .float ? .float : .double,
      shape: (0..<array.shape.rank).map { array.shape[$0] },
      bytes: array.withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) }.littleEndian(
        array.storage.scalarType == .float ? 4 : 8))
  }

  /// Whole numbers, in a type that holds all of them.
  ///
  /// - Throws: ``FormatError`` where their number does not match the shape, or one is beyond the type.
  public init(_ integers: [Int], shape: [Int], type: ElementType = .int64) throws(FormatError) {
    guard Self.count(of: shape) == integers.count else {
      throw FormatError("array", "\(integers.count) numbers do not fill shape \(shape)")
    }
    let width = type.byteCount
    var bytes: [UInt8] = []
    bytes.reserveCapacity(integers.count * width)
    for integer in integers {
      guard type.holds(integer) else { throw FormatError("array", "\(integer) does not fit the type \(type.rawValue)") }
      // Two's complement: −1 is FF in one byte, FFFF in two.
      let bits = UInt64(truncatingIfNeeded: integer)
      for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))) }
    }
    self.init(type: type, shape: shape, bytes: bytes)
  }

  /// The numbers as a tensor. Those of a type of more digits are rounded to nearest.
  ///
  /// - Throws: ``FormatError`` for a shape that no tensor has, and for a whole number that `Scalar` does not hold exactly.
  public func tensor<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws(FormatError) -> Tensor<Scalar> {
    let shape = Shape(self.shape)
    guard shape.defect == nil else { throw FormatError("array", "no tensor has shape \(self.shape)") }
    let file = type == .double ? ScalarType.double : .float
    // The bytes of the file are numbers of this machine already: a kernel copies or converts them.
    if type == .float || type == .double, isLittleEndianMachine {
      let array = NDArray<Scalar>(shape: shape) { target in
        bytes.withUnsafeBytes { source in
          guard let base = source.baseAddress else { return }
          Kernels.convert(base, file, to: target, Scalar.scalarType, shape.count)
        }
      }
      return Tensor(array)
    }
    var failed: Int?
    let array = NDArray<Scalar>(shape: shape) { target in
      for index in 0..<shape.count {
        if let integer = integer(at: index) {
          target[index] = Scalar(Double(integer))
          // 2²⁴ + 1 is not a Float: a label or an index must not become its neighbor.
          if Int(exactly: target[index].doubleValue) != integer { failed = integer }
        } else {
          target[index] = Scalar(number(at: index))
        }
      }
    }
    if let failed { throw FormatError("array", "\(failed) is not exact in \(Scalar.scalarType)") }
    return Tensor(array)
  }

  /// The numbers as whole ones.
  ///
  /// - Throws: ``FormatError`` for a type of fractions, and for numbers beyond `Int`.
  public func integers() throws(FormatError) -> [Int] {
    var integers: [Int] = []
    integers.reserveCapacity(count)
    for index in 0..<count {
      guard let integer = integer(at: index) else {
        throw FormatError("array", "a number of type \(type.rawValue), expected whole numbers within \(Int.self)")
      }
      integers.append(integer)
    }
    return integers
  }
}

extension StoredArray {
  /// How many elements a shape has; nil for a negative length and where the product overflows.
  static func count(of shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The bits of an element.
  private func bits(at index: Int) -> UInt64 {
    let width = type.byteCount
    return (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[index * width + $1]) << UInt64(8 * $1) }
  }

  /// A whole number; nil in a type of fractions, and beyond `Int`.
  private func integer(at index: Int) -> Int? {
    let bits = bits(at: index)
    switch type {
    case .bool, .uint8, .uint16, .uint32, .uint64: return Int(exactly: bits)
    case .int8: return Int(Int8(truncatingIfNeeded: bits))
    case .int16: return Int(Int16(truncatingIfNeeded: bits))
    case .int32: return Int(Int32(truncatingIfNeeded: bits))
    case .int64: return Int(truncatingIfNeeded: bits)
    case .half, .bfloat16, .float, .double: return nil
    }
  }

  /// A number of a type of fractions; of the others, those beyond `Int`.
  private func number(at index: Int) -> Double {
    let bits = bits(at: index)
    switch type {
    case .double: return Double(bitPattern: bits)
    case .float: return Double(Float(bitPattern: UInt32(bits)))
    case .bfloat16: return Double(Float(bitPattern: UInt32(bits) << 16))
    case .half: return Self.half(UInt16(bits))
    default: return Double(bits)
    }
  }

  /// The value of the 16 bits of an IEEE half: a sign, 5 bits of exponent, 10 of fraction.
  private static func half(_ bits: UInt16) -> Double {
    let fraction = Double(bits & 0x3FF) / 1024, exponent = Int(bits >> 10 & 0x1F)
    let sign: Double = bits >> 15 == 1 ? -1 : 1
    switch exponent {
    // Exponent 0: numbers below 2⁻¹⁴, without the leading 1; exponent 31: infinities and NaN.
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

extension ElementType {
  /// Whether a whole number is one of this type.
  fileprivate func holds(_ integer: Int) -> Bool {
    switch self {
    case .bool: integer == 0 || integer == 1
    case .uint8: UInt8(exactly: integer) != nil
    case .uint16: UInt16(exactly: integer) != nil
    case .uint32: UInt32(exactly: integer) != nil
    case .uint64: integer >= 0
    case .int8: Int8(exactly: integer) != nil
    case .int16: Int16(exactly: integer) != nil
    case .int32: Int32(exactly: integer) != nil
    case .int64: true
    case .half, .bfloat16, .float, .double: false
    }
  }
}

/// Whether numbers have their lowest byte first in memory, as in the files.
private let isLittleEndianMachine = 1.littleEndian == 1

extension [UInt8] {
  /// Numbers of `width` bytes from the machine's order to lowest byte first, or back.
  fileprivate func littleEndian(_ width: Int) -> [UInt8] { isLittleEndianMachine ? self : reversedWithin(width) }

  /// The bytes of each number in reverse.
  func reversedWithin(_ width: Int) -> [UInt8] {
    var result = self
    for start in stride(from: 0, to: count - count % width, by: width) { result[start..<start + width].reverse() }
    return result
  }
}
