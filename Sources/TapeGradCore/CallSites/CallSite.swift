// An error says where the operation that failed was called: `Model.swift:17`. The stack when W + x failed in loss(x:),
// inner frames first, and what each frame says:
//
//   frame         symbol                       line in the table       verdict
//   Tensor.+      $s12TapeGradCore6TensorV…    Arithmetic.swift:20     ours: further out
//   loss(x:)      $s5Model4loss1x…             Model.swift:17          found
//   main          $s5Model…                    Model.swift:40          not looked at
//
// In a release build `+` is compiled into loss(x:), and one address then belongs to a line of ours in a function of
// theirs. Which of their lines called it cannot be known from that, and the error says nothing rather than something
// wrong.
//
// Three stages, each in a file of its own: whose function it is (FrameOwner), which file the code is from and what its
// tables hold (ProgramFile), which line an address belongs to (LineTable). All of it happens when the error is printed,
// none when it is made.

import CTapeGradKernels

#if canImport(Darwin)
  import Darwin
#endif

/// Where in the user's source an operation was called, found from the return addresses.
///
/// The addresses are captured when an operation fails (microseconds), and looked up in the program's symbols and lines
/// when the error is printed. Operators cannot take a `#line` argument, so this serves them, and every other operation
/// alike. It names the innermost line that is the user's, or none: never another one.
struct CallSite: Sendable {
  private let addresses: [UInt]

  /// The calls under way.
  static func capture() -> CallSite {
    let depth = 64
    return CallSite(
      addresses: Array(unsafeUninitializedCapacity: depth) { addresses, count in
        count = tg_return_addresses(addresses.baseAddress, depth)
      })
  }

  #if canImport(Darwin)
    /// The symbol of the innermost frame that is not ours.
    var description: String? {
      addresses.lazy.compactMap { address -> String? in
        var info = Dl_info()
        guard dladdr(UnsafeRawPointer(bitPattern: address), &info) != 0, let name = info.dli_sname else { return nil }
        return String(cString: name)
      }.first { FrameOwner(symbol: $0) == .user }
    }
  #elseif canImport(Glibc) || canImport(Musl)
    /// File and line of the innermost call in the user's source; nil where it cannot be known.
    var description: String? {
      var rest = addresses[...]
      while let first = rest.first, let image = LoadedImage(holding: first) {
        // The frames in the same file, which is read once for all of them.
        let frames = rest.prefix { LoadedImage(holding: $0)?.base == image.base }
        rest = rest.dropFirst(frames.count)
        if image.isSystem { continue }
        guard let file = ProgramFile(image) else { return nil }
        // Nothing is decided further out than where a line is somebody else's.
        let lines = file.lines(of: Array(frames)) { $0.line > 0 && !FrameOwner.isOwn(path: $0.path) }
        let symbols = file.symbols(of: Array(frames.prefix(lines.count)))
        for (line, symbol) in zip(lines, symbols) {
          switch CallSite.verdict(line, symbol) {
          case .found(let line): return line.description
          case .further: continue
          case .unknown: return nil
          }
        }
      }
      return nil
    }

    /// What a frame says: here it is; look one frame further out; or stop, since it cannot be known.
    private enum Verdict {
      case found(SourceLine)
      case further
      case unknown
    }

    /// By the line, where the table has one, and by the function's owner. The four cases:
    ///
    ///                         a line of ours       a line of theirs    no line
    ///   a function of ours    further out          found: a closure    further out
    ///   a function of theirs  unknown: inlined     found               unknown
    private static func verdict(_ line: SourceLine?, _ symbol: String?) -> Verdict {
      let owner = symbol.map { FrameOwner(symbol: $0) }
      if let line, line.line > 0 {
        if FrameOwner.isOwn(path: line.path) { return owner == .user ? .unknown : .further }
        // The user's line in a function of ours: a closure that was compiled into it.
        return line.isWritten ? .found(line) : .unknown
      }
      switch owner {
      case .library, .thunk: return .further
      case .user, nil: return .unknown  // ours, compiled into the user's function, which has many lines
      }
    }
  #else
    /// Nothing is known of a program's lines here.
    var description: String? { nil }
  #endif
}
