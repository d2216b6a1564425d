// What a subcommand declares. CommandLineTool runs it, `--help` prints it, CompletionsCommand completes it, all
// three from the declarations: a new command is a new file and a word in `CommandLineTool.commands`.
//
//   enum CountCommand: Command {
//     static let name = "count"
//     static let summary = "counts the rows of a table"
//     static let discussion = "Prints one number."
//     private static let data = Option.text("--data", "FILE", "a CSV file")
//     static let options: [any CommandOption] = [data]
//
//     static func run(_ arguments: Arguments) throws -> Int32 {
//       guard let path = arguments[data] else { throw arguments.error("\(data.usage) is wanted") }
//       try Terminal.print("\(CSVTable(contentsOf: path).rowCount)")
//       return 0
//     }
//   }

import TapeGrad

/// A subcommand: its name, its options, and what it does.
///
/// Nothing of it is an instance: a command is a list of declarations and a function.
protocol Command: Sendable {
  /// The word behind `tapegrad`.
  static var name: String { get }
  /// A line for the list of commands.
  static var summary: String { get }
  /// A paragraph for `--help`.
  static var discussion: String { get }
  /// All options, in the order in which `--help` lists them.
  static var options: [any CommandOption] { get }
  /// The option whose value may stand alone, without its name; nil where there is none.
  static var operand: (any CommandOption)? { get }

  /// Runs the command; the result is the exit code.
  static func run(_ arguments: Arguments) throws -> Int32
}

extension Command {
  /// None.
  static var operand: (any CommandOption)? { nil }

  /// What `tapegrad NAME --help` prints.
  static var help: String {
    """
    \("tapegrad \(name): \(summary)".reflowed)

    \(discussion.reflowed)

    options:
    \(explained(options.map { ($0.usage, $0.help) } + [(CommandLineTool.helpName, "this text")]))
    """
  }
}

/// Names and what they mean, in two columns that fit the terminal.
func explained(_ list: [(name: String, meaning: String)], indentation: Int = 2) -> String {
  // Two spaces between the columns.
  let width = Terminal.width(of: 1) - indentation - 2 - (list.map(\.name.count).max() ?? 0)
  // A meaning of several lines stays in its column: only the first row has the name.
  let rows = list.flatMap { name, meaning in
    meaning.wrapped(to: max(width, 20)).enumerated().map { [$0 == 0 ? name : "", $1] }
  }
  return TextTable.text(of: rows, indentation: indentation)
}

extension String {
  /// The text, cut where it is so long that nobody would read a message about it.
  var brief: String { count > 80 ? prefix(80) + "…" : self }

  /// The text in lines that fit the terminal: what stands without spaces in front is a paragraph, and divided anew between
  /// words; other lines are examples or lists, and stay.
  var reflowed: String {
    var lines: [String] = [], paragraph: [Substring] = []
    func finish() {
      lines += paragraph.joined(separator: " ").wrapped(to: min(Terminal.width(of: 1), 120))
      paragraph = []
    }
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.hasPrefix(" ") {
        finish()
        lines.append(String(line))
      } else {
        paragraph.append(line)
      }
    }
    finish()
    return lines.joined(separator: "\n")
  }
}

/// Something that went wrong, in one sentence.
///
/// Errors of files, tables and tensors have types of their own in the library; this one is for what only the command
/// knows.
struct CommandError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
