// What is checked, on the header {"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} of a file with 8 bytes of
// numbers:
//
//     shape [2] of F32 takes 2 · 4 bytes, as many as 8 − 0    its numbers are all there
//     the first tensor begins at 0, the next where it ends    no bytes are hidden, and none are used twice
//     the last one ends at 8, where the file ends             nothing is cut off, and nothing is left over
//
// The lengths come from an untrusted file, so their product is computed with a check for overflow: a shape
// [4294967296, 4294967296] would otherwise wrap around to 0.

/// The header of a model file: the metadata, and for each tensor its name, type, shape and place.
///
/// It is read entry by entry, and nothing is built that is not one: a hostile file gives an error, and not a tree in memory
/// of many times its size.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// Where its bytes are, counted from the end of the header.
    let range: Range<Int>
  }

  private(set) var metadata: [String: String] = [:]
  /// In the order of their places.
  private(set) var entries: [Entry] = []

  /// More axes than any array has; without a limit, a header could be one endless shape.
  private static let deepestShape = 64

  /// Reads a header.
  ///
  /// - Parameter size: How many bytes follow it.
  init(_ bytes: UnsafeBufferPointer<UInt8>, size: Int, file: String) throws(FormatError) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw FormatError(file, "a header that is not UTF-8") }
    guard bytes.first == UInt8(ascii: "{") else { throw FormatError(file, "a header that does not begin with \"{\"") }
    do throws(JSONError) {
      try read(bytes)
    } catch {
      throw FormatError(file, "header, \(error)")
    }
    try check(size: size, file: file)
  }

  /// Reads the entries in the order of the file.
  private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes: bytes), names: Set<String> = []
    try parser.members { parser, name throws(JSONError) in
      guard names.insert(name).inserted else { throw parser.error("another name: \(name.quoted) occurs twice") }
      // The one name that is no tensor: a dictionary of texts, which other libraries read too.
      if name == "__metadata__" {
        try parser.members { parser, key throws(JSONError) in
          guard self.metadata[key] == nil else { throw parser.error("another name: \(key.quoted) occurs twice") }
          self.metadata[key] = try parser.text()
        }
      } else {
        self.entries.append(try Self.entry(name, &parser))
      }
    }
    parser.skipSpaces()
    guard parser.position == bytes.count else { throw parser.error("the end of the header") }
  }

  /// Reads a tensor's three members, in any order.
  private static func entry(_ name: String, _ parser: inout JSONParser) throws(JSONError) -> Entry {
    var type: ElementType?, shape: [Int]?, offsets: [Int]?
    try parser.members { parser, key throws(JSONError) in
      switch key {
      case "dtype" where type == nil:
        let code = try parser.text()
        guard let known = ElementType(rawValue: code) else {
          throw parser.error("a known type instead of \(code.quoted)")
        }
        type = known
      case "shape" where shape == nil: shape = try parser.counts(atMost: deepestShape)
      case "data_offsets" where offsets == nil: offsets = try parser.counts(atMost: 2)
      default: throw parser.error("dtype, shape and data_offsets, once each, instead of \(key.quoted)")
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw parser.error("dtype, shape and two rising data_offsets in \(name.quoted)")
    }
    return Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// Checks that the tensors have as many bytes as their shapes say, and fill the file without holes and overlaps.
  private mutating func check(size: Int, file: String) throws(FormatError) {
    // By their places. A tensor without elements, whose range is empty, comes before one that begins where it does.
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in entries {
      // Elements times bytes each; nil or `overflow` where a product is more than an Int.
      let count = StoredArray.count(of: entry.shape)?.multipliedReportingOverflow(by: entry.type.byteCount)
      guard let count, !count.overflow, count.partialValue == entry.range.count else {
        throw FormatError(
          file,
          "tensor \(entry.name.quoted) has \(entry.range.count) bytes, not those of shape "
            + "\(entry.shape.prefix(8)) and type \(entry.type.rawValue)")
      }
      guard entry.range.lowerBound == end else {
        throw FormatError(
          file,
          "tensor \(entry.name.quoted) begins at byte \(entry.range.lowerBound), where the one before ends at \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == size else { throw FormatError(file, "\(size) bytes of numbers, of which the tensors take \(end)") }
  }
}

extension JSONParser {
  /// Reads an object: `member` reads the value of each name.
  fileprivate mutating func members(
    _ member: (inout JSONParser, String) throws(JSONError) -> Void
  ) throws(JSONError) {
    guard skip(UInt8(ascii: "{")) else { throw error("an object") }
    if skip(UInt8(ascii: "}")) { return }
    repeat {
      let name = try text()
      guard skip(UInt8(ascii: ":")) else { throw error("\":\"") }
      try member(&self, name)
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw error("\",\" or \"}\"") }
  }

  /// Reads a text.
  fileprivate mutating func text() throws(JSONError) -> String {
    skipSpaces()
    guard current == UInt8(ascii: "\"") else { throw error("a text in quotation marks") }
    return try string()
  }

  /// Reads an array of whole numbers from 0.
  fileprivate mutating func counts(atMost limit: Int) throws(JSONError) -> [Int] {
    guard skip(UInt8(ascii: "[")) else { throw error("an array of whole numbers") }
    var counts: [Int] = []
    if skip(UInt8(ascii: "]")) { return counts }
    repeat {
      guard counts.count < limit else { throw error("at most \(limit) numbers") }
      counts.append(try count())
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw error("\",\" or \"]\"") }
    return counts
  }
}
