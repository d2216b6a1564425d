// Whose function a symbol names. Swift's mangled names begin with the module, after its length:
//
//   $s12TapeGradCore6TensorV1poiyACyxGAE_AEtFZ    12 letters: TapeGradCore         the library's
//   $s5Model4loss1x…                              5 letters: Model                 the user's
//   $ss5ArrayV…, swift_retain                     s, swift_                        Swift's own
//   $s…TR, $s…TA                                  endings of adapters              nobody's
//
// One kind looks like ours and is the user's: a function in their extension of one of our types, whose name begins with
// the type. The demangled name says "(extension in Model)".

import CTapeGradKernels

/// Whose function a frame of the stack is.
enum FrameOwner {
  /// This package's, or Swift's own.
  case library
  /// Nobody's: the compiler adapts one convention to another.
  case thunk
  case user

  private static let modules = [
    "TapeGrad", "TapeGradArrays", "TapeGradCore", "TapeGradNetworks", "TapeGradAudit", "TapeGradFormats",
    "TapeGradFigures", "TapeGradEngines",
  ]

  /// A mangled name begins with its module, also where a generic function of ours was compiled into the user's program.
  private static let prefixes = modules.map { "$s\($0.utf8.count)\($0)" } + ["$ss", "$sS", "swift_", "_swift_"]

  /// The owner of a function, by its symbol.
  init(symbol: String) {
    if FrameOwner.prefixes.contains(where: symbol.hasPrefix), !FrameOwner.isForeignExtension(symbol) {
      self = .library
    } else if symbol.hasPrefix("$s"), ["TR", "Tr", "TA", "TW", "To"].contains(where: symbol.hasSuffix) {
      self = .thunk
    } else {
      self = .user
    }
  }

  /// Whether a source file is one of this package's. A path may be relative to where somebody built it.
  static func isOwn(path: String) -> Bool { modules.contains { path.contains("Sources/\($0)/") } }

  /// Whether the function stands in somebody else's extension of one of these modules' types.
  private static func isForeignExtension(_ symbol: String) -> Bool {
    guard symbol.contains("E"), let text = demangled(symbol) else { return false }
    // Of `generic specialization <Double> of (extension in Model):TapeGradCore.Tensor.loss() -> …`, what is behind `of`.
    let entity = text.components(behindLast: " of ")
    guard let start = entity.firstRange(of: "(extension in "), let end = entity[start.upperBound...].firstIndex(of: ")")
    else { return false }
    let module = entity[start.upperBound..<end]
    return !modules.contains(String(module)) && !module.hasPrefix("Swift") && module != "_Concurrency"
  }

  /// The name in the source's words, from Swift's runtime; nil where the symbol is not mangled.
  private static func demangled(_ symbol: String) -> String? {
    guard let text = swift_demangle(symbol, symbol.utf8.count, nil, nil, 0) else { return nil }
    defer { text.deallocate() }
    return String(cString: text)
  }
}

extension String {
  /// What is behind the last occurrence of a separator, or everything where there is none.
  fileprivate func components(behindLast separator: String) -> Substring {
    ranges(of: separator).last.map { self[$0.upperBound...] } ?? self[...]
  }
}
