// What windows see of images, as a matrix: a row for each element of the window in each channel, a column for each place. A
// convolution is then a matrix product. Of an image of one channel, 3 × 3, and a window of 2 × 2,
//
//   0 1 2     places (0,0) (0,1) (1,0) (1,1)
//   3 4 5            0     1     3     4       top left of the window
//   6 7 8            1     2     4     5       top right
//                    3     4     6     7       bottom left
//                    4     5     7     8       bottom right
//
// The matrix would be nine times as large as the images of a layer. It is never written: the images are copied once, with
// the zeros around them, so that each of its rows is a view of the copy, which begins elsewhere; the product packs its
// panels from there. Where windows move by two, neighboring places see every second column: so the copy has these apart.
//
//   columns with padding 1     0 a b c d 0      stride 2      phase 0: 0 b d       phase 1: a c 0
//
// Element j of a window is in phase j mod 2, and at place q it is element q + j / 2 there.

/// Windows and the images that they see, cut into pieces whose copies stay in a cache.
struct Patches {
  /// How windows move along rows, or along columns.
  struct Axis {
    /// The length of an image, and how many places there are.
    let length, places: Int
    /// Where in the image the first place's window begins, and how far apart places are.
    let start, stride: Int
    /// Where the elements of a window are, from its beginning on.
    let elements: [Int]

    /// The remainders by the stride that occur among the elements: in the copy, each is a phase.
    var phases: [Int] { Set(elements.map { $0 % stride }).sorted() }
    /// How many elements a phase has beyond one for each place.
    var halo: Int { (elements.max() ?? 0) / stride }
    /// Whether each place sees the one element that it is.
    var isPlain: Bool { elements == [0] && stride == 1 && start == 0 }

    /// What elements of a phase, for some places, are inside the image.
    func inside(_ phase: Int, _ places: Range<Int>) -> Range<Int> {
      inside(from: start + phase + places.lowerBound * stride, count: places.count + halo)
    }

    /// The places whose window has its element `element` inside the image.
    func seeing(_ element: Int) -> Range<Int> { inside(from: start + element, count: places) }

    /// Which of so many steps from `first` on are inside: where 0 ≤ first + i·stride < length, divisions rounded up.
    private func inside(from first: Int, count: Int) -> Range<Int> {
      let begin = first >= 0 ? 0 : min((-first + stride - 1) / stride, count)
      return begin..<max(begin, min(count, length <= first ? 0 : (length - first + stride - 1) / stride))
    }
  }

  let examples, channels, groups: Int
  let rows, columns: Axis

  /// What windows of the shape of these weights see in images x for a result y.
  init(seenIn x: Shape, _ weights: Shape, _ y: Shape, _ geometry: ConvolutionGeometry) {
    (examples, channels, groups) = (x[0], weights[1], geometry.groups)
    rows = Axis(
      length: x[2], places: y[2], start: -geometry.padding.rows, stride: geometry.stride.rows,
      elements: (0..<weights[2]).map { $0 * geometry.dilation.rows })
    columns = Axis(
      length: x[3], places: y[3], start: -geometry.padding.columns, stride: geometry.stride.columns,
      elements: (0..<weights[3]).map { $0 * geometry.dilation.columns })
  }

  /// The rows of the matrix.
  var depth: Int { channels * rows.elements.count * columns.elements.count }
  /// The places of one image.
  var places: Int { rows.places * columns.places }
  /// Whether an image is its own matrix.
  var isPlain: Bool { rows.isPlain && columns.isPlain }

  /// Some examples, and the rows of places: all of them where there are several examples.
  struct Piece {
    let examples, rows: Range<Int>
  }

  /// The pieces, of about so many places each.
  func pieces(of target: Int) -> [Piece] {
    if examples == 0 || places == 0 { return [] }
    if places >= target || examples == 1 {
      let count = Swift.max(1, target / columns.places), parts = (rows.places + count - 1) / count
      return (0..<examples).flatMap { example in
        (0..<parts).map {
          Piece(
            examples: example..<example + 1, rows: $0 * rows.places / parts..<($0 + 1) * rows.places / parts)
        }
      }
    }
    let count = Swift.max(1, target / places)
    return stride(from: 0, to: examples, by: count).map {
      Piece(examples: $0..<Swift.min($0 + count, examples), rows: 0..<rows.places)
    }
  }

  /// The places of a piece: so many that a packed block of the product stays in a cache, and at least so many; more where
  /// windows are small. Pieces of few rows see more rows than they have.
  func target(_ type: ScalarType, atLeast least: Int = 512) -> Int {
    Swift.min(Swift.max((256 << 10) / Swift.max(depth * type.byteCount, 1), least), 4096)
  }

