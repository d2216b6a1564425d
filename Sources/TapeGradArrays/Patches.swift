// What a window sees of an image, as a column of a matrix for each of its places: a convolution is then a matrix product.
// Of an image of one channel, 3 × 3, and a window of 2 × 2,
//
//   0 1 2     places (0,0) (0,1) (1,0) (1,1)
//   3 4 5            0     1     3     4       top left of the window
//   6 7 8            1     2     4     5       top right
//                    3     4     6     7       bottom left
//                    4     5     7     8       bottom right
//
// The matrix of a layer is nine times as large as its image. So it is made in pieces that stay in a cache until they are
// multiplied: a piece is some rows of places of one image, or all places of several small images.
//
// Rows of the matrix are numbered (channel · windowRows + i) · windowColumns + j, as the weights lie in memory; columns
// (row · columns + column), as the result does. So neither the weights nor the result are rearranged.

/// The lengths of a convolution, and how its places are cut into pieces.
struct Patches {
  let geometry: ConvolutionGeometry
  /// Examples, channels and filters of one group, lengths of images, windows and results.
  let examples, channels, filters, height, width, windowRows, windowColumns, rows, columns: Int

  init(_ x: Shape, _ weights: Shape, _ y: Shape, _ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    (examples, channels, height, width) = (x[0], weights[1], x[2], x[3])
    (filters, windowRows, windowColumns) = (weights[0] / geometry.groups, weights[2], weights[3])
    (rows, columns) = (y[2], y[3])
  }

  /// The rows of the matrix of patches.
  var depth: Int { channels * windowRows * windowColumns }
  /// The places of one image.
  var places: Int { rows * columns }

  /// Whether an image is its own matrix of patches.
  var isPlain: Bool {
    windowRows * windowColumns == 1 && geometry.stride == .init(1, 1) && geometry.padding == .init(0, 0)
  }

  /// Some examples, and the rows of places: all of them where there are several examples.
  struct Piece {
    let examples, rows: Range<Int>
  }

  /// The pieces, of about so many places each.
  func pieces(of target: Int) -> [Piece] {
    if examples == 0 || places == 0 { return [] }
    // Parts of equal height, within a row: 10 rows in 3 parts are 3, 3 and 4.
    if places >= target || examples == 1 {
      let count = Swift.max(1, target / columns), parts = (rows + count - 1) / count
      return (0..<examples).flatMap { example in
        (0..<parts).map { Piece(examples: example..<example + 1, rows: $0 * rows / parts..<($0 + 1) * rows / parts) }
      }
    }
    let count = Swift.max(1, target / places)
    return stride(from: 0, to: examples, by: count).map {
      Piece(examples: $0..<Swift.min($0 + count, examples), rows: 0..<rows)
    }
  }

  /// The columns that a piece has in the matrix.
  func places(of piece: Piece) -> Int { piece.examples.count * piece.rows.count * columns }

  /// The number of places for which a piece of the matrix takes about so many bytes.
  func target(bytes: Int, _ type: ScalarType) -> Int {
    // Not below 128 places, where the product would be slow, nor above 4,096, which gain nothing more.
    Swift.min(Swift.max(bytes / Swift.max(depth * type.byteCount, 1), 128), 4096)
  }

  /// Where a row of places of the result lies that a place of the window sees in the image: the columns inside the image.
  @inline(__always) private func inside(_ j: Int) -> Range<Int> {
    // Column c reads element start + c·step: inside where 0 ≤ start + c·step < width, divisions rounded up.
    let start = j * geometry.dilation.columns - geometry.padding.columns, step = geometry.stride.columns
    let first = start >= 0 ? 0 : Swift.min((-start + step - 1) / step, columns)
    let end = Swift.min(columns, width <= start ? 0 : (width - start + step - 1) / step)
    return first..<Swift.max(first, end)
  }

  /// Calls `body` for each row of places of a piece: its place in the matrix; in the images, or nil where it is outside; which
  /// columns are inside. Images begin `step` elements apart.
  @inline(__always)
  private func forEachRow(
    _ piece: Piece, step: Int, _ body: (_ matrix: Int, _ image: Int?, _ inside: Range<Int>) -> Void
  ) {
    let count = places(of: piece)
    var line = 0
    for channel in 0..<channels {
      for i in 0..<windowRows {
        for j in 0..<windowColumns {
          let inside = inside(j), left = j * geometry.dilation.columns - geometry.padding.columns
          var place = line * count
          for example in piece.examples {
            for row in piece.rows {
              let source = row * geometry.stride.rows + i * geometry.dilation.rows - geometry.padding.rows
              let isOutside = source < 0 || source >= height
              let start = example * step + (channel * height + source) * width + left
              body(place, isOutside ? nil : start, inside)
              place += columns
            }
          }
          line += 1
        }
      }
    }
  }

  /// Writes the patches of a piece, from images that begin at x.
  @inline(__always)
  func gather<T: BinaryFloatingPoint>(
    _ piece: Piece, from x: UnsafePointer<T>, step: Int, to matrix: UnsafeMutablePointer<T>
  ) {
    let stride = geometry.stride.columns
    forEachRow(piece, step: step) { place, image, inside in
      let line = matrix + place
      guard let image else { return line.update(repeating: 0, count: columns) }
      if inside.lowerBound > 0 { line.update(repeating: 0, count: inside.lowerBound) }
      if inside.upperBound < columns {
        (line + inside.upperBound).update(repeating: 0, count: columns - inside.upperBound)
      }
      if stride == 1 {
        (line + inside.lowerBound).update(from: x + image + inside.lowerBound, count: inside.count)
      } else {
        for column in inside { line[column] = x[image + column * stride] }
      }
    }
  }

  /// Adds the patches of a piece to where they are in images that begin at x.
  @inline(__always)
  func scatter<T: BinaryFloatingPoint>(
    _ piece: Piece, from matrix: UnsafePointer<T>, to x: UnsafeMutablePointer<T>, step: Int
  ) {
    let stride = geometry.stride.columns
    forEachRow(piece, step: step) { place, image, inside in
      guard let image else { return }
      let line = matrix + place, target = x + image
      if stride == 1 {
        for column in inside { target[column] += line[column] }
      } else {
        for column in inside { target[column * stride] += line[column] }
      }
    }
  }
}
