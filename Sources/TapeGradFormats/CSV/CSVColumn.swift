// How a column lies in memory. The fields 1.5, NA, 2 and NA of a column of numbers become
//
//     store   1.5, NaN with payload 0, 2, NaN with payload 0
//     texts   0: "NA"
//
// so that a column of a million numbers takes 8 MB and no object for each field, and a message can still say which
// text stood in place of a number. The fields red, blue and red of a column of text become the numbers of their
// texts:
//
//     store   0, 1, 0
//     texts   0: "red", 1: "blue"
//
// `realloc` is used and not an array, because the system may move the pages of a large block without copying them.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory for the values of a column: grows without being copied where the system can do that.
///
/// `@unchecked Sendable`: the values are written by the reader, its only owner, before the table exists, and are only
/// read from then on.
final class ColumnStore<Element: BitwiseCopyable>: @unchecked Sendable {
  private(set) var pointer: UnsafeMutablePointer<Element>
  fileprivate(set) var count = 0

  init() { pointer = UnsafeMutablePointer<Element>(OpaquePointer(malloc(1))) }

  deinit { free(pointer) }

  /// Makes room for `capacity` values, of which the first are kept; false where there is no such memory.
  func reserve(_ capacity: Int) -> Bool {
    let (size, overflow) = max(1, capacity).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, let memory = realloc(pointer, size) else { return false }
    pointer = memory.assumingMemoryBound(to: Element.self)
    return true
  }

  /// Ends the writing: the first `count` values are there, and memory beyond them is given back.
  func finish(count: Int) {
    _ = reserve(count)
    self.count = count
  }

  /// The values, to read.
  var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: pointer, count: count) }
}

/// A column of a table: numbers with a few other texts among them, or text.
enum CSVColumn: Sendable {
  case numbers(NumberColumn)
  case text(TextColumn)

  /// The texts that are not numbers, each once.
  var texts: TextPool {
    switch self {
    case .numbers(let column): column.texts
    case .text(let column): column.texts
    }
  }
}

/// A column that holds numbers.
struct NumberColumn: Sendable {
  /// The numbers. A field that is none is a NaN whose payload is the number of its text.
  var store = ColumnStore<Double>()
  /// What stands in fields that are no numbers: tokens for missing values, and slips.
  var texts = TextPool()
  /// The rows, from 0, whose nearest `Float` is not the nearest to their `Double`.
  var floats: [Int: Float] = [:]
  /// Whether some number is a whole one, written in digits only, of more digits than a `Double` tells apart.
  var hasLongIntegers = false

  /// The number of the text in place of a number; nil for a number.
  @inline(__always) static func text(_ value: Double) -> Int? {
    value.isNaN ? Int(value.bitPattern & 0xFFFF_FFFF) : nil
  }

  @inline(__always) static func value(text: UInt32) -> Double { Double(bitPattern: 0x7FF8 << 48 | UInt64(text)) }
}

/// A column that holds text.
struct TextColumn: Sendable {
  /// The number of each field's text.
  var store = ColumnStore<UInt32>()
  var texts = TextPool()
}
