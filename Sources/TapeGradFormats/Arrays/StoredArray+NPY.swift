// An array of 2 · 3 doubles, byte by byte:
//
//       0   93 4E 55 4D 50 59   the mark: 93 and NUMPY
//       6   01 00               version 1.0
//       8   76 00               the length of the header, 118, lowest byte first (4 bytes in versions 2 and 3)
//      10   {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }
//                               59 characters, then 58 spaces and a line feed
//     128   the first number; there are 48 bytes of them, and the file has 176
//
// The spaces bring the numbers to a multiple of 64, so that a program can map the file and use them in place. In
// '<f8', `<` says that the lowest byte is first (`>` the highest, `|` that there is only one), f a type, and 8 its
// bytes.
//
// With fortran_order the first index runs fastest: the rows 0 1 2 and 3 4 5 are stored as 0 3 1 4 2 5.

extension StoredArray {
  /// Reads an array of NumPy's format `.npy`, of version 1, 2 or 3, in either order of axes and of bytes.
  ///
  /// - Throws: ``FileError`` where the file cannot be read, ``FormatError`` where it is no such array.
  public init(npy path: String) throws { try self.init(npy: readFile(path), named: path) }

  /// Writes the array in NumPy's format `.npy`, version 1. The file is written aside and takes the place of an old one whole.
  ///
  /// - Throws: ``FileError`` where the file cannot be written, ``FormatError`` for a type that NumPy does not have.
  public func write(npy path: String) throws { try writeFile(path, [npyHeader(path), bytes]) }

  /// What every such file begins with.
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// NumPy's codes of types, without the order of bytes.
  private static let codes: [(code: String, type: ElementType)] = [
    ("b1", .bool), ("u1", .uint8), ("u2", .uint16), ("u4", .uint32), ("u8", .uint64), ("i1", .int8), ("i2", .int16),
    ("i4", .int32), ("i8", .int64), ("f2", .half), ("f4", .float), ("f8", .double),
  ]

  package init(npy bytes: [UInt8], named name: String) throws(FormatError) {
    guard bytes.count >= 10, bytes.starts(with: Self.magic) else { throw FormatError(name, "not an array of NumPy's") }
    let version = bytes[6], lengthSize = version == 1 ? 2 : 4, start = 8 + lengthSize
    guard (1...3).contains(version), bytes.count >= start else {
      throw FormatError(name, "version \(version) of NumPy's format, expected 1, 2 or 3")
    }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.count - start, length <= 1 << 20 else {
      throw FormatError(name, "a header of \(length) bytes, which the file does not have")
    }
    let header = try NPYHeader(bytes[start..<start + length], file: name)
    guard let type = Self.codes.first(where: { $0.code == header.type.dropFirst() })?.type,
      let order = header.type.first, "<>|=".contains(order)
    else { throw FormatError(name, "type \(header.type.quoted), expected numbers of 1 to 8 bytes") }
    let data = Array(bytes[(start + length)...])
    let size = Self.count(of: header.shape)?.multipliedReportingOverflow(by: type.byteCount)
    guard let size, !size.overflow, size.partialValue == data.count else {
      throw FormatError(
        name, "\(data.count) bytes of numbers, which do not fill shape \(header.shape) of type \(type.rawValue)")
    }
    var array = StoredArray(
      type: type, shape: header.shape, bytes: order == ">" ? data.reversedWithin(type.byteCount) : data)
    if header.isColumnMajor { array = array.rowMajor }
    self = array
  }

  /// The array whose bytes are taken for column-major, in row-major order.
  private var rowMajor: StoredArray {
    let width = type.byteCount
    var result = bytes
    // Of the element at `index` in row-major order: its indices, from the last axis on, and so its place in the other order.
    var strides: [Int] = []
    _ = shape.reduce(1) { stride, length in
      strides.append(stride)
      return stride * length
    }
    for index in 0..<count {
      var rest = index, source = 0
      for axis in shape.indices.reversed() {
        source += rest % shape[axis] * strides[axis]
        rest /= shape[axis]
      }
      for byte in 0..<width { result[index * width + byte] = bytes[source * width + byte] }
    }
    return StoredArray(type: type, shape: shape, bytes: result)
  }

  /// What stands before the numbers: its length is a multiple of 64, so that they are aligned.
  private func npyHeader(_ name: String) throws(FormatError) -> [UInt8] {
    guard let code = Self.codes.first(where: { $0.type == type })?.code else {
      throw FormatError(name, "NumPy has no type \(type.rawValue)")
    }
    let order = type.byteCount == 1 ? "|" : "<"
    let lengths = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': (\(lengths)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return Self.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }
}
