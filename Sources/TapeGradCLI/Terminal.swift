// Where words go:
//
//   tapegrad train patients.csv --labels diagnosis --json > result.json
//
//   standard output   results only: the file is valid JSON
//   standard error    notes, progress, errors: they stay on the screen
//
// Colors and the line that is updated need a terminal. Into a file or a pipe the same words go without any codes.

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Standard output, standard error, and what is known of the place where they appear.
enum Terminal {
  // Descriptors: 1 is standard output, 2 standard error. Progress and errors go to the second, so that the first holds
  // nothing but results, which may be read by another program.

  /// Whether standard output is a terminal on which color is welcome (https://no-color.org: an empty variable does not
  /// count).
  static var showsColor: Bool { isatty(1) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true) }

  /// Whether progress may be drawn on standard error.
  static var showsProgress: Bool { isatty(2) == 1 }

  /// Writes a text and a line break to standard output.
  ///
  /// Swift's own `print` does not tell when nothing could be written, on a full disk for one, and a script would go on
  /// with half a file.
  ///
  /// - Throws: `CommandError` with the system's reason.
  static func print(_ text: String) throws(CommandError) {
    guard write(text + "\n", to: 1) else {
      throw CommandError("standard output cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  /// Writes to standard error. Where that fails, there is no place left to say so.
  static func writeError(_ text: String) { _ = write(text, to: 2) }

  /// Writes all of a text, and says whether the system took it.
  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    // A pipe that is nearly full takes a part only, and the rest in the next call.
    var rest = ArraySlice(text.utf8)
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      // EINTR is no failure: a signal came before anything was written, and the call is made again.
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Draws how far `label` is, on a terminal only, where the percentage changes. The last step clears the line.
  ///
  /// `\r` goes back to the beginning of the line, and `ESC [K` clears it from there on.
  static func showProgress(_ label: String, _ done: Int, of total: Int) {
    guard total > 0, 100 * done / total != 100 * (done - 1) / total, showsProgress else { return }
    let width = 30, filled = width * done / total
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    writeError(done == total ? "\r\u{1B}[K" : "\r\(label) \(bar) \(100 * done / total) %")
  }

  /// Replaces the line that is being updated, on a terminal; elsewhere writes a line of its own, where that is wanted.
  static func showLine(_ text: String, alsoElsewhere: Bool = false) {
    if showsProgress {
      // One character less than fits: a full line would move to the next one, and \r no longer reach its beginning.
      writeError("\r\(text.prefix(width(of: 2) - 1))\u{1B}[K")
    } else if alsoElsewhere {
      writeError(text + "\n")
    }
  }

  /// Clears the line that was updated.
  static func clearLine() { if showsProgress { writeError("\r\u{1B}[K") } }

  /// How many characters a line of the terminal behind a descriptor has; 80 where there is none.
  static func width(of descriptor: Int32) -> Int {
    var size = winsize()
    return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
  }

  /// Text in green or red where color is welcome. (32 and 31 are the terminal's codes for these, 0 ends them.)
  static func colored(_ text: String, good: Bool) -> String {
    showsColor ? "\u{1B}[\(good ? 32 : 31)m\(text)\u{1B}[0m" : text
  }
}

/// The system's `write`, which `Terminal.write` would hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
