// From words to values. Each of these ends the command with the code 2, before it has read a file:
//
//   tapegrad compare --rate              tapegrad: --rate wants a value: --rate NUMBER
//   tapegrad compare --rate 0            tapegrad: --rate is '0', expected a positive number
//   tapegrad compare --rate 1 --rate 2   tapegrad: --rate is given twice
//   tapegrad compare --json=1            tapegrad: --json takes no value
//   tapegrad predict --modle x           tapegrad: unknown option '--modle'; did you mean '--model'?
//   tapegrad derive -x^2                 tapegrad: unknown option '-x^2'; --expression EXPRESSION takes a value that …
//   tapegrad train a.csv b.csv           tapegrad: unexpected argument 'b.csv'
//
// That the last of two values counts, as in many tools, would hide a slip in a long line. It is an error here.

import TapeGrad

/// The options that were given to a command, read and checked.
///
/// All of them are checked before the command starts, also those that it would look at last: nobody waits for a
/// training to learn that the last option was misspelled.
struct Arguments {
  /// The values by the name of the option, each of the type that the option declares.
  private var values: [String: any Sendable] = [:]
  /// The texts by the name of the option; nil for a flag.
  private var texts: [String: String?] = [:]
  private let command: any Command.Type

  /// Reads `--name value`, `--name=value` and flags.
  ///
  /// - Throws: `UsageError` for a name that the command does not have, a value that an option cannot have, a value that is
  ///   missing, and an option that is given twice.
  init(_ words: [String], of command: any Command.Type) throws(UsageError) {
    self.command = command
    var rest = words.makeIterator()
    while let word = rest.next() {
      // `--name=value` is one word; the value may have further equals signs.
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      var option = command.options.first { $0.name == parts[0] }
      // A word without a name is the operand, where the command has one and it was not given before.
      // A dash alone is one too: it means standard input.
      let isOperand = option == nil && (word == "-" || !word.hasPrefix("-"))
      if isOperand, let operand = command.operand, values[operand.name] == nil { option = operand }
      guard let option else {
        guard word.hasPrefix("-") else { throw error("unexpected argument '\(parts[0].brief)'") }
        var help = suggestion(for: parts[0], among: command.options.map(\.name))
        // A file or an expression may begin with a dash, and is not an option then.
        if help.isEmpty, !word.hasPrefix("--"), let operand = command.operand {
          help = "; \(operand.usage) takes a value that begins with a dash"
        }
        throw error("unknown option '\(parts[0].brief)'\(help)")
      }
      if values[option.name] != nil { throw error("\(option.name) is given twice") }
      // A flag has no text; any other option has one, in this word or the next.
      var text: String?
      if option.placeholder == nil {
        guard parts.count == 1 else { throw error("\(option.name) takes no value") }
      } else {
        text = isOperand ? word : parts.count == 2 ? parts[1] : rest.next()
        guard text != nil else { throw error("\(option.name) wants a value: \(option.usage)") }
      }
      guard let value = option.value(of: text ?? "") else {
        throw error("\(option.name) is '\((text ?? "").brief)', expected \(option.expected)")
      }
      values[option.name] = value
      texts[option.name] = text
    }
  }

  /// These options, and those of `earlier` that are not given here.
  func over(_ earlier: Arguments) -> Arguments {
    var both = self
    both.values.merge(earlier.values) { own, _ in own }
    both.texts.merge(earlier.texts) { own, _ in own }
    return both
  }

  /// The words that give the same options, without some of them.
  /// A training writes them to its run.json, and `--resume` reads them again. They come in the order of the
  /// declarations, each with its name, so that how they were typed leaves no trace.
  func words(without excluded: [any CommandOption]) -> [String] {
    command.options.filter { option in has(option) && !excluded.contains { $0.name == option.name } }
      .flatMap { option in [option.name] + [texts[option.name].flatMap(\.self)].compactMap(\.self) }
  }

  /// The value of an option, or its default.
  subscript<Value>(_ option: Option<Value>) -> Value { given(option) ?? option.standard }

  /// The value of an option; nil where it was not given.
  func given<Value>(_ option: Option<Value>) -> Value? {
    // A slip of the programmer: the option would be read, but never be accepted or shown by --help.
    precondition(command.options.contains { $0.name == option.name }, "\(option.name) is not declared")
    guard let value = values[option.name] else { return nil }
    return value as? Value
  }

  /// Whether an option was given.
  func has(_ option: any CommandOption) -> Bool { values[option.name] != nil }

  /// An error about how the options go together.
  func error(_ message: String) -> UsageError { UsageError(message, of: command) }
}

/// Words that the command cannot make sense of.
struct UsageError: Error {
  /// What is wrong, in one sentence.
  let message: String
  /// How to find out more.
  let hint: String

  /// An error in the options of a command; nil where the command itself is not known.
  init(_ message: String, of command: (any Command.Type)?) {
    self.message = message
    hint = "try 'tapegrad \(command.map { $0.name + " " } ?? "")--help'"
  }
}

/// `; did you mean …?` with the nearest name, if one is at most two letters away.
func suggestion(for word: String, among names: [String]) -> String {
  let near = names.map { (name: $0, distance: editDistance(word, $0)) }.min { $0.distance < $1.distance }
  // Farther away, a suggestion would be a guess, and in the way.
  guard let near, near.distance <= 2 else { return "" }
  return "; did you mean '\(near.name)'?"
}
