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
    let filters = weights.shape[0] / geometry.groups
    let parts = patches.parts
    correlate(patches, parts, filters: filters, into: y, .all(of: shape)) { group, part in
      let first = parts[part].lowerBound * patches.window
      return (weights.bytes(at: group * filters * patches.depth + first), patches.depth)
    }
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
    // (groups, channels, rows of the window, columns, filters), of which those are taken that see the pixels.
    let turned = weights.reshaped(to: [groups, filters, patches.depth]).transposed
    let (height, width) = (weights.shape[2], weights.shape[3])
    for rows in patches.rows.seen where !rows.window.isEmpty {
      for columns in patches.columns.seen where !columns.window.isEmpty {
        let seen = Patches(
          examples: patches.examples, channels: filters, groups: groups, rows: rows.axis, columns: columns.axis,
          endsWithChannels: true)
        let parts = seen.parts
        let factors = parts.map { part in
          if parts.count == 1, seen.window == patches.window { return turned }
          var strides = AxisVector(repeating: 0)
          (strides[0], strides[1]) = (height * width * filters, rows.step * width * filters)
          (strides[2], strides[3]) = (columns.step * filters, 1)
          return turned.strided(
            shape: Shape([groups * channels, rows.window.count, columns.window.count, part.count]),
            start: (rows.window[0] * width + columns.window[0]) * filters + part.lowerBound, strides: strides)
        }
        let grid = Grid(
          start: rows.first * shape[3] + columns.first, filter: shape[2] * shape[3],
          row: geometry.stride.rows * shape[3], column: geometry.stride.columns)
        correlate(seen, parts, filters: channels, into: x, grid) { group, part in
          let depth = parts[part].count * seen.window
          return (factors[part].bytes(at: group * channels * depth), depth)
        }
      }
    }
    return x
  }

  /// `y = W·P(x)` for these images x, each place written to where the grid has it. Of the weights (groups, filters, depth),
  /// `factor` says where those are for a group and a part of the channels, and how far apart their rows.
  private func correlate(
    _ patches: Patches, _ parts: [Range<Int>], filters m: Int, into y: NDArray, _ grid: Grid,
    factor: (_ group: Int, _ part: Int) -> (UnsafeMutableRawPointer, step: Int)
  ) {
    let type = Scalar.scalarType, (groups, k) = (patches.groups, patches.depth)
    let threads = WorkShare.threads(WorkShare.cost(product: m * groups, k, patches.examples * patches.places, type))
    let shared = (patches.examples * patches.places + threads - 1) / threads
    let pieces = patches.pieces(of: Swift.min(Swift.max(shared, 128), patches.target(type)))
    let most = patches.room(for: pieces)
    func copies(_ examples: Int) -> PatchCopy {
      PatchCopy(patches, examples: examples, rows: most.rows, parts: parts, type)
    }
    // The last piece may have fewer examples: its rows are shorter.
    let copy = copies(most.examples), lastCopy = copies(pieces.last?.examples.count ?? 0)
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
          let step = isDirect ? grid.filter : n
          // Where a row of places begins in the result, at the first filter of the group.
          func target(_ example: Int, _ row: Int) -> UnsafeMutableRawPointer {
            let image = ((piece.examples.lowerBound + example) * groups + group) * m * grid.filter
            return y.bytes(at: image + (piece.rows.lowerBound + row) * grid.row + grid.start)
          }
          for (index, part) in parts.enumerated() {
            let (w, wStep) = factor(group, index), first = group * patches.channels + part.lowerBound
            if !isPlain {
              copy.fill(piece, self, channels: first..<first + part.count, after: previous, to: scratch.copy)
              previous = piece
            }
            for run in 0..<runs {
              let c = isDirect ? target(run % examples, run / examples) : scratch.result + run * length * type.byteCount
              if isPlain {
                // The image is the matrix.
                let image = (piece.examples.lowerBound * groups + group) * k * patches.places
                let x = bytes(at: image + piece.rows.lowerBound * columns)
                Kernels.matrixProduct(
                  type, w, x, rowStep: patches.places, c, rowStep: step, m: m, k: k, n: n, workspace: scratch.product)
              } else {
                let x = scratch.copy + run * copy.width * type.byteCount
                Kernels.matrixProduct(
                  type, w, rowStep: wStep, x, copy.lines[index][...], c, rowStep: step, adding: index > 0, m: m,
                  n: length, workspace: scratch.product)
              }
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
