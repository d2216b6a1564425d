/// Why an engine cannot be loaded, or does not do what it was asked.
public struct EngineError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The library's file.
  public let plugin: String
  /// What was to be done: `compile`.
  public let action: String
  /// What the engine, or the loader of libraries, says.
  public let message: String
  /// The version of PJRT that the plugin has; nil where it was not loaded.
  public let version: PJRTVersion?

  /// The file, the action, the engine's words, and both versions.
  public var description: String {
    let versions = version.map { " (PJRT \($0) in the plugin, \(PJRTVersion.declared) here)" } ?? ""
    return "\(plugin): \(action): \(message)\(versions)"
  }

  init(_ plugin: String, _ action: String, _ message: String, _ version: PJRTVersion? = nil) {
    (self.plugin, self.action, self.message, self.version) = (plugin, action, message, version)
  }
}
