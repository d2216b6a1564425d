/// A copy of a piece's images in which the channels of a pixel are neighbors, with zeros around. What a row of a window sees
/// is then a run of it: (columns of the window, channels). So it is the matrix of patches (see Patches.swift), transposed,
/// a row for each place, whose columns are in the order (window's row, window's column, channel):
///
///   row q, run r of the columns     copy[places[q] + runs[r].start + …]
struct PixelCopy {
  let patches: Patches
  let type: ScalarType
  /// Where what the window sees at each place of a piece begins.
  let places: [Int]
  /// What the window sees from there on: how far away a run of it is, and which columns of the matrix it fills.
  let runs: [(start: Int, columns: Range<Int>)]
  /// The elements of a row of pixels, of an image, and of all.
  private let pitch, image: Int
  let count: Int

  /// Room for so many examples, and rows of places of each.
  init(_ patches: Patches, examples: Int, rows most: Int, _ type: ScalarType) {
    (self.patches, self.type) = (patches, type)
    let (rows, columns, channels) = (patches.rows, patches.columns, patches.channels)
    let pitch = columns.pixels(columns.places) * channels, image = rows.pixels(most) * pitch
    (self.pitch, self.image) = (pitch, image)
    // The product reads some elements more, which it does not use.
    count = examples * image + 16
    places = (0..<examples).flatMap { example in
      (0..<most).flatMap { row in
        (0..<columns.places).map {
          example * image + row * rows.stride / rows.step * pitch + $0 * columns.stride / columns.step * channels
        }
      }
    }
    // Columns of the window with none between them are one run.
    let across = columns.elements.count, isDense = columns.elements == Array(0..<across)
    let size = channels * (isDense ? across : 1)
    runs = rows.elements.indices.flatMap { a in
      (isDense ? 0..<1 : 0..<across).map { b in
        let first = a * across * channels + b * size
        return (rows.elements[a] * pitch + columns.elements[b] * channels, first..<first + size)
      }
    }
  }

  /// Copies the images of a piece, the channels of one group, to where those of a `previous` piece were.
  func fill<S>(
    _ piece: Patches.Piece, _ x: NDArray<S>, _ group: Int, after previous: Patches.Piece?,
    to copy: UnsafeMutableRawPointer
  ) {
    let (rows, columns, channels) = (patches.rows, patches.columns, patches.channels)
    let size = rows.length * columns.length
    if !piece.isLike(previous) { Kernels.fill(0, type, copy, count) }
    let row = rows.start + piece.rows.lowerBound * rows.stride, column = columns.start
    let down = rows.inside(from: row, count: rows.pixels(piece.rows.count), stride: rows.step)
    let along = columns.inside(from: column, count: columns.pixels(columns.places), stride: columns.step)
    if down.isEmpty || along.isEmpty { return }
    let first = (row + down.lowerBound * rows.step) * columns.length + column + along.lowerBound * columns.step
    var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (from[0], from[1], from[2]) = (rows.step * columns.length, columns.step, size)
    (to[0], to[1], to[2]) = (pitch, channels, 1)
    for (position, example) in piece.examples.enumerated() {
      let start = (example * patches.groups + group) * channels * size + first
      let target = position * image + down.lowerBound * pitch + along.lowerBound * channels
      Kernels.copy(
        Shape([down.count, along.count, channels]), type, x.bytes(at: start), strides: from,
        to: copy + target * type.byteCount, strides: to)
    }
  }
}

extension Patches.Axis {
  /// How far apart the elements of the image are that are copied: windows of one element see no others.
  fileprivate var step: Int { elements.count == 1 ? stride : 1 }
  /// How many elements are copied for so many neighboring places.
  fileprivate func pixels(_ places: Int) -> Int { (places - 1) * stride / step + (elements.max() ?? 0) + 1 }
}
