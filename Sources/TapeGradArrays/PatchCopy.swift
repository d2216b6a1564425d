/// Copies of a piece's images, as the columns of a window see them (see Patches.swift), and how a product finds the matrix of
/// patches in them.
struct PatchCopy {
  let patches: Patches
  let type: ScalarType
  /// Where each row of the matrix begins.
  let lines: [Int]
  /// Where images are wide, columns of the window share a copy, which each sees moved by some elements. A row of the matrix
  /// is then a run of the copy for each row of an image, `width` apart.
  private let isWide: Bool
  let width: Int
  /// The first elements, along columns, of which there is a copy.
  private let columns: [Int]
  /// The elements of a row of all images; of one channel in one of the copies; and of everything.
  private let pitch, plane: Int
  let count: Int

  /// Room for so many examples, and rows of places of each.
  init(_ patches: Patches, examples: Int, rows most: Int, _ type: ScalarType) {
    (self.patches, self.type) = (patches, type)
    let (rows, axis) = (patches.rows, patches.columns), phases = rows.phases, isWide = axis.places >= 128
    let columns = isWide ? axis.phases : axis.elements, across = columns.count
    let width = axis.places + (isWide ? axis.halo : 0), pitch = examples * width, line = 64 / type.byteCount
    // An odd number of cache lines: planes a power of two apart would push each other out.
    let plane = (((most + rows.halo) * pitch + line - 1) / line | 1) * line
    let channel = phases.count * across * plane
    (self.isWide, self.width, self.columns, self.pitch, self.plane) = (isWide, width, columns, pitch, plane)
    // The product reads some elements more, which it does not use.
    count = patches.channels * channel + 16
    func starts(_ axis: Patches.Axis, _ copies: [Int], _ copyStep: Int, _ step: Int) -> [Int] {
      axis.elements.map { (copies.firstIndex(of: $0 % axis.stride) ?? 0) * copyStep + $0 / axis.stride * step }
    }
    let along = isWide ? starts(axis, columns, plane, 1) : (0..<across).map { $0 * plane }
    let window = starts(rows, phases, across * plane, pitch).flatMap { start in along.map { start + $0 } }
    let channels = (0..<patches.channels).map { $0 * channel }
    lines =
      patches.endsWithChannels
      ? window.flatMap { element in channels.map { $0 + element } }
      : channels.flatMap { channel in window.map { channel + $0 } }
  }

  /// Of how many runs a row of the matrix is for a piece, one for each row of an image or one in all, and their length.
  func runs(_ piece: Patches.Piece) -> (count: Int, length: Int) {
    isWide
      ? (piece.rows.count * piece.examples.count, patches.columns.places) : (1, patches.places(of: piece))
  }

  /// Copies the images of a piece, the channels of one group, to where those of a `previous` piece were.
  func fill<S>(
    _ piece: Patches.Piece, _ x: NDArray<S>, _ group: Int, after previous: Patches.Piece?,
    to copy: UnsafeMutableRawPointer
  ) {
    let (rows, axis, channels) = (patches.rows, patches.columns, patches.channels)
    let phases = rows.phases, across = columns.count, size = rows.length * axis.length
    // Rows that follow each other as they do in the image are copied as one run. Where a row ends outside the image, that
    // writes what belongs to the next one, and zeros come afterwards; else before.
    let isRun = piece.examples.count == 1 && rows.stride == 1 && axis.stride == 1 && width == axis.length
    if !isRun, !piece.isLike(previous) { Kernels.fill(0, type, copy, count) }
    var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (from[0], from[1], from[2]) = (size, rows.stride * axis.length, axis.stride)
    (to[0], to[1], to[2]) = (phases.count * across * plane, pitch, 1)
    for (i, phase) in phases.enumerated() {
      let down = rows.inside(phase, piece.rows), all = piece.rows.count + rows.halo
      let row = rows.start + phase + (piece.rows.lowerBound + down.lowerBound) * rows.stride
      for (j, element) in columns.enumerated() {
        let along = axis.inside(from: axis.start + element, count: width, stride: axis.stride)
        let column = axis.start + element + along.lowerBound * axis.stride
        let plane = copy + (i * across + j) * plane * type.byteCount
        for (position, example) in piece.examples.enumerated() where !down.isEmpty && !along.isEmpty {
          let image = (example * patches.groups + group) * channels * size
          let first = down.lowerBound * pitch + position * width + along.lowerBound
          let length = isRun ? (down.count - 1) * pitch + along.count : along.count
          Kernels.copy(
            Shape([channels, isRun ? 1 : down.count, length]), type, x.bytes(at: image + row * axis.length + column),
            strides: from, to: plane + first * type.byteCount, strides: to)
        }
        if !isRun { continue }
        clear(plane, 0..<down.lowerBound, 0..<pitch, to)
        clear(plane, down.upperBound..<all, 0..<pitch, to)
        clear(plane, down, 0..<along.lowerBound, to)
        clear(plane, down, along.upperBound..<pitch, to)
      }
    }
  }

  /// Zeros in some rows and columns of all channels.
  private func clear(
    _ plane: UnsafeMutableRawPointer, _ rows: Range<Int>, _ columns: Range<Int>, _ strides: AxisVector<Int>
  ) {
    var zero = 0.0
    Kernels.copy(
      Shape([patches.channels, rows.count, columns.count]), type, &zero, strides: AxisVector(repeating: 0),
      to: plane + (rows.lowerBound * pitch + columns.lowerBound) * type.byteCount, strides: strides)
  }
}
