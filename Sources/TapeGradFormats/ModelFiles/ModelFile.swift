// A file with the tensor b = (1.5, −2), byte by byte:
//
//      0   38 00 00 00 00 00 00 00    the length of the header, 56, lowest byte first
//      8   {"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}
//                                     54 characters and two spaces, to a multiple of 8
//     64   00 00 C0 3F                1.5
//     68   00 00 00 C0                −2
//     72                              the end
//
// The offsets count from the end of the header, here 64. There is no code in such a file, only numbers and their
// names: to open one from a stranger is safe, which does not hold for Python's pickles. Texts under `__metadata__`
// hold the rest of a model: its layers, and how a table becomes its input.

import TapeGradCore

/// Tensors by their names, and metadata: a file of the safetensors format, which other libraries read and write too.
///
/// ```swift
/// var file = ModelFile()
/// try file.add(network)                                    // each tensor under its name in the group
/// file[.preparation] = try preparation.json()
/// try file.write(to: "model.safetensors")
///
/// let copy = try ModelFile(contentsOf: "model.safetensors")
/// try copy.load(into: &network)
/// ```
/// The format: the length of the header in 8 bytes, a header in JSON, and the numbers, each with its lowest byte first. A
/// header of more than 100,000,000 bytes, names that occur twice, holes and overlaps are errors.
/// ([Reference](https://github.com/huggingface/safetensors).)
public struct ModelFile: Sendable {
  /// The texts beside the tensors.
  public var metadata: [String: String]
  /// The names of the tensors, in the order of the file.
  public private(set) var names: [String] = []
  private var arrays: [String: StoredArray] = [:]
  /// What messages call the file.
  let fileName: String

  /// A file without tensors.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
    fileName = "model"
  }

  /// The tensor of a name; nil where there is none.
  public subscript(name: String) -> StoredArray? { arrays[name] }

  /// Adds a tensor, or an array of whole numbers.
  ///
  /// - Throws: ``FormatError`` where there is one of that name already.
  public mutating func add(_ array: StoredArray, named name: String) throws(FormatError) {
    guard arrays.updateValue(array, forKey: name) == nil else {
      throw FormatError(fileName, "tensor \(name.quoted) is there already")
    }
    names.append(name)
  }

  /// Reads a file.
  ///
  /// - Throws: ``FileError`` where the file cannot be read, ``FormatError`` where it is not of the format.
  public init(contentsOf path: String) throws {
    try self.init(bytes: readFile(path, limit: .max), named: path)
  }
}

extension ModelFile {
  /// A header that is longer is an error, as in the reference.
  private static let longestHeader = 100_000_000

  package init(bytes: [UInt8], named name: String) throws(FormatError) {
    guard bytes.count >= 8 else {
      throw FormatError(name, "\(bytes.count) bytes, expected the length of a header in 8")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.longestHeader else {
      throw FormatError(name, "a header of \(length) bytes, expected \(Self.longestHeader) at most; is it safetensors?")
    }
    guard length <= bytes.count - 8 else {
      throw FormatError(name, "a header of \(length) bytes in a file of \(bytes.count)")
    }
    let start = 8 + Int(length)
    let header: Result<SafetensorsHeader, FormatError> = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(FormatError) in
        try SafetensorsHeader(
          UnsafeBufferPointer(rebasing: buffer[8..<start]), size: bytes.count - start, file: name)
      }
    }
    fileName = name
    metadata = try header.get().metadata
    for entry in try header.get().entries {
      names.append(entry.name)
      arrays[entry.name] = StoredArray(
        type: entry.type, shape: entry.shape,
        bytes: Array(bytes[start + entry.range.lowerBound..<start + entry.range.upperBound]))
    }
  }

  /// Writes the file. It is written aside, brought to the disk, and takes the place of an old one in one step: whenever the
  /// process ends, the old file or the new one is there and whole.
  ///
  /// - Throws: ``FileError`` where the file cannot be written; an old one is then as it was.
  public func write(to path: String) throws(FileError) {
    // Large types first, as the reference writes them: each number is then aligned in the file.
    let order = names.enumerated().sorted { a, b in
      let (x, y) = (arrays[a.element]?.type.byteCount ?? 0, arrays[b.element]?.type.byteCount ?? 0)
      return (y, a.offset) < (x, b.offset)
    }
    var members: [JSONValue.Member] = [], pieces: [[UInt8]] = [], end = 0
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
      members.append(.init("__metadata__", .object(texts)))
    }
    for (_, name) in order {
      guard let array = arrays[name] else { continue }
      members.append(
        .init(
          name,
          .object([
            .init("dtype", .string(array.type.rawValue)),
            .init("shape", .array(array.shape.map { .number(Double($0)) })),
            .init("data_offsets", .array([.number(Double(end)), .number(Double(end + array.bytes.count))])),
          ])))
      pieces.append(array.bytes)
      end += array.bytes.count
    }
    var header = Array(JSONValue.object(members).description.utf8)
    header += [UInt8](repeating: .space, count: (8 - header.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    try writeFile(path, [length, header] + pieces)
  }
}
