// From the words of a command line to an exit code.
//
//   tapegrad --epochs 20           no command: compare, which is what the project is about
//   tapegrad help train            the same text as tapegrad train --help
//   tapegrad trian                 ends with 2, and standard error has two lines:
//
//     tapegrad: there is no command 'trian'; did you mean 'train'?
//     try 'tapegrad --help'
//
// Errors of usage end with such a hint and the code 2. All other errors are about files, data or
// numbers, where a text about options would not help: they have no hint, and end with the code 1.

import TapeGrad

/// The command `tapegrad`: finds the subcommand, reads its options, runs it, and turns what happened into an exit code.
///
///     tapegrad [command] [options]
///     tapegrad help [command]
///
/// To add a command, write a type that conforms to `Command`, and add it to `commands`.
enum CommandLineTool {
  static let version = "0.1.0"
  /// All commands, in the order in which the help lists them.
  static let commands: [any Command.Type] = [
    CompareCommand.self, TrainCommand.self, PredictCommand.self, EvaluateCommand.self, InspectCommand.self,
    FiguresCommand.self, ExportCommand.self, DeriveCommand.self, BenchmarkCommand.self, CompletionsCommand.self,
  ]
  /// What asks for help, anywhere among the options.
  static let helpName = "--help"
  private static let helpCommand = "help", versionName = "--version"

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

  /// Answers a call for help or for the version, or runs a command: `compare` where none is named.
  private static func dispatch(_ arguments: [String]) throws -> Int32 {
    switch arguments.first {
    case helpName, "-h":
      try Terminal.print(help)
    case helpCommand:
      try Terminal.print(arguments.dropFirst().first.map { try command($0).help } ?? help)
    case versionName:
      try Terminal.print("tapegrad \(version)")
    // Nothing at all runs `compare` too, on the embedded table: the first call needs no file.
    // An option as the first word belongs to `compare`.
    case let name? where !name.hasPrefix("-"):
      return try run(command(name), Array(arguments.dropFirst()))
    default:
      return try run(CompareCommand.self, arguments)
    }
    return 0
  }

  /// Runs a command, unless its help is asked for. Help comes first: other options may be wrong when one asks for it.
  private static func run(_ command: any Command.Type, _ arguments: [String]) throws -> Int32 {
    if arguments.contains(helpName) || arguments.contains("-h") {
      try Terminal.print(command.help)
      return 0
    }
    return try command.run(Arguments(arguments, of: command))
  }

  /// The command of a name.
  private static func command(_ name: String) throws(UsageError) -> any Command.Type {
    if let command = commands.first(where: { $0.name == name }) { return command }
    let names = commands.map { $0.name }
    throw UsageError("there is no command '\(name)'\(suggestion(for: name, among: names))", of: nil)
  }

  /// What `tapegrad --help` prints.
  private static var help: String {
    """
    \("tapegrad: reverse-mode automatic differentiation, shown at work on the two-layer neural network.".reflowed)

    usage: tapegrad [command] [options]        without a command: compare

    \(explained(commands.map { ($0.name, $0.summary) }))

    tapegrad \(helpCommand) COMMAND tells a command's options; tapegrad \(versionName) the version.
    """
  }
}
