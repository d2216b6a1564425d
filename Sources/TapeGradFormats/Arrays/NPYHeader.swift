// Only the small part of Python's syntax that NumPy writes is read here: a dictionary of three names, whose values
// are a text, a truth value and a tuple. The tuple of a vector has a comma behind its only length, `(3,)`, and that
// of a scalar is `()`; both come out of one loop, which reads a length and then either a comma or the closing
// parenthesis.

/// The header of an array in NumPy's format: a dictionary as Python writes it.
struct NPYHeader {
  /// The type as NumPy writes it: `<f8` is a number of 8 bytes with the lowest first, `>i4` an integer with the highest
  /// first.
  private(set) var type = ""
  /// Whether the first axis is the one whose neighbors are side by side, as in Fortran.
  private(set) var isColumnMajor = false
  private(set) var shape: [Int] = []

  /// Reads `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`, the members in any order.
  init(_ bytes: ArraySlice<UInt8>, file: String) throws(FormatError) {
    var rest = bytes
    func failure(_ expected: String) -> FormatError {
      FormatError(file, "header with \(String(decoding: rest.prefix(20), as: UTF8.self).quoted), expected \(expected)")
    }
    // Small readers of the rest, each of which steps over what it reads: a sign, a text in either quotation mark, a
    // word.
    func skip(_ character: Character) -> Bool {
      rest = rest.drop { $0 == .space || $0.isLineBreak }
      guard let byte = character.asciiValue, rest.first == byte else { return false }
      rest.removeFirst()
      return true
    }
    func string() -> String? {
      guard let mark = rest.first, skip("'") || skip("\"") else { return nil }
      let content = rest.prefix { $0 != mark }
      rest = rest.dropFirst(content.count + 1)
      return String(decoding: content, as: UTF8.self)
    }
    func word(_ word: String) -> Bool {
      guard rest.starts(with: word.utf8) else { return false }
      rest = rest.dropFirst(word.utf8.count)
      return true
    }
    var found: Set<String> = []
    guard skip("{") else { throw failure("a dictionary") }
    while !skip("}") {
      _ = skip(" ")
      guard let name = string(), skip(":"), found.insert(name).inserted else { throw failure("a name and a colon") }
      _ = skip(" ")
      switch name {
      case "descr":
        guard let string = string() else { throw failure("a type of numbers") }
        type = string
      case "fortran_order":
        isColumnMajor = word("True")
        guard isColumnMajor || word("False") else { throw failure("True or False") }
      case "shape":
        guard skip("(") else { throw failure("a tuple") }
        while !skip(")") {
          let digits = rest.prefix { $0 &- 0x30 < 10 }
          guard let length = Int(String(decoding: digits, as: UTF8.self)), shape.count < 64 else {
            throw failure("a whole number")
          }
          shape.append(length)
          rest = rest.dropFirst(digits.count)
          // Python 2 marked long numbers.
          _ = word("L")
          guard skip(",") || rest.first == UInt8(ascii: ")") else { throw failure("a comma") }
          _ = skip(" ")
        }
      // A name that is not known may change what the numbers mean.
      default: throw failure("'descr', 'fortran_order' or 'shape'")
      }
      guard skip(",") || rest.first == UInt8(ascii: "}") else { throw failure("a comma") }
      _ = skip(" ")
    }
    guard found.count == 3 else { throw failure("'descr', 'fortran_order' and 'shape'") }
  }
}
