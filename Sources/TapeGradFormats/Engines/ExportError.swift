import TapeGradCore

/// Why a program cannot be written for another engine.
public struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The format that was asked for: `StableHLO`.
  public let format: String
  /// What it has no words for: `the primitive 'fft' evaluates on arrays`.
  public let problem: String

  /// The format and the problem.
  public var description: String { "\(format): \(problem)" }

  init(_ format: String, _ problem: String) { (self.format, self.problem) = (format, problem) }

  /// A primitive that says in no words what it computes.
  init(_ format: String, opaque primitive: any Primitive) {
    self.init(
      format,
      "the primitive '\(type(of: primitive).name)' evaluates on arrays, and no other engine knows what it computes; "
        + "conform it to Computed")
  }
}
