import TapeGradArrays
import TapeGradFormats

// The numbers of a page. All of 9,104 numbers of Z1, (16, 569), as many of A1 and so on would be a large file, and more
// than a screen can show. So of long axes some places are kept, the same ones in every array, so that column 17 is the
// same example everywhere:
//
//   axis of 16     all
//   axis of 569    0, 9, 18, … and the places that the page speaks of: of worst elements, of saturated ones
//
// Numbers are kept as they are, 64 bits each, in base64.

/// The arrays of a page, by name, with the places that are kept.
struct PageArrays {
  private var arrays: [(name: String, shape: Shape, numbers: [Double])] = []
  private var marked: [Int: Set<Int>] = [:]

  /// About how many numbers a page may hold.
  private static let limit = 9_000

  /// Adds an array, unless the name is taken: a value and its step have one.
  mutating func add(_ name: String, shape: Shape, _ numbers: [Double]) {
    guard numbers.count == shape.count, !numbers.isEmpty, !arrays.contains(where: { $0.name == name }) else { return }
    arrays.append((name, shape, numbers))
  }

  /// Keeps the row and the column of an element, in every array with axes of those lengths.
  mutating func keep(_ index: [Int], of shape: Shape) {
    let (rows, columns) = Self.extent(shape)
    guard let last = index.last, columns > 0 else { return }
    marked[columns, default: []].insert(last)
    if rows > 1 {
      marked[rows, default: []].insert(index.dropLast().enumerated().reduce(0) { $0 * shape[$1.offset] + $1.element })
    }
  }

  /// Rows and columns of an array as a matrix: all axes but the last one are rows.
  static func extent(_ shape: Shape) -> (rows: Int, columns: Int) {
    let columns = shape.rank == 0 ? 1 : shape[shape.rank - 1]
    return (columns == 0 ? 0 : shape.count / columns, columns)
  }

  /// How many places of a long axis are kept: as many as let all arrays together stay within the limit.
  private var places: Int {
    for limit in [64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2] {
      let count = arrays.reduce(0) { sum, array in
        let (rows, columns) = Self.extent(array.shape)
        return sum + kept(rows, limit).count * kept(columns, limit).count
      }
      if count <= Self.limit { return limit }
    }
    return 1
  }

  /// The places of an axis that are kept, evenly spread, and those that are marked, but not more than half as many.
  private func kept(_ length: Int, _ limit: Int) -> [Int] {
    if length <= limit { return Array(0..<length) }
    // 569 places in 64 steps: 0, 8, 17, 26, … up to 560, and those that are spoken of between them.
    let even = (0..<limit).map { $0 * length / limit }
    return Set(even).union((marked[length] ?? []).sorted().prefix(max(limit / 2, 1))).filter { $0 < length }.sorted()
  }

  /// The arrays as JSON: shape, kept rows and columns where not all are, numbers.
  var json: JSONValue {
    let limit = places
    return .object(
      arrays.map { name, shape, numbers in
        let (rows, columns) = Self.extent(shape)
        let keptRows = kept(rows, limit), keptColumns = kept(columns, limit)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * keptRows.count * keptColumns.count)
        for row in keptRows {
          for column in keptColumns {
            withUnsafeBytes(of: numbers[row * columns + column].bitPattern.littleEndian) { bytes += $0 }
          }
        }
        func list(_ places: [Int], of length: Int) -> JSONValue {
          places.count == length ? .null : .array(places.map { .number(Double($0)) })
        }
        return JSONValue.Member(
          name,
          .object([
            .init("shape", .array(shape.dimensions.map { .number(Double($0)) })),
            .init("rows", list(keptRows, of: rows)), .init("columns", list(keptColumns, of: columns)),
            .init("data", .string(base64(bytes))),
          ]))
      })
  }
}

/// Bytes as text, RFC 4648.
func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let part = bytes[start..<min(start + 3, bytes.count)]
    // Three bytes are 24 bits, and four digits of 6; where fewer are left, `=` says how many digits mean nothing.
    let word = part.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
    for digit in 0..<4 {
      text.append(digit <= part.count ? digits[word >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}
