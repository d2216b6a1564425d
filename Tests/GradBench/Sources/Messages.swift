import Foundation

// What is spoken between an eval and a tool: lines of JSON on standard input and output, an answer for each message.
// https://github.com/gradbench/gradbench/blob/main/CONTRIBUTING.md#protocol

/// A message of the eval, as far as every kind of message has it.
struct Message: Decodable {
  let id: Int
  let kind: String
  let module: String?
  let function: String?
}

/// The part of an `evaluate` message that its function understands.
struct Argument<Input: Decodable>: Decodable {
  let input: Input
}

/// How often an `evaluate` message asks for the work: until there are so many runs, which took so long.
struct Repetition: Decodable {
  var minRuns = 1
  var minSeconds = 0.0

  /// `hello`, whose input is a plain number, asks for one run.
  init(from decoder: any Decoder) throws {
    guard let container = try? decoder.container(keyedBy: Key.self) else { return }
    minRuns = try container.decode(Int.self, forKey: .minRuns)
    minSeconds = try container.decode(Double.self, forKey: .minSeconds)
  }

  private enum Key: String, CodingKey {
    case minRuns = "min_runs"
    case minSeconds = "min_seconds"
  }
}

/// The time that one run took.
struct Timing: Encodable {
  var name = "evaluate"
  let nanoseconds: Int64
}

/// The answer to a message.
struct Response: Encodable {
  let id: Int
  var tool: String?
  var success: Bool?
  var output: (any Encodable)?
  var timings: [Timing]?
  var error: String?

  init(to message: Message) { id = message.id }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(id, forKey: .id)
    try container.encodeIfPresent(tool, forKey: .tool)
    try container.encodeIfPresent(success, forKey: .success)
    if let output { try container.encode(output, forKey: .output) }
    try container.encodeIfPresent(timings, forKey: .timings)
    try container.encodeIfPresent(error, forKey: .error)
  }

  private enum Key: CodingKey { case id, tool, success, output, timings, error }
}
