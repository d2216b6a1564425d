// All that is wrong is told at once, so that a file is fixed in one go and not error by error. A single problem is
// one line; several are a list, of which the first ten are shown:
//
//     data.csv, line 17, column "radius": found "abc", expected a number
//
//     data.csv: 12 problems
//       line 17, column "radius": found "abc", expected a number; …
//       line 40, column "texture": found "n.a.", expected a number; …
//       …
//       … and 2 more

/// What is wrong in a CSV file, and where: all that was found, in one message.
public struct CSVError: Error, Equatable, Sendable {
  /// A column, in words: by its name, or by its number where the file gives no names.
  public struct Column: Equatable, Sendable {
    /// The number of the column, from 1.
    public let number: Int
    /// The name in the header; nil where there is no header, or where it has not been read yet.
    public let name: String?
  }

  /// One thing that is wrong.
  public struct Problem: Equatable, Sendable {
    /// The line, from 1, on which the field or the record begins; nil where the fault is not on any one line.
    public let line: Int?
    /// The column; nil where the fault is not in any one column.
    public let column: Column?
    /// What stands there: the text in quotes, or a description.
    public let found: String
    /// What should have stood there, and what would help.
    public let expected: String

    init(line: Int? = nil, column: Column? = nil, found: String, expected: String) {
      self.line = line
      self.column = column
      self.found = found
      self.expected = expected
    }
  }

  /// The path of the file, or the name that the text was given.
  public let file: String
  /// The first problems, at most ten.
  public let problems: [Problem]
  /// How many problems there are.
  public let problemCount: Int

  init(file: String, _ problems: [Problem], count: Int? = nil) {
    self.file = file
    self.problems = Array(problems.prefix(Self.shown))
    problemCount = count ?? problems.count
  }

  init(file: String, found: String, expected: String) {
    self.init(file: file, [Problem(found: found, expected: expected)])
  }

  /// How many problems a message shows: enough to see what they have in common.
  static let shown = 10
}

extension CSVError: CustomStringConvertible {
  /// Like `measurements.csv, line 17, column "radius": found "abc", expected a number`; where there are more problems, a
  /// line for each of the first ten, and how many there are.
  public var description: String {
    if problemCount == 1, let problem = problems.first { return "\(file)\(problem.place(after: ", "))\(problem.text)" }
    let lines = problems.map { problem in
      let place = problem.place(after: "")
      return place.isEmpty ? String(problem.text.dropFirst(2)) : place + problem.text
    }
    let rest = problemCount - problems.count
    return (["\(file): \(problemCount) problems"] + lines + (rest > 0 ? ["… and \(rest) more"] : []))
      .joined(separator: "\n  ")
  }
}

extension CSVError.Problem {
  /// `line 17, column "radius"` behind a separator; nothing where the problem has no place.
  fileprivate func place(after separator: String) -> String {
    let parts = [line.map { "line \($0)" }, column.map { "column " + ($0.name.map(\.quoted) ?? "\($0.number)") }]
    let place = parts.compactMap(\.self).joined(separator: ", ")
    return place.isEmpty ? "" : separator + place
  }

  fileprivate var text: String { ": found \(found), expected \(expected)" }
}

/// Problems as they are found: the first few are kept, all are counted.
struct ProblemList {
  private(set) var first: [CSVError.Problem] = []
  private(set) var count = 0

  mutating func add(_ problem: CSVError.Problem) {
    if count < CSVError.shown { first.append(problem) }
    count += 1
  }

  /// Throws what was found.
  func check(file: String) throws(CSVError) {
    if count > 0 { throw CSVError(file: file, first, count: count) }
  }
}

extension String {
  /// The text in quotes as an error message shows it: control characters escaped, and cut after 40 characters.
  package var quoted: String {
    // By scalars first: one character may be made of a million of them.
    let scalars = unicodeScalars.prefix(160), beginning = String(String.UnicodeScalarView(scalars)).prefix(40)
    let isCut = scalars.endIndex < unicodeScalars.endIndex || beginning.endIndex < beginning.base.endIndex
    return String(beginning).debugDescription + (isCut ? "…" : "")
  }
}

extension Collection<String> {
  /// The texts in quotes, `"a", "b" or "c"`, without those beyond the first ten.
  var quotedAlternatives: String { quotedList("or") }

  /// The texts in quotes, `"a", "b" and "c"`, without those beyond the first ten.
  package func quotedList(_ conjunction: String) -> String {
    let shown = prefix(10).map(\.quoted)
    guard shown.count == count else { return shown.joined(separator: ", ") + ", …" }
    return shown.dropLast(2).map { $0 + ", " }.joined() + shown.suffix(2).joined(separator: " \(conjunction) ")
  }
}
