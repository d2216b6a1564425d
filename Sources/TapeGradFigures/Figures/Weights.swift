import TapeGradArrays

extension Plot {
  /// A weight matrix, or its gradient, as a heat map about 0: a row for each unit of the layer, a column for each input.
  ///
  /// - Parameters:
  ///   - weights: A matrix; a vector is one row, an array of more axes is cut into rows along the last.
  ///   - name: Of the matrix.
  ///   - inputs: Names of the columns; their numbers where none are given.
  public static func weights(_ weights: NDArray<some TensorScalar>, named name: String = "W", inputs: [String] = [])
    -> Plot
  {
    // The shape 2 × 3 × 4 gives 6 rows of 4 columns; a scalar is one cell.
    let columns = weights.shape.rank == 0 ? 1 : weights.shape[weights.shape.rank - 1],
      scalars = doubles(weights.scalars)
    let rows = stride(from: 0, to: columns > 0 ? scalars.count : 0, by: max(columns, 1)).map {
      Array(scalars[$0..<$0 + columns])
    }
    let mark = heatMap(rows, map: .diverging, columns: inputs)
    var plot = Plot(title: name, x: Axis("input"), y: Axis("unit")) { mark }
    plot.subtitle = "\(rows.count) × \(columns)"
    if let block = mark.heatMap?.block, block.rows * block.columns > 1 {
      plot.subtitle += "; each cell is the number of largest magnitude of \(block.rows) × \(block.columns)"
    }
    return plot
  }
}
