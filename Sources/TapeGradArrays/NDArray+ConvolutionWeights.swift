// The cotangent of a convolution's weights, W̄ = ȳ·P(x)ᵀ (see NDArray+Convolution.swift).

extension NDArray {
  /// The transpose of `convolved` in the weights: of these images and cotangents of the result, those of weights of `shape`.
  package func convolutionWeights(_ cotangent: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let patches = Patches(seenIn: self.shape, shape, cotangent.shape, geometry), type = Scalar.scalarType
    if geometry.groups > 1, shape[0] == geometry.groups {
      return depthwiseWeights(cotangent, patches, shape: shape)
    }
    let pieces = patches.pieces(of: patches.target(type)), (m, k) = (shape[0] / geometry.groups, patches.depth)
    // (filters, rows of the window, columns of the window, channels)
    let sum = pieces.isEmpty ? NDArray.zeros([shape[0], k]) : NDArray(uninitialized: [shape[0], k])
    let most = patches.room(for: pieces), copy = PixelCopy(patches, examples: most.examples, rows: most.rows, type)
    let work = ConvolutionWork(patches, pieces, type, filters: m, copy: copy.count)
    // Each thread has filters, and sums in the order of the pieces.
    work.share(m) { share, scratch in
      let rows = share.part(of: m)
      if rows.isEmpty { return }
      var previous: Patches.Piece?
      for (index, piece) in pieces.enumerated() {
        for group in 0..<geometry.groups {
          let first = group * m + rows.lowerBound
          let (factor, step) = work.places(
            piece, cotangent, group: group, filters: rows, of: m, scratch.result)
          copy.fill(piece, self, group, after: previous, to: scratch.copy)
          previous = piece
          for run in copy.runs {
            Kernels.matrixProduct(
              type, factor, rowStep: step, scratch.copy + run.start * type.byteCount,
              copy.places[..<patches.places(of: piece)],
              sum.bytes(at: first * k + run.columns.lowerBound), rowStep: k, adding: index > 0, m: rows.count,
              n: run.columns.count, workspace: scratch.product)
          }
        }
      }
    }
    var strides = AxisVector(repeating: 0)
    (strides[0], strides[1], strides[2]) = (k, 1, patches.channels)
    return sum.strided(shape: Shape([shape[0], shape[1], shape[2] * shape[3]]), start: 0, strides: strides)
      .reshaped(to: shape)
  }

  /// The cotangent of the weights where each group has one filter: each of its weights is a product of vectors.
  private func depthwiseWeights(_ cotangent: NDArray, _ patches: Patches, shape: Shape) -> NDArray {
    let sum = NDArray.zeros(shape), type = Scalar.scalarType, (groups, k) = (patches.groups, patches.depth)
    // Of one image each.
    let pieces = patches.pieces(of: patches.places)
    let (rows, channels) = (patches.room(for: pieces).rows, patches.channels)
    let copy = PatchCopy(patches, examples: 1, rows: rows, parts: [0..<channels], type)
    let work = ConvolutionWork(patches, pieces, type, filters: 1, copy: copy.count, results: k)
    work.share(groups) { share, scratch in
      for group in share.part(of: groups) {
        var previous: Patches.Piece?
        for piece in pieces {
          let all = group * channels..<(group + 1) * channels
          copy.fill(piece, self, channels: all, after: previous, to: scratch.copy)
          previous = piece
          let (runs, length) = copy.runs(piece)
          let (z, _) = work.places(piece, cotangent, group: group, filters: 0..<1, of: 1, scratch.result)
          for run in 0..<runs {
            for (i, line) in copy.lines[0].enumerated() {
              Kernels.matrixProduct(
                type, z + run * length * type.byteCount, transposed: false,
                scratch.copy + (line + run * copy.width) * type.byteCount, transposed: true,
                scratch.result + i * type.byteCount, m: 1, k: length, n: 1, workspace: scratch.product)
            }
            let y = sum.bytes(at: group * k)
            Kernels.binary(.add, type, y, (0, 1), scratch.result, (0, 1), y, rows: 1, columns: k)
          }
        }
      }
    }
    return sum
  }
}
