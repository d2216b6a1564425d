#if canImport(Darwin)
  import Darwin
#elseif canImport(Runtime)
  import Runtime
#endif

/// Where in the user's source an operation was called, found from the return addresses.
///
/// The addresses are captured when an operation fails (microseconds), and looked up in the program's line table when the
/// error is printed. Operators cannot take a `#line` argument, so this serves them, and every other operation alike.
struct CallSite: Sendable {
  private static let depth = 48

  #if canImport(Darwin)
    private let addresses: [UInt]

    static func capture() -> CallSite? {
      var addresses = [UnsafeMutableRawPointer?](repeating: nil, count: depth)
      let count = backtrace(&addresses, Int32(depth))
      return CallSite(addresses: addresses.prefix(Int(count)).map { UInt(bitPattern: $0) })
    }

    /// The symbol of the innermost frame that is not ours.
    var description: String? {
      addresses.lazy.compactMap { address -> String? in
        var info = Dl_info()
        guard dladdr(UnsafeRawPointer(bitPattern: address), &info) != 0, let name = info.dli_sname else { return nil }
        return String(cString: name)
      }.first { !$0.contains("TapeGrad") }
    }
  #elseif canImport(Runtime)
    private let backtrace: Backtrace

    static func capture() -> CallSite? {
      (try? Backtrace.capture(limit: depth)).map { CallSite(backtrace: $0) }
    }

    /// The folder of this package's sources: a frame from there is ours.
    private static let ownSources = String(#filePath.dropLast("TapeGradCore/Tape/CallSite.swift".count))

    /// File and line of the innermost frame that is not ours.
    var description: String? {
      let locations = backtrace.symbolicated()?.frames.lazy.compactMap { $0.symbol?.sourceLocation }
      let caller = locations?.first { $0.line > 0 && !$0.path.hasPrefix(CallSite.ownSources) }
      return caller.map { "\($0.path.split(separator: "/").last ?? ""):\($0.line)" }
    }
  #else
    static func capture() -> CallSite? { nil }
    var description: String? { nil }
  #endif
}
