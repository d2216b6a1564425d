// The cotangent of a convolution's images as Pᵀ(Wᵀ·ȳ), where P sees the pixels (see NDArray+Convolution.swift).

extension NDArray {
  /// The cotangent of the images as Wᵀ·ȳ, whose columns are added to where the windows saw them.
  ///
  /// For few channels this is faster. And a weight that is infinite or not a number must not meet the zeros around the
  /// cotangent, of which it would make NaN: here it meets none.
  func scattered(_ weights: NDArray, _ patches: Patches, shape: Shape) -> NDArray {
    let x = NDArray.zeros(shape), type = Scalar.scalarType, (groups, k) = (patches.groups, patches.depth)
    let filters = weights.shape[0] / groups, pieces = patches.pieces(of: patches.target(type))
    let turned = weights.reshaped(to: [groups, filters, k]).transposed
    let work = ConvolutionWork(
      patches, pieces, type, filters: filters, copy: k * (pieces.map(patches.places).max() ?? 0))
    // Pieces of one image touch the same elements: an image, or the images of a piece, are one thread's. All images are
    // cut alike, so as many pieces as the first image has belong to each.
    let perImage = Swift.max(1, pieces.count { $0.examples == pieces[0].examples }), images = pieces.count / perImage
    work.share(images) { share, scratch in
      let part = share.part(of: images)
      for piece in pieces[part.lowerBound * perImage..<part.upperBound * perImage] {
        for group in 0..<groups {
          let n = patches.places(of: piece)
          let (cotangent, step) = work.places(
            piece, self, group: group, filters: 0..<filters, of: filters, scratch.result)
          // A column for each place, which holds what the window's elements get there.
          Kernels.matrixProduct(
            type, turned.bytes(at: group * filters * k), cotangent, rowStep: step, scratch.copy, rowStep: n, m: k,
            k: filters, n: n, workspace: scratch.product)
          patches.scatter(piece, group, scratch.copy, to: x)
        }
      }
    }
    return x
  }
}

extension Patches {
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
