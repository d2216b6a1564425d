// A convolution and its two transposes, as products with the matrix of patches P (see Patches.swift). W are the weights as
// a matrix (filters, channels · window), y a matrix (filters, places):
//
//   y = W·P(x)          convolved
//   x̄ = W′·P′(ȳ)        for the images: what windows of the results see that each pixel went into
//   W̄ = ȳ·P(x)ᵀ         for the weights
//
// For a window of 2 × 2 on one channel of 3 × 3, with 4 places, and 5 filters: W is (5, 4), P(x) is (4, 4), y is (5, 4). With
// groups, channels and filters are divided into as many parts, each a product of its own. With a stride, pixels are too: those
// that are a stride apart went into the same elements of windows.

extension NDArray {
  /// The convolution of these images (N, C, H, W) with weights (O, C/groups, h, w): (N, O, H′, W′).
  package func convolved(with weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let y = NDArray(uninitialized: shape)
    let patches = Patches(seenIn: self.shape, weights.shape, shape, geometry)
    correlate(patches, weights, filters: weights.shape[0] / geometry.groups, into: y, .all(of: shape))
    return y
  }

  /// The transpose of `convolved` in the images: of cotangents (N, O, H′, W′) of the result, those of images of `shape`.
  package func convolutionImages(_ weights: NDArray, _ geometry: ConvolutionGeometry, shape: Shape) -> NDArray {
    let patches = Patches(seenIn: shape, weights.shape, self.shape, geometry)
    // A sum is finite only if all its terms are.
    guard patches.channels >= 8, weights.sum().scalars[0].doubleValue.isFinite else {
      return scattered(weights, patches, shape: shape)
    }
    let (groups, channels) = (geometry.groups, patches.channels), filters = weights.shape[0] / groups
    let x = patches.seesAll ? NDArray(uninitialized: shape) : .zeros(shape)
    // (groups, channels, rows of the window, columns, filters), of which each part takes those that see its pixels.
    let turned = weights.reshaped(to: [groups, filters, patches.depth]).transposed
    for rows in patches.rows.seen where !rows.window.isEmpty {
      for columns in patches.columns.seen where !columns.window.isEmpty {
        let seen = Patches(
          examples: patches.examples, channels: filters, groups: groups, rows: rows.axis, columns: columns.axis,
          endsWithChannels: true)
        let size = (weights.shape[2], weights.shape[3])
        var part = turned
        if (rows.window.count, columns.window.count) != size {
          var strides = AxisVector(repeating: 0)
          (strides[0], strides[1], strides[2]) = (
            size.0 * size.1 * filters, rows.step * size.1 * filters, columns.step * filters
          )
          strides[3] = 1
          part = turned.strided(
            shape: Shape([groups * channels, rows.window.count, columns.window.count, filters]),
            start: (rows.window[0] * size.1 + columns.window[0]) * filters, strides: strides)
        }
        let grid = Grid(
          start: rows.first * shape[3] + columns.first, filter: shape[2] * shape[3],
          row: geometry.stride.rows * shape[3], column: geometry.stride.columns)
        correlate(seen, part, filters: channels, into: x, grid)
      }
    }
    return x
  }

  /// `y = W·P(x)` for these images x and weights W (groups, filters, depth), each place written to where the grid has it.
  private func correlate(_ patches: Patches, _ weights: NDArray, filters m: Int, into y: NDArray, _ grid: Grid) {
    let type = Scalar.scalarType, (groups, k) = (patches.groups, patches.depth)
    let threads = WorkShare.threads(WorkShare.cost(product: m * groups, k, patches.examples * patches.places, type))
    let shared = (patches.examples * patches.places + threads - 1) / threads
    let pieces = patches.pieces(of: Swift.min(Swift.max(shared, 128), patches.target(type)))
    let most = patches.room(for: pieces), copy = PatchCopy(patches, examples: most.examples, rows: most.rows, type)
    // The last piece may have fewer examples: its rows are shorter.
    let lastCopy = PatchCopy(patches, examples: pieces.last?.examples.count ?? 0, rows: most.rows, type)
    let work = ConvolutionWork(patches, pieces, type, filters: m, copy: copy.count)
    work.share(pieces.count) { share, scratch in
      var previous: Patches.Piece?
      for piece in pieces[share.part(of: pieces.count)] {
        let n = patches.places(of: piece), examples = piece.examples.count, columns = patches.columns.places
        let copy = examples == most.examples ? copy : lastCopy, isPlain = patches.isPlain && examples == 1
        let (runs, length) = isPlain ? (1, n) : copy.runs(piece)
        // Whether a run of the matrix is one of the result.
        let isDirect = grid.column == 1 && (length == columns || examples == 1 && grid.row == columns)
        for group in 0..<groups {
          let w = weights.bytes(at: group * m * k), step = isDirect ? grid.filter : n
          // Where a row of places begins in the result, at the first filter of the group.
          func target(_ example: Int, _ row: Int) -> UnsafeMutableRawPointer {
            let image = ((piece.examples.lowerBound + example) * groups + group) * m * grid.filter
            return y.bytes(at: image + (piece.rows.lowerBound + row) * grid.row + grid.start)
          }
          if !isPlain { copy.fill(piece, self, group, after: previous, to: scratch.copy) }
          previous = piece
          for run in 0..<runs {
            let c = isDirect ? target(run % examples, run / examples) : scratch.result + run * length * type.byteCount
            if isPlain {
              // The image is the matrix.
              let image = (piece.examples.lowerBound * groups + group) * k * patches.places
              Kernels.matrixProduct(
                type, w, bytes(at: image + piece.rows.lowerBound * columns), rowStep: patches.places, c, rowStep: step,
                m: m, k: k, n: n, workspace: scratch.product)
            } else {
              Kernels.matrixProduct(
                type, w, rowStep: k, scratch.copy + run * copy.width * type.byteCount, copy.lines[...], c,
                rowStep: step, adding: false, m: m, n: length, workspace: scratch.product)
            }
          }
          if isDirect { continue }
          // Rows of several images take turns in the product, and stand apart in the result.
          var (together, apart) = (AxisVector(repeating: 0), AxisVector(repeating: 0))
          (together[0], together[1], together[2]) = (n, examples * columns, 1)
          (apart[0], apart[1], apart[2]) = (grid.filter, grid.row, grid.column)
          for example in 0..<examples {
            Kernels.copy(
              Shape([m, piece.rows.count, columns]), type, scratch.result + example * columns * type.byteCount,
              strides: together, to: target(example, 0), strides: apart)
          }
        }
      }
    }
  }
}

/// Where the places of a result are: where the first is, and how far apart those of neighboring filters, rows and columns.
private struct Grid {
  let start, filter, row, column: Int

  /// All elements of a result (N, O, H′, W′).
  static func all(of shape: Shape) -> Grid {
    Grid(start: 0, filter: shape[2] * shape[3], row: shape[3], column: 1)
  }
}
