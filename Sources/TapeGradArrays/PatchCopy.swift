/// Copies of a piece's images, as the columns of a window see them (see Patches.swift), and how a product finds the matrix of
/// patches in them.
struct PatchCopy {
  let patches: Patches
  let type: ScalarType
  /// Where each row of the matrix begins.
  let lines: [Int]
  /// The elements of a row of places; of one channel as one column of the window sees it, in one phase; and of all.
  private let pitch, plane: Int
  let count: Int

  /// Room for so many examples, and rows of places of each.
  init(_ patches: Patches, examples: Int, rows most: Int, _ type: ScalarType) {
    (self.patches, self.type) = (patches, type)
    let rows = patches.rows, phases = rows.phases, across = patches.columns.elements.count
    let pitch = examples * patches.columns.places, line = 64 / type.byteCount
    // An odd number of cache lines: planes a power of two apart would push each other out.
    let plane = (((most + rows.halo) * pitch + line - 1) / line | 1) * line
    let channel = phases.count * across * plane
    (self.pitch, self.plane) = (pitch, plane)
    // The product reads some elements more, which it does not use.
    count = patches.channels * channel + 16
    let starts = rows.elements.map {
      (phases.firstIndex(of: $0 % rows.stride) ?? 0) * across * plane + $0 / rows.stride * pitch
    }
    let window = starts.flatMap { start in (0..<across).map { start + $0 * plane } }
    let channels = (0..<patches.channels).map { $0 * channel }
    lines =
      patches.endsWithChannels
      ? window.flatMap { element in channels.map { $0 + element } }
      : channels.flatMap { channel in window.map { channel + $0 } }
  }

  /// Copies the images of a piece, the channels of one group, to where those of a `previous` piece were.
  func fill<S>(
    _ piece: Patches.Piece, _ x: NDArray<S>, _ group: Int, after previous: Patches.Piece?, to copy: UnsafeMutableRawPointer
  ) {
    let (rows, columns, channels) = (patches.rows, patches.columns, patches.channels)
    let phases = rows.phases, across = columns.elements.count, size = rows.length * columns.length
    // Rows that follow each other as they do in the image are copied as one run. Where a row ends outside the image, that
    // writes what belongs to the next one, and zeros come afterwards; else before.
    let isRun = piece.examples.count == 1 && rows.stride == 1 && columns.stride == 1 && columns.places == columns.length
    if !isRun, !piece.isLike(previous) { Kernels.fill(0, type, copy, count) }
    var (from, to) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
    (from[0], from[1], from[2]) = (size, rows.stride * columns.length, columns.stride)
    (to[0], to[1], to[2]) = (phases.count * across * plane, pitch, 1)
    for (i, phase) in phases.enumerated() {
      let down = rows.inside(phase, piece.rows), all = piece.rows.count + rows.halo
      let row = rows.start + phase + (piece.rows.lowerBound + down.lowerBound) * rows.stride
      for (j, element) in columns.elements.enumerated() {
        let along = columns.seeing(element), column = columns.start + element + along.lowerBound * columns.stride
        let plane = copy + (i * across + j) * plane * type.byteCount
        for (position, example) in piece.examples.enumerated() where !down.isEmpty && !along.isEmpty {
          let image = (example * patches.groups + group) * channels * size
          let first = down.lowerBound * pitch + position * columns.places + along.lowerBound
          let length = isRun ? (down.count - 1) * pitch + along.count : along.count
          Kernels.copy(
            Shape([channels, isRun ? 1 : down.count, length]), type, x.bytes(at: image + row * columns.length + column),
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
    withUnsafeBytes(of: 0.0) { zero in
      Kernels.copy(
        Shape([patches.channels, rows.count, columns.count]), type, zero.baseAddress!, strides: AxisVector(repeating: 0),
        to: plane + (rows.lowerBound * pitch + columns.lowerBound) * type.byteCount, strides: strides)
    }
  }
}
