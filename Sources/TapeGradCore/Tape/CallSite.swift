#if canImport(Runtime) && !canImport(Darwin)
  import Runtime
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where in the user's source an operation was called, found from the return addresses.
///
/// The addresses are captured when an operation fails (microseconds), and looked up in the program's line table when the
/// error is printed. Operators cannot take a `#line` argument, so this serves them, and every other operation alike.
struct CallSite: Sendable, CustomStringConvertible {
  #if canImport(Runtime) && !canImport(Darwin)
    private let backtrace: Backtrace

    static func capture() -> CallSite? {
      (try? Backtrace.capture(limit: 48, offset: 1)).map { CallSite(backtrace: $0) }
    }

    /// File and line of the innermost frame that is not ours.
    var description: String {
      let frames = backtrace.symbolicated()?.frames ?? []
      let caller = frames.first { frame in
        guard let symbol = frame.symbol, symbol.sourceLocation != nil else { return false }
        return !CallSite.isOurs(symbol.rawName)
      }
      guard let location = caller?.symbol?.sourceLocation else { return "" }
      return "\(location.path.split(separator: "/").last ?? ""):\(location.line)"
    }
  #elseif canImport(Darwin)
    private let symbols: [String]

    static func capture() -> CallSite? {
      var addresses = [UnsafeMutableRawPointer?](repeating: nil, count: 48)
      let count = backtrace(&addresses, 48)
      let names = addresses.prefix(Int(count)).compactMap { address -> String? in
        var info = Dl_info()
        guard let address, dladdr(address, &info) != 0, let name = info.dli_sname else { return nil }
        return String(cString: name)
      }
      return CallSite(symbols: names)
    }

    /// The symbol of the innermost frame that is not ours.
    var description: String { symbols.first { !CallSite.isOurs($0) } ?? "" }
  #else
    static func capture() -> CallSite? { nil }
    var description: String { "" }
  #endif

  /// Whether a mangled symbol belongs to this module, or is a Swift runtime thunk.
  private static func isOurs(_ symbol: String) -> Bool {
    symbol.hasPrefix("$s12TapeGradCore") || symbol.hasPrefix("$s14TapeGradArrays") || !symbol.contains("$s") && symbol != "main"
  }
}
