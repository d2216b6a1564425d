// What windows see of images, as a matrix: a row for each element of the window in each channel, a column for each place. A
// convolution is then a matrix product. Of an image of one channel, 3 × 3, and a window of 2 × 2,
//
//   0 1 2     places (0,0) (0,1) (1,0) (1,1)
//   3 4 5            0     1     3     4       top left of the window
//   6 7 8            1     2     4     5       top right
//                    3     4     6     7       bottom left
//                    4     5     7     8       bottom right
//
// The matrix would be nine times as large as the images of a layer, for windows of 3 × 3. It is never written: for each column
// of the window, the images are copied once, as that column sees them, with zeros around. Rows of the window see the same
// copy, moved by as many rows of places: each row of the matrix is a run of a copy, which begins elsewhere, and the product
// reads it there. It adds some channels at a time, whose copies are then still in a cache.
//
//   left column of the window     0 1 | 3 4 | 6 7     top left: 0 1 3 4     bottom left: 3 4 6 7
//   right column                  1 2 | 4 5 | 7 8     top right: 1 2 4 5    bottom right: 4 5 7 8
//
// Of several images, row 0 of each comes first, then row 1 of each: a run is still one. Where windows move down by two,
// neighboring places see every second row: so a copy has these apart. Row j of a window is in phase j mod 2, and the place
// in row q sees row q + j / 2 of it.

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

    /// The remainders by the stride that occur among the elements: in a copy, each is a phase.
    var phases: [Int] { Set(elements.map { $0 % stride }).sorted() }
    /// How many elements a phase has beyond one for each place.
    var halo: Int { (elements.max() ?? 0) / stride }
    /// Whether each place sees the one element that it is.
    var isPlain: Bool { elements == [0] && stride == 1 && start == 0 && places == length }

    /// What elements of a phase, for some places, are inside the image.
    func inside(_ phase: Int, _ places: Range<Int>) -> Range<Int> {
      inside(from: start + phase + places.lowerBound * stride, count: places.count + halo, stride: stride)
    }

    /// The places whose window has its element `element` inside the image.
    func seeing(_ element: Int) -> Range<Int> { inside(from: start + element, count: places, stride: stride) }

    /// Which of so many steps from `first` on are inside: where 0 ≤ first + i·stride < length, divisions rounded up.
    func inside(from first: Int, count: Int, stride: Int) -> Range<Int> {
      let begin = first >= 0 ? 0 : min((-first + stride - 1) / stride, count)
      return begin..<max(begin, min(count, length <= first ? 0 : (length - first + stride - 1) / stride))
    }
  }

  let examples, channels, groups: Int
  let rows, columns: Axis
  /// Whether the rows of the matrix, for a part of the channels, are counted by elements of the window first, and by channels
  /// last.
  var endsWithChannels = false

  /// The elements of a window in one channel.
  var window: Int { rows.elements.count * columns.elements.count }
  /// The rows of the matrix.
  var depth: Int { channels * window }
  /// The places of one image.
  var places: Int { rows.places * columns.places }
  /// Whether an image is its own matrix.
  var isPlain: Bool { rows.isPlain && columns.isPlain }

  /// Some examples, and the rows of places: all of them where there are several examples.
  struct Piece {
    let examples, rows: Range<Int>

    /// Whether the copies of both have zeros in the same places.
    func isLike(_ other: Piece?) -> Bool { other?.examples.count == examples.count && other?.rows == rows }
  }

  /// The pieces, of about so many places each. They end with a vector, where they can be told to.
  func pieces(of target: Int) -> [Piece] {
    if examples == 0 || places == 0 { return [] }
    func parts(_ total: Int, each size: Int) -> [Range<Int>] {
      // So many sizes are a multiple of 16.
      let unit = 16 >> Swift.min(size.trailingZeroBitCount, 4), most = Swift.max(1, target / size)
      let count = most > unit ? most - most % unit : most
      return stride(from: 0, to: total, by: count).map { $0..<Swift.min($0 + count, total) }
    }
    if places < target, examples > 1 {
      return parts(examples, each: places).map { Piece(examples: $0, rows: 0..<rows.places) }
    }
    return (0..<examples).flatMap { example in
      parts(rows.places, each: columns.places).map { Piece(examples: example..<example + 1, rows: $0) }
    }
  }

  /// The places of a piece: so many that what a chunk of the product reads stays in a cache; more where windows are small.
  func target(_ type: ScalarType) -> Int {
    Swift.min(Swift.max((256 << 10) / Swift.max(depth * type.byteCount, 1), 1024), 4096)
  }

  /// Channels that are copied at a time: about 512 rows of the matrix, which the product then finds in the cache that they were
  /// written to. Images that are the matrix are not copied.
  var parts: [Range<Int>] {
    if isPlain || channels == 0 { return [0..<channels] }
    let most = Swift.max(512 / Swift.max(window, 1), 1)
    return stride(from: 0, to: channels, by: most).map { $0..<Swift.min($0 + most, channels) }
  }

  /// Whether a window sees each element of the images, if only there were enough windows.
  var seesAll: Bool {
    rows.seen.allSatisfy { !$0.window.isEmpty } && columns.seen.allSatisfy { !$0.window.isEmpty }
  }

  /// What the largest of these pieces have.
  func room(for pieces: [Piece]) -> (examples: Int, rows: Int) {
    (pieces.map(\.examples.count).max() ?? 0, pieces.map(\.rows.count).max() ?? 0)
  }

  /// The columns that a piece has in the matrix.
  func places(of piece: Piece) -> Int { piece.examples.count * piece.rows.count * columns.places }
}

extension Patches {
  /// What windows of the shape of these weights see in images x for a result y.
  init(seenIn x: Shape, _ weights: Shape, _ y: Shape, _ geometry: ConvolutionGeometry) {
    self.init(
      examples: x[0], channels: weights[1], groups: geometry.groups,
      rows: Axis(
        length: x[2], places: y[2], start: -geometry.padding.rows, stride: geometry.stride.rows,
        elements: (0..<weights[2]).map { $0 * geometry.dilation.rows }),
      columns: Axis(
        length: x[3], places: y[3], start: -geometry.padding.columns, stride: geometry.stride.columns,
        elements: (0..<weights[3]).map { $0 * geometry.dilation.columns }))
  }
}

extension Patches.Axis {
  /// Elements of an image, `stride` apart from `first` on, and which elements of windows see them.
  struct Seen {
    let first: Int
    /// The elements of windows, and how far apart they are.
    let window: [Int]
    var step: Int { window.count > 1 ? window[1] - window[0] : 1 }
    /// By the places whose windows see them, these elements are seen as by a window that moves by one.
    let axis: Patches.Axis
  }

  /// The elements of an image by what sees them: with a stride s, s parts.
  ///
  /// Element i is seen by element j of the window at place q where `q·s + j = i − start`; let that be k·s + ρ. So j must have
  /// the remainder ρ by s, and then `q = k − ⌊j/s⌋`: the same j for all elements of the part, and places that move on with k.
  var seen: [Seen] {
    (0..<Swift.min(stride, length)).map { first in
      let (k, phase) = (first - start).quotientAndRemainder(dividingBy: stride)
      let window = elements.indices.filter { elements[$0] % stride == phase }
      let farthest = window.map { elements[$0] / stride }.max() ?? 0
      let axis = Patches.Axis(
        length: places, places: (length - first + stride - 1) / stride, start: k - farthest, stride: 1,
        elements: window.map { farthest - elements[$0] / stride })
      return Seen(first: first, window: window, axis: axis)
    }
  }
}
