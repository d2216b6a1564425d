import Testing

@testable import TapeGradCLI

/// A command whose options are of every kind.
private enum SampleCommand: Command {
  static let name = "sample", summary = "a sample", discussion = "Does nothing."
  static let count = Option.count("--count", default: 16, in: 1...99, "how many")
  static let rate = Option.positiveNumber("--rate", shown: "0.5 or less", "how fast")
  static let text = Option.text("--text", "WORDS", "what to say")
  enum Color: String, CaseIterable { case red, blue }
  static let color = Option.choice("--color", "NAME", default: Color.red, "its color")
  static let sizes = Option.list("--sizes", "SIZES", default: [3, 4], of: ["whole numbers"], "all sizes") { Int($0) }
  static let flag = Option.flag("--flag", "whether")
  static let options: [any CommandOption] = [count, rate, text, color, sizes, flag]
  static func run(_ arguments: Arguments) -> Int32 { 0 }
}

struct OptionTests {
  private func arguments(_ words: String...) throws -> Arguments { try Arguments(words, of: SampleCommand.self) }

  @Test("without arguments every option has its default")
  func defaults() throws {
    let arguments = try arguments()
    #expect(arguments[SampleCommand.count] == 16 && arguments[SampleCommand.rate] == nil)
    #expect(arguments[SampleCommand.text] == nil && arguments[SampleCommand.color] == .red)
    #expect(arguments[SampleCommand.sizes] == [3, 4] && !arguments[SampleCommand.flag])
    #expect(arguments.given(SampleCommand.count) == nil && !arguments.has(SampleCommand.count))
  }

  @Test("a value is read in its option's type")
  func values() throws {
    let arguments = try arguments(
      "--count=99", "--rate", "1e-3", "--text", "a=b", "--color", "blue", "--sizes", "5,6", "--flag")
    #expect(arguments[SampleCommand.count] == 99 && arguments[SampleCommand.rate] == 1e-3)
    #expect(arguments[SampleCommand.text] == "a=b" && arguments[SampleCommand.color] == .blue)
    #expect(arguments[SampleCommand.sizes] == [5, 6] && arguments[SampleCommand.flag])
    #expect(arguments.given(SampleCommand.count) == 99 && arguments.has(SampleCommand.text))
    #expect(try self.arguments("--text=")[SampleCommand.text] == "")
  }

  @Test(
    "a mistake is named, with what was expected",
    arguments: [
      (["--count", "0"], "--count is '0', expected a whole number from 1 to 99"),
      (["--count=100"], "--count is '100', expected a whole number from 1 to 99"),
      (["--count", "99999999999999999999"], "--count is '99999999999999999999', expected a whole number from 1 to 99"),
      (["--count", "1.5"], "--count is '1.5', expected a whole number from 1 to 99"),
      (["--count="], "--count is '', expected a whole number from 1 to 99"),
      (["--rate", "-1"], "--rate is '-1', expected a positive number"),
      (["--rate", "inf"], "--rate is 'inf', expected a positive number"),
      (["--color", "green"], "--color is 'green', expected one of red, blue"),
      (["--sizes", "1,,2"], "--sizes is '1,,2', expected one of whole numbers"),
      (["--flag=1"], "--flag takes no value"),
      (["--text"], "--text wants a value: --text WORDS"),
      (["--rate", "1", "--rate", "1"], "--rate is given twice"),
      (["--colour", "red"], "unknown option '--colour'; did you mean '--color'?"),
      (["--nothing"], "unknown option '--nothing'"),
      (["word"], "unexpected argument 'word'"),
    ])
  func mistakes(words: [String], message: String) {
    let error = #expect(throws: UsageError.self) { try Arguments(words, of: SampleCommand.self) }
    #expect(error?.message == message)
    #expect(error?.hint == "try 'tapegrad sample --help'")
  }

  @Test("the help text comes from the declarations")
  func help() {
    #expect(
      SampleCommand.help == """
        tapegrad sample: a sample

        Does nothing.

        options:
          --count N      how many (16)
          --rate NUMBER  how fast (0.5 or less)
          --text WORDS   what to say
          --color NAME   its color (red)
          --sizes SIZES  all sizes (3,4)
          --flag         whether
          --help         this text
        """)
  }
}
