//   source <(tapegrad completions bash)
//   tapegrad tr<Tab>               tapegrad train
//   tapegrad train --ep<Tab>       tapegrad train --epochs
//
//   tapegrad completions csh       tapegrad: --shell is 'csh', expected one of bash, zsh, fish
//
// The scripts hold the names themselves and do not call the command: Tab answers at once.

import TapeGrad

/// `tapegrad completions`: what a shell needs to complete commands and options when Tab is pressed.
///
///     source <(tapegrad completions bash)
enum CompletionsCommand: Command {
  /// The shells that are known.
  enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish
  }

  static let name = "completions"
  static let summary = "prints a script that completes commands and options in a shell"
  static let discussion = """
    The script comes from the declarations of the commands, so that it fits this version.

    examples:
      source <(tapegrad completions bash)      in ~/.bashrc
      source <(tapegrad completions zsh)       in ~/.zshrc, behind compinit
      tapegrad completions fish > ~/.config/fish/completions/tapegrad.fish
    """

  private static let shell = Option.choice("--shell", "NAME", default: Shell.bash, "bash, zsh or fish")
  static let operand: (any CommandOption)? = shell
  static let options: [any CommandOption] = [shell]

  static func run(_ arguments: Arguments) throws -> Int32 {
    switch arguments[shell] {
    case .bash: try Terminal.print(bash)
    case .zsh: try Terminal.print("autoload -U bashcompinit && bashcompinit\n" + bash)
    case .fish: try Terminal.print(fish)
    }
    return 0
  }

  private static var commands: [any Command.Type] { CommandLineTool.commands }

  /// Words that begin with a dash are options of the command; others are files. (zsh takes the same through bashcompinit.)
  private static var bash: String {
    let cases = commands.map { command in
      "    \(command.name)) words='\(command.options.map(\.name).joined(separator: " ")) --help' ;;"
    }
    return """
      _tapegrad() {
        local words word=${COMP_WORDS[COMP_CWORD]}
        case ${COMP_WORDS[1]} in
      \(cases.joined(separator: "\n"))
        esac
        if [ "$COMP_CWORD" = 1 ]; then
          words='\(commands.map { $0.name }.joined(separator: " ")) help --help --version'
        elif [[ $word != -* ]]; then
          COMPREPLY=($(compgen -f -- "$word"))
          return
        fi
        COMPREPLY=($(compgen -W "$words" -- "$word"))
      }
      complete -o filenames -F _tapegrad tapegrad
      """
  }

  /// One line for each command and each option, with its help.
  private static var fish: String {
    func quoted(_ text: String) -> String { "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'" }
    let names = commands.map { "complete -c tapegrad -n __fish_use_subcommand -a \($0.name) -d \(quoted($0.summary))" }
    let options = commands.flatMap { command in
      command.options.map { option in
        "complete -c tapegrad -n '__fish_seen_subcommand_from \(command.name)' -l \(option.name.dropFirst(2))"
          + (option.placeholder == nil ? "" : " -r") + " -d \(quoted(option.help))"
      }
    }
    return (names + options).joined(separator: "\n")
  }
}
