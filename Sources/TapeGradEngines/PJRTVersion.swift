import CTapeGradEngines

/// A version of PJRT's C interface. Those of one major number work together: structures and the table of functions only grow.
public struct PJRTVersion: Equatable, Sendable, CustomStringConvertible {
  /// Changes where what was there before no longer works.
  public let major: Int
  /// Changes with every addition, about monthly.
  public let minor: Int

  /// The version that this library was written for.
  public static let declared = PJRTVersion(major: PJRT_API_MAJOR, minor: PJRT_API_MINOR)

  /// `0.81`.
  public var description: String { "\(major).\(minor)" }
}
