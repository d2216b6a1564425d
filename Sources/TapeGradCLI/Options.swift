/// One option of a command: `--hidden N  hidden units`.
struct Option {
  let name: String
  /// What stands for the value in the help; nil for a flag.
  let value: String?
  let help: String

  init(_ name: String, _ value: String? = nil, _ help: String) {
    self.name = name
    self.value = value
    self.help = help
  }

  var usage: String { value.map { "\(name) \($0)" } ?? name }
}

/// The options that were given, by name.
struct Options {
  private var values: [String: String] = [:]
  private let command: any Command.Type

  /// Reads `--name value`, `--name=value` and flags.
  init(_ arguments: [String], of command: any Command.Type) throws(UsageError) {
    self.command = command
    var rest = arguments.makeIterator()
    while let word = rest.next() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let option = command.options.first(where: { $0.name == parts[0] }) else {
        let near = suggestion(for: parts[0], among: command.options.map(\.name))
        let what = word.hasPrefix("-") ? "unknown option" : "unexpected argument"
        throw UsageError("\(what) '\(parts[0])'\(near)", of: command)
      }
      if values[option.name] != nil { throw UsageError("\(option.name) is given twice", of: command) }
      if option.value == nil {
        guard parts.count == 1 else { throw UsageError("\(option.name) takes no value", of: command) }
        values[option.name] = ""
      } else if let value = parts.count == 2 ? parts[1] : rest.next() {
        values[option.name] = value
      } else {
        throw UsageError("\(option.name) wants a value: \(option.usage)", of: command)
      }
    }
  }

  /// Whether a flag was given.
  func flag(_ name: String) -> Bool { values[name] != nil }

  /// The text of an option.
  func text(_ name: String) -> String? { values[name] }

  /// A whole number, at least `minimum`.
  func count(_ name: String, default standard: Int, atLeast minimum: Int = 1) throws(UsageError) -> Int {
    guard let text = values[name] else { return standard }
    guard let number = Int(text), number >= minimum else {
      throw UsageError("\(name) is '\(text)', expected a whole number, at least \(minimum)", of: command)
    }
    return number
  }

  /// A positive, finite number.
  func positiveNumber(_ name: String, default standard: Double) throws(UsageError) -> Double {
    guard let text = values[name] else { return standard }
    guard let number = Double(text), number > 0, number.isFinite else {
      throw UsageError("\(name) is '\(text)', expected a positive number", of: command)
    }
    return number
  }

  /// One of a set of names.
  func choice<Value>(
    _ name: String, default standard: Value, of names: [String], _ make: (String) -> Value?
  ) throws(UsageError) -> Value {
    guard let text = values[name] else { return standard }
    guard let value = make(text) else {
      throw UsageError("\(name) is '\(text)', expected one of \(names.joined(separator: ", "))", of: command)
    }
    return value
  }

  /// An error about how these options go together.
  func usageError(_ message: String) -> UsageError { UsageError(message, of: command) }
}
