import TapeGradCore

// An ONNX file is one message of Google's protocol buffers. A message is a list of fields, each its number and kind in one
// integer, then what it holds: `opset_import` (field 8) of a model, version 17:
//
//   42 04           field 8, kind 2 (a message), 4 bytes
//     0A 00         field 1, kind 2 (text), 0 bytes: the standard operations
//     10 11         field 2, kind 0 (an integer), 17
//
// Integers are written seven bits at a time, the lowest first, with a 1 before all but the last.

/// A message of protocol buffers.
struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  /// A field of kind 0: an integer in as many bytes as it needs, ten where it is negative.
  mutating func integer(_ field: Int, _ value: Int) {
    number(UInt64(field << 3))
    number(UInt64(bitPattern: Int64(value)))
  }

  /// A field of kind 2: a length, and as many bytes. Texts and messages are such bytes.
  mutating func bytes(_ field: Int, _ content: [UInt8]) {
    number(UInt64(field << 3 | 2))
    number(UInt64(content.count))
    bytes += content
  }

  mutating func text(_ field: Int, _ text: String) { bytes(field, Array(text.utf8)) }

  /// A field of kind 5: four bytes, the lowest first.
  mutating func float(_ field: Int, _ value: Float) {
    number(UInt64(field << 3 | 5))
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
    }
  }

  /// A message within this one. It is written apart first, since its length stands in front of it.
  mutating func message(_ field: Int, _ write: (inout ProtocolBuffer) -> Void) {
    var message = ProtocolBuffer()
    write(&message)
    bytes(field, message.bytes)
  }

  /// 300 is 100101100 in binary, in sevens 10 and 0101100: AC 02.
  private mutating func number(_ value: UInt64) {
    var rest = value
    while rest > 127 {
      bytes.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The types of elements in ONNX, by their numbers there.
package enum ONNXElement: Int {
  case float = 1
  case int64 = 7
  case text = 8
  case truth = 9
  case double = 11

  init(_ type: ScalarType) { self = type == .float ? .float : .double }
}

/// A length that is known, or so many times a batch's.
package enum ONNXLength: Hashable {
  case fixed(Int)
  case batches(Int)
}

/// A setting of a node.
package enum ONNXAttribute {
  case integer(Int)
  case integers([Int])
  case floats([Float])
  case float(Float)
  case text(String)
  case texts([String])
}

// The message of a graph, as `bytes(named:)` puts it together:
//
//   1  a node, once for each: operands (1), result (2), operation (4), settings (5), set of operations (7)
//   2  the graph's name
//   5  numbers, once for each array: lengths (1), type (2), name (8), bytes (9)
//   11 an input: name and type
//   12 an output, likewise
//
// Nodes stand in the order in which they are computed, which the format demands.

/// A graph of ONNX in the making: named values, the nodes that compute them, and numbers.
package struct ONNXGraph {
  /// The parts of the graph's message, in the making: each is a run of fields, so they can be put behind each other.
  private var nodes = ProtocolBuffer(), numbers = ProtocolBuffer()
  private var inputs = ProtocolBuffer(), outputs = ProtocolBuffer()
  /// The result of each node and constant by its text, so that none is written twice; and the names in use.
  private var known: [String: String] = [:], taken: Set<String> = []
  /// Whether an operation for categories is in it, for which the model must ask for another set of operations.
  private var usesEncoders = false
  private let batch: String

  /// - Parameter batch: what the length of a batch is called.
  package init(batch: String) { self.batch = batch }

  /// A node of one result, whose name is returned: the same node's, where there is one.
  package mutating func add(
    _ operation: String, _ operands: [String], _ attributes: KeyValuePairs<String, ONNXAttribute> = [:],
    domain: String = "", name: String? = nil
  ) -> String {
    let key = "\(domain) \(operation)(\(operands)) \(attributes)"
    if let result = known[key], name == nil { return result }
    let result = unique(name ?? "\(operation.lowercased())\(taken.count)")
    known[key] = result
    if !domain.isEmpty { usesEncoders = true }
    nodes.message(1) { node in
      for operand in operands { node.text(1, operand) }
      node.text(2, result)
      node.text(4, operation)
      for (name, attribute) in attributes { node.message(5) { $0.write(name, attribute) } }
      if !domain.isEmpty { node.text(7, domain) }
    }
    return result
  }

  /// Numbers, with each one's lowest byte first.
  ///
  /// Small ones that stand there already are used again; a large one is written each time it is asked for.
  package mutating func constant(_ element: ONNXElement, _ shape: [Int], _ bytes: [UInt8], name: String? = nil)
    -> String
  {
    // Large arrays are not compared: their text would be longer than they are.
    let key = "constant \(element) \(shape) \(bytes.count > 64 ? "" : "\(bytes)")"
    if bytes.count <= 64, name == nil, let result = known[key] { return result }
    let result = unique(name ?? "constant\(taken.count)")
    known[key] = result
    numbers.message(5) { tensor in
      for length in shape { tensor.integer(1, length) }
      tensor.integer(2, element.rawValue)
      tensor.text(8, result)
      tensor.bytes(9, bytes)
    }
    return result
  }

  /// One number.
  mutating func constant(_ number: Double, _ element: ONNXElement) -> String {
    let bits = element == .float ? UInt64(Float(number).bitPattern) : number.bitPattern
    return constant(
      element, [], (0..<(element == .float ? 4 : 8)).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
  }

  /// Whole numbers.
  package mutating func constant(_ integers: [Int], shape: [Int]? = nil) -> String {
    // Eight bytes each, the lowest first.
    let bytes = integers.flatMap { integer in (0..<8).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) } }
    return constant(.int64, shape ?? [integers.count], bytes)
  }

  /// A value that comes from outside.
  package mutating func input(_ name: String, _ element: ONNXElement, _ shape: [ONNXLength]) -> String {
    let name = unique(name)
    inputs.message(11) { $0.write(name, element, shape, batch) }
    return name
  }

  /// Names a value, and returns it to the outside.
  package mutating func output(_ name: String, _ value: String, _ element: ONNXElement, _ shape: [ONNXLength]) {
    let name = add("Identity", [value], name: name)
    outputs.message(12) { $0.write(name, element, shape, batch) }
  }

  /// The model as a file holds it.
  package func bytes(named name: String) -> [UInt8] {
    var model = ProtocolBuffer()
    // `ModelProto`: the version of the format, who wrote it, the graph (7), and which sets of operations it needs (8).
    model.integer(1, 8)
    model.text(2, "TapeGrad")
    var graph = nodes.bytes, title = ProtocolBuffer()
    title.text(2, name)
    graph += title.bytes + numbers.bytes + inputs.bytes + outputs.bytes
    model.bytes(7, graph)
    model.message(8) {
      $0.text(1, "")
      $0.integer(2, 17)
    }
    if usesEncoders {
      model.message(8) {
        $0.text(1, "ai.onnx.ml")
        $0.integer(2, 3)
      }
    }
    return model.bytes
  }

  /// The name, with `_` behind it where it is taken.
  private mutating func unique(_ name: String) -> String {
    var name = name
    while !taken.insert(name).inserted { name += "_" }
    return name
  }
}

extension ProtocolBuffer {
  /// An `AttributeProto`.
  fileprivate mutating func write(_ name: String, _ attribute: ONNXAttribute) {
    // Fields have the numbers that onnx.proto gives them.
    text(1, name)
    switch attribute {
    case .float(let number): float(2, number)
    case .integer(let integer): self.integer(3, integer)
    case .text(let text): self.text(4, text)
    case .floats(let numbers): for number in numbers { float(7, number) }
    case .integers(let integers): for integer in integers { self.integer(8, integer) }
    case .texts(let texts): for text in texts { self.text(9, text) }
    }
    integer(20, attribute.kind)
  }

  /// A `ValueInfoProto`.
  fileprivate mutating func write(_ name: String, _ element: ONNXElement, _ shape: [ONNXLength], _ batch: String) {
    text(1, name)
    message(2) {
      $0.message(1) { tensor in
        tensor.integer(1, element.rawValue)
        tensor.message(2) { list in
          for length in shape {
            list.message(1) {
              switch length {
              case .fixed(let length): $0.integer(1, length)
              // A length may be a number (field 1) or a name (field 2); equal names are equal lengths.
              case .batches(1): $0.text(2, batch)
              case .batches(let count): $0.text(2, "\(count)*\(batch)")
              }
            }
          }
        }
      }
    }
  }
}

extension ONNXAttribute {
  /// Its number among the kinds of attributes.
  fileprivate var kind: Int {
    switch self {
    case .float: 1
    case .integer: 2
    case .text: 3
    case .floats: 6
    case .integers: 7
    case .texts: 8
    }
  }
}
