// One declaration gives three texts:
//
//   Option.count("--epochs", default: 100, in: 0...1_000_000_000, "epochs of training before the comparison")
//
//   help      --epochs N              epochs of training before the comparison (100)
//   reading   --epochs 20 and --epochs=20
//   error     tapegrad: --epochs is 'x', expected a whole number from 0 to 1000000000
//
// The type of the value is the option's own: `arguments[epochs]` is an Int, and the compiler sees to it. Only in the
// list of a command, where options of all types stand side by side, is the type hidden behind `CommandOption`.

import TapeGrad

/// An option of a command, declared once: its name, what its values are, and what it is where it is not given.
///
/// ```swift
/// static let hidden = Option.count("--hidden", default: 16, in: 1...100_000, "hidden units")
/// static let options: [any CommandOption] = [hidden]
/// static func run(_ arguments: Arguments) throws -> Int32 {
///   let units = arguments[hidden]
/// ```
/// Reading, `--help`, error messages and suggestions for misspelled names come from this declaration.
struct Option<Value: Sendable>: CommandOption {
  let name: String
  let placeholder: String?
  let help: String
  let expected: String
  /// The value where the option is not given.
  let standard: Value
  private let read: @Sendable (String) -> Value?

  /// An option of any type; the functions below declare those of the usual types.
  ///
  /// - Parameters:
  ///   - placeholder: what stands for the value in the help, such as `N`; nil for a flag.
  ///   - shown: how the help shows the default, in parentheses behind `help`; nil shows none.
  ///   - expected: what a value must be, for the sentence "--name is 'x', expected …".
  ///   - read: the value that a text means; nil where it means none.
  init(
    _ name: String, _ placeholder: String?, default standard: Value, shown: String?, _ help: String, expected: String,
    read: @escaping @Sendable (String) -> Value?
  ) {
    (self.name, self.placeholder, self.standard, self.expected, self.read) = (
      name, placeholder, standard, expected, read
    )
    self.help = shown.map { "\(help) (\($0))" } ?? help
  }

  func value(of text: String) -> (any Sendable)? { read(text) }
}

/// What is the same for options of all types.
protocol CommandOption: Sendable {
  /// The name as it is typed: `--hidden`.
  var name: String { get }
  /// What stands for the value in the help; nil for a flag.
  var placeholder: String? { get }
  /// What the option means, and its default.
  var help: String { get }
  /// What a value must be.
  var expected: String { get }
  /// The value that a text means, of the option's own type; nil where it means none.
  func value(of text: String) -> (any Sendable)?
}

extension CommandOption {
  /// `--hidden N`, or `--json` of a flag.
  var usage: String { placeholder.map { "\(name) \($0)" } ?? name }
}

extension Option where Value == Bool {
  /// `--name`, which takes no value: true where it is given.
  static func flag(_ name: String, _ help: String) -> Option {
    Option(name, nil, default: false, shown: nil, help, expected: "no value") { _ in true }
  }
}

extension Option where Value == Int {
  /// A whole number in a range.
  ///
  /// The range belongs to the declaration: a number that no run could use is then an error that names the option, and not
  /// one of some operation much later.
  ///
  /// - Parameter shown: how the help shows the default, where the number would not say enough.
  static func count(
    _ name: String, default standard: Int, shown: String? = nil, in range: ClosedRange<Int>, _ help: String
  ) -> Option {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return Option(name, "N", default: standard, shown: shown ?? "\(standard)", help, expected: expected) { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension Option where Value == Double {
  /// A part of a whole, from 0 to below 1.
  static func share(_ name: String, default standard: Double, _ help: String) -> Option {
    Option(name, "SHARE", default: standard, shown: short(standard), help, expected: "a number from 0 to below 1") {
      Double($0).flatMap { $0 >= 0 && $0 < 1 ? $0 : nil }
    }
  }
}

extension Option where Value == Double? {
  /// A finite number above 0; nil where it is not given.
  static func positiveNumber(_ name: String, shown: String, _ help: String) -> Option {
    optional(name, "NUMBER", shown: shown, help, expected: "a positive number") { text in
      Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
  }
}

extension Option where Value == String? {
  /// Any text; nil where it is not given.
  static func text(_ name: String, _ placeholder: String, shown: String? = nil, _ help: String) -> Option {
    Option(name, placeholder, default: nil, shown: shown, help, expected: "a text") { .some($0) }
  }
}

extension Option {
  /// One of several names.
  ///
  /// - Parameters:
  ///   - names: what the error message lists; also kinds of names, such as "sizes like 30x16x569".
  ///   - read: the value of a name; nil for any other text.
  static func choice(
    _ name: String, _ placeholder: String, default standard: Value, shown: String? = nil, of names: [String],
    _ help: String, read: @escaping @Sendable (String) -> Value?
  ) -> Option {
    let expected = "one of \(names.joined(separator: ", "))"
    return Option(name, placeholder, default: standard, shown: shown, help, expected: expected, read: read)
  }

  /// A value that may be absent: nil, where the option is not given.
  ///
  /// - Parameter shown: what happens without it.
  static func optional<Wrapped>(
    _ name: String, _ placeholder: String, shown: String, _ help: String, expected: String,
    read: @escaping @Sendable (String) -> Wrapped?
  ) -> Option where Value == Wrapped? {
    Option(name, placeholder, default: nil, shown: shown, help, expected: expected) { text in
      read(text).map { .some($0) }
    }
  }

  /// One of the cases of an enumeration, by the raw values.
  static func choice(_ name: String, _ placeholder: String, default standard: Value, _ help: String) -> Option
  where Value: CaseIterable & RawRepresentable<String> {
    choice(
      name, placeholder, default: standard, shown: standard.rawValue, of: Value.allCases.map(\.rawValue), help
    ) { Value(rawValue: $0) }
  }

  /// Values separated by commas; an empty part, as in `1,,2`, is an error.
  ///
  /// The other parameters are those of a choice, for one element.
  static func list<Element: Sendable>(
    _ name: String, _ placeholder: String, default standard: [Element], shown: String? = nil, of names: [String],
    _ help: String, read: @escaping @Sendable (String) -> Element?
  ) -> Option where Value == [Element] {
    let text = shown ?? standard.map { "\($0)" }.joined(separator: ",")
    return choice(name, placeholder, default: standard, shown: text, of: names, help) { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { read(String($0)) }
      return parts.contains { $0 == nil } ? nil : parts.compactMap(\.self)
    }
  }
}
