/// The command `tapegrad`: finds the subcommand, parses its options, runs it, and turns what happened into an exit code.
enum CommandLineTool {
  static let version = "0.1.0"
  static let commands: [any Command.Type] = [CompareCommand.self, DeriveCommand.self, BenchmarkCommand.self]

  /// 0 for success, 1 for failure, 2 for wrong usage. Errors go to standard error.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      return try dispatch(arguments)
    } catch let error as UsageError {
      Terminal.writeError("tapegrad: \(error.message)\n\(error.hint)\n")
      return 2
    } catch {
      Terminal.writeError("tapegrad: \(error)\n")
      return 1
    }
  }

  private static func dispatch(_ arguments: [String]) throws -> Int32 {
    switch arguments.first {
    case "--help", "-h":
      print(help)
      return 0
    case "help":
      guard let name = arguments.dropFirst().first else {
        print(help)
        return 0
      }
      print(try command(name).help)
      return 0
    case "--version":
      print("tapegrad \(version)")
      return 0
    case let name? where !name.hasPrefix("-"):
      return try run(command(name), Array(arguments.dropFirst()))
    default:
      return try run(CompareCommand.self, arguments)
    }
  }

  private static func run(_ command: any Command.Type, _ arguments: [String]) throws -> Int32 {
    if arguments.contains("--help") || arguments.contains("-h") {
      print(command.help)
      return 0
    }
    return try command.run(Options(arguments, of: command))
  }

  private static func command(_ name: String) throws(UsageError) -> any Command.Type {
    if let command = commands.first(where: { $0.name == name }) { return command }
    let names = commands.map { $0.name }
    throw UsageError("there is no command '\(name)'\(suggestion(for: name, among: names))", of: nil)
  }

  static var help: String {
    let lines = commands.map { "  \($0.name.padded(to: 10)) \($0.summary)" }
    return """
      tapegrad: reverse-mode automatic differentiation, shown at work on the two-layer neural network.

      usage: tapegrad [command] [options]        without a command: compare

      \(lines.joined(separator: "\n"))

      tapegrad help COMMAND tells a command's options; tapegrad --version the version.
      """
  }
}

/// A subcommand: its name, its options, and what it does.
protocol Command: Sendable {
  static var name: String { get }
  static var summary: String { get }
  /// A paragraph for `--help`.
  static var discussion: String { get }
  static var options: [Option] { get }
  /// Runs the command; the result is the exit code.
  static func run(_ options: Options) throws -> Int32
}

extension Command {
  static var help: String {
    let width = (options.map(\.usage.count).max() ?? 0) + 2
    return """
      tapegrad \(name): \(summary)

      \(discussion)

      options:
      \((options + [Option("--help", nil, "this text")]).map { "  \($0.usage.padded(to: width))\($0.help)" }.joined(separator: "\n"))
      """
  }
}

/// Words that the command cannot make sense of.
struct UsageError: Error {
  let message: String
  let hint: String

  init(_ message: String, of command: (any Command.Type)?) {
    self.message = message
    hint = "try 'tapegrad \(command.map { $0.name + " " } ?? "")--help'"
  }
}

/// `; did you mean …?` for the nearest name, if one is near.
func suggestion(for word: String, among names: [String]) -> String {
  let near = names.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
  guard let near, near.1 <= 2 else { return "" }
  return "; did you mean '\(near.0)'?"
}

/// How many letters must be inserted, deleted or changed to make one word of the other (Levenshtein 1966).
private func distance(_ a: String, _ b: String) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      (diagonal, row[j + 1]) = (row[j + 1], min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1)))
    }
  }
  return row[b.count]
}