  /// The columns that a piece has in the matrix.
  func places(of piece: Piece) -> Int { piece.examples.count * piece.rows.count * columns.places }

  /// Adds a matrix of patches, of a piece, to where the windows saw them in these images: the channels of one group.
  func scatter<S>(_ piece: Piece, _ group: Int, _ matrix: UnsafeRawPointer, to x: NDArray<S>) {
    let type = S.scalarType, size = rows.length * columns.length, count = piece.rows.count * columns.places
    var line = matrix
    for channel in 0..<channels {
      for i in rows.elements {
        let down = rows.seeing(i).clamped(to: piece.rows)
        for j in columns.elements {
          let along = columns.seeing(j)
          // Where the first window that sees the image begins: in it, and in the line of the matrix.
          let row = rows.start + down.lowerBound * rows.stride + i
          let column = columns.start + along.lowerBound * columns.stride + j
          let place = (down.lowerBound - piece.rows.lowerBound) * columns.places + along.lowerBound
          for example in piece.examples {
            if !down.isEmpty, !along.isEmpty {
              let image = ((example * groups + group) * channels + channel) * size
              Kernels.addRows(
                type, line + place * type.byteCount, step: columns.places,
                to: x.bytes(at: image + row * columns.length + column), step: rows.stride * columns.length,
                columnStep: columns.stride, rows: down.count, columns: along.count)
            }
            line += count * type.byteCount
          }
        }
      }
    }
  }
}

/// The copies of a piece's images, and how a product finds the matrix in them.
struct PatchCopy {
  let patches: Patches
  let type: ScalarType
  /// For each row of the matrix where it begins, and for each row of places how far from there it is.
  let lines, runs: [Int]
  /// The elements of one phase of one channel, of a row of it, and of an image; and of all.
  private let plane, pitch, image: Int
  let count: Int

  init(_ patches: Patches, _ pieces: [Patches.Piece], _ type: ScalarType) {
    (self.patches, self.type) = (patches, type)
    let (rows, columns) = (patches.rows, patches.columns)
    let most = pieces.map(\.rows.count).max() ?? 0, examples = pieces.map(\.examples.count).max() ?? 0
    let down = rows.phases, across = columns.phases
    pitch = columns.places + columns.halo
    plane = (most + rows.halo) * pitch
    image = patches.channels * down.count * across.count * plane
    // The product reads some elements more, which it does not use.
    count = examples * image + 16
    func starts(_ axis: Patches.Axis, _ phases: [Int], _ phaseStep: Int, _ step: Int) -> [Int] {
      axis.elements.map { (phases.firstIndex(of: $0 % axis.stride) ?? 0) * phaseStep + $0 / axis.stride * step }
    }
    let rowStarts = starts(rows, down, across.count * plane, pitch), columnStarts = starts(columns, across, plane, 1)
    let (plane, pitch, image) = (plane, pitch, image)
    lines = (0..<patches.channels).flatMap { channel in
      rowStarts.flatMap { row in columnStarts.map { channel * down.count * across.count * plane + row + $0 } }
    }
    runs = (0..<examples).flatMap { example in (0..<most).map { example * image + $0 * pitch } }
  }

  /// Copies the images of a piece, the channels of one group.
  func fill<S>(_ piece: Patches.Piece, _ x: NDArray<S>, _ group: Int, to copy: UnsafeMutableRawPointer) {
    let (rows, columns, channels) = (patches.rows, patches.columns, patches.channels)
    let down = rows.phases, across = columns.phases
    Kernels.fill(0, type, copy, piece.examples.count * image)
    var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (from[0], from[1], from[2]) = (rows.length * columns.length, rows.stride * columns.length, columns.stride)
    (to[0], to[1], to[2]) = (down.count * across.count * plane, pitch, 1)
    for (position, example) in piece.examples.enumerated() {
      let start = (example * patches.groups + group) * channels * rows.length * columns.length
      for (i, rowPhase) in down.enumerated() {
        let insideRows = rows.inside(rowPhase, piece.rows)
        let row = rows.start + rowPhase + (piece.rows.lowerBound + insideRows.lowerBound) * rows.stride
        for (j, columnPhase) in across.enumerated() {
          let insideColumns = columns.inside(columnPhase, 0..<columns.places)
          let column = columns.start + columnPhase + insideColumns.lowerBound * columns.stride
          if insideRows.isEmpty || insideColumns.isEmpty { continue }
          let target =
            position * image + (i * across.count + j) * plane + insideRows.lowerBound * pitch + insideColumns.lowerBound
          Kernels.copy(
            Shape([channels, insideRows.count, insideColumns.count]), type,
            x.bytes(at: start + row * columns.length + column), strides: from, to: copy + target * type.byteCount,
            strides: to)
        }
      }
    }
  }
}
