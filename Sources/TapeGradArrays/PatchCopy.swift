/// Copies of a piece's images, as the columns of a window see them (see Patches.swift), and how a product finds the matrix of
/// patches in them.
struct PatchCopy {
  let patches: Patches
  let type: ScalarType
  /// For each part of the channels, where each row of its matrix begins.
  let lines: [[Int]]
  /// Where images are wide, columns of the window share a copy, which each sees moved by some elements. A row of the matrix
  /// is then a run of the copy for each row of an image, `width` apart.
  private let isWide: Bool
  let width: Int
  /// The first elements, along columns, of which there is a copy.
  private let columns: [Int]
  /// The elements of a row of all images; of one channel in one of the copies, and in all; and of everything.
  private let pitch, plane, channel: Int
  let count: Int

  /// Room for so many examples, rows of places of each, and one of these parts of the channels at a time.
  init(_ patches: Patches, examples: Int, rows most: Int, parts: [Range<Int>], _ type: ScalarType) {
    (self.patches, self.type) = (patches, type)
    let (rows, axis) = (patches.rows, patches.columns), phases = rows.phases, isWide = axis.places >= 128
    let columns = isWide ? axis.phases : axis.elements, across = columns.count
    let width = axis.places + (isWide ? axis.halo : 0), pitch = examples * width, line = 64 / type.byteCount
    // An odd number of cache lines: planes a power of two apart would push each other out.
    let plane = (((most + rows.halo) * pitch + line - 1) / line | 1) * line
    let channel = phases.count * across * plane
    (self.isWide, self.width, self.columns) = (isWide, width, columns)
    (self.pitch, self.plane, self.channel) = (pitch, plane, channel)
    // The product reads some elements more, which it does not use.
    count = (parts.map(\.count).max() ?? 0) * channel + 16
    func starts(_ axis: Patches.Axis, _ copies: [Int], _ copyStep: Int, _ step: Int) -> [Int] {
      axis.elements.map { (copies.firstIndex(of: $0 % axis.stride) ?? 0) * copyStep + $0 / axis.stride * step }
    }
    let along = isWide ? starts(axis, columns, plane, 1) : (0..<across).map { $0 * plane }
    let window = starts(rows, phases, across * plane, pitch).flatMap { start in along.map { start + $0 } }
    lines = parts.map { part in
      let channels = (0..<part.count).map { $0 * channel }
      return patches.endsWithChannels
        ? window.flatMap { element in channels.map { $0 + element } }
        : channels.flatMap { channel in window.map { channel + $0 } }
    }
  }

  /// Of how many runs a row of the matrix is for a piece, one for each row of an image or one in all, and their length.
  func runs(_ piece: Patches.Piece) -> (count: Int, length: Int) {
    isWide
      ? (piece.rows.count * piece.examples.count, patches.columns.places) : (1, patches.places(of: piece))
  }

  /// Copies these channels of the images of a piece to where those of a `previous` piece were.
  func fill<S>(
    _ piece: Patches.Piece, _ x: NDArray<S>, channels: Range<Int>, after previous: Patches.Piece?,
    to copy: UnsafeMutableRawPointer
  ) {
    let (rows, axis) = (patches.rows, patches.columns)
    let phases = rows.phases, size = rows.length * axis.length
    // The copy that has the rows as they are. The others are this one moved along, where that is so.
    let whole = axis.stride == 1 && width == axis.length ? columns.firstIndex(of: -axis.start) : nil
    if whole == nil, !piece.isLike(previous) { Kernels.fill(0, type, copy, count) }
    let from = strides(size, rows.stride * axis.length, axis.stride), to = strides(channel, pitch, 1)
    for (i, phase) in phases.enumerated() {
      let down = rows.inside(phase, piece.rows)
      let row = rows.start + phase + (piece.rows.lowerBound + down.lowerBound) * rows.stride
      let planes = copy + i * columns.count * plane * type.byteCount
      for (j, element) in columns.enumerated() where whole == nil || j == whole {
        let along = inside(element), column = axis.start + element + along.lowerBound * axis.stride
        for (position, example) in piece.examples.enumerated() where !down.isEmpty && !along.isEmpty {
          let image = (example * patches.groups * patches.channels + channels.lowerBound) * size
          let first = j * plane + down.lowerBound * pitch + position * width + along.lowerBound
          Kernels.copy(
            Shape([channels.count, down.count, along.count]), type, x.bytes(at: image + row * axis.length + column),
            strides: from, to: planes + first * type.byteCount, strides: to)
        }
      }
      if let whole { move(whole, of: planes, down, rows: piece.rows.count + rows.halo, channels: channels.count) }
    }
  }

  private func strides(_ channel: Int, _ row: Int, _ column: Int) -> AxisVector<Int> {
    var strides = AxisVector(repeating: 0)
    (strides[0], strides[1], strides[2]) = (channel, row, column)
    return strides
  }

  /// Where a copy is inside the images, along columns.
  private func inside(_ element: Int) -> Range<Int> {
    patches.columns.inside(from: patches.columns.start + element, count: width, stride: patches.columns.stride)
  }

  /// Makes the other copies from one that has the rows `down`. Its other rows are outside the image: zeros. Of the copies, each
  /// is this one moved along, with zeros where a row then ends outside the image.
  ///
  ///     the middle column of a window of 3    0 1 2 | 3 4 5 | 6 7 8
  ///     the left one sees it moved            · 0 1 | 2 3 4 | 5 6 7    zeros for ·, 2 and 5
  private func move(
    _ whole: Int, of planes: UnsafeMutableRawPointer, _ down: Range<Int>, rows: Int, channels: Int
  ) {
    func place(_ copy: Int, _ element: Int) -> UnsafeMutableRawPointer {
      planes + (copy * plane + element) * type.byteCount
    }
    func clear(_ copy: Int, _ rows: Range<Int>, _ columns: Range<Int>, pitch: Int) {
      var zero = 0.0
      Kernels.copy(
        Shape([channels, rows.count, columns.count]), type, &zero, strides: strides(0, 0, 0),
        to: place(copy, rows.lowerBound * pitch + columns.lowerBound), strides: strides(channel, pitch, 1))
    }
    clear(whole, 0..<down.lowerBound, 0..<pitch, pitch: pitch)
    clear(whole, down.upperBound..<rows, 0..<pitch, pitch: pitch)
    for (j, element) in columns.enumerated() where j != whole {
      let shift = element - columns[whole], along = inside(element)
      Kernels.copy(
        Shape([channels, 1, Swift.max(rows * pitch - abs(shift), 0)]), type, place(whole, Swift.max(shift, 0)),
        strides: strides(channel, 0, 1), to: place(j, Swift.max(-shift, 0)), strides: strides(channel, 0, 1))
      clear(j, 0..<rows * pitch / width, 0..<along.lowerBound, pitch: width)
      clear(j, 0..<rows * pitch / width, along.upperBound..<width, pitch: width)
    }
  }
}
