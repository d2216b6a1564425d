#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is known of the place where output appears.
enum Terminal {
  /// Whether standard output is a terminal on which colour is welcome (https://no-color.org).
  static var showsColor: Bool { isatty(1) == 1 && getenv("NO_COLOR") == nil }

  /// Whether progress may be drawn on standard error.
  private static var showsProgress: Bool { isatty(2) == 1 }

  /// Writes to standard error.
  static func writeError(_ text: String) {
    var rest = ArraySlice(text.utf8)
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      if written <= 0 { return }
      rest = rest.dropFirst(written)
    }
  }

  /// Draws how far `label` is, on a terminal only. The last step clears the line.
  static func showProgress(_ label: String, _ done: Int, of total: Int) {
    guard showsProgress, total > 0 else { return }
    let width = 30, filled = width * done / total
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    writeError(done == total ? "\r\u{1B}[K" : "\r\(label) \(bar) \(100 * done / total) %")
  }

  /// Text in green or red where colour is welcome.
  static func colored(_ text: String, good: Bool) -> String {
    showsColor ? "\u{1B}[\(good ? 32 : 31)m\(text)\u{1B}[0m" : text
  }
}

extension String {
  /// The text with spaces after it, at least `width` characters wide.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
