// Sums of products, by the labels of the axes: each operand is brought to its labels, then one after the other is multiplied.
// Of "bij,bjk->bik", the labels of the two operands are
//
//   in both, and needed behind it     b     a batch
//   in both, and in nothing else      j     summed, by a matrix product
//   in one                            i, k  rows and columns

/// Sums of products of the operands' elements, in Einstein's notation: each operand has one letter for each of its axes, and
/// what the result does not name is summed.
///
///     einsum("ij,jk->ik", a, b)        the matrix product        einsum("ii->i", a)      the diagonal
///     einsum("bij,bjk->bik", a, b)     one for each b            einsum("ij->ji", a)     the transpose
///     einsum("i,j->ij", x, y)          the outer product         einsum("ij,ij->", a, b) Σ aᵢⱼ·bᵢⱼ
///
/// Without an arrow the result has the letters that occur once, in alphabetical order. An ellipsis stands for the axes that the
/// letters leave; they broadcast. It is done by transposes and matrix products, in the order of the operands. A pattern that
/// is malformed or does not fit gives a failed tensor that says why.
public func einsum<S>(_ pattern: String, _ first: Tensor<S>, _ others: Tensor<S>...) -> Tensor<S> {
  first.attempt("einsum", with: others) { () throws(TensorError) in
    let operands = [first] + others, pattern = try EinsumPattern(pattern, operands.map(\.shape))
    var terms = zip(operands, pattern.operands).map { Term($0, labels: $1).onDiagonals }
    var product = terms.removeFirst()
    for (i, term) in terms.enumerated() {
      let later = Set(pattern.result + terms[(i + 1)...].flatMap(\.labels))
      product = product.keeping(later.union(term.labels)).times(
        term.keeping(later.union(product.labels)), keeping: later)
    }
    let lengths = Shape(pattern.result.map { pattern.lengths[$0] ?? 1 })
    return product.keeping(Set(pattern.result)).arranged(pattern.result).broadcast(to: lengths)
  }
}

/// A tensor with a label for each axis.
private struct Term<S: TensorScalar> {
  let tensor: Tensor<S>
  let labels: [Character]

  init(_ tensor: Tensor<S>, labels: [Character]) { (self.tensor, self.labels) = (tensor, labels) }

  private func length(_ label: Character) -> Int { labels.firstIndex(of: label).map { tensor.shape[$0] } ?? 1 }

  /// With each label once: along a label that is on several axes, their diagonal.
  var onDiagonals: Term {
    var unique: [Character] = []
    for label in labels where !unique.contains(label) { unique.append(label) }
    if unique.count == labels.count { return self }
    let shape = tensor.shape, strides = shape.strides
    let steps = unique.map { label in labels.indices.reduce(0) { labels[$1] == label ? $0 + strides[$1] : $0 } }
    let layout = StridedLayout("diagonal[\(String(labels))]", of: shape, Shape(unique.map(length)), strides: steps)
    return Term(tensor.applying(View(layout: layout)), labels: unique)
  }

  /// Summed over the labels that are not needed.
  func keeping(_ needed: Set<Character>) -> Term {
    let axes = labels.indices.filter { !needed.contains(labels[$0]) }
    return axes.isEmpty ? self : Term(tensor.sum(axes: axes), labels: labels.filter { needed.contains($0) })
  }

  /// The axes in the order of these labels; of length 1 for a label that the tensor has not.
  func arranged(_ order: [Character]) -> Tensor<S> {
    let axes = order.compactMap { labels.firstIndex(of: $0) }
    let permuted = axes == Array(0..<labels.count) ? tensor : tensor.permuted(axes)
    return axes.count == order.count ? permuted : permuted.reshaped(to: Shape(order.map(length)))
  }

  /// The product with another term, summed over the labels that are in both and not needed.
  func times(_ other: Term, keeping needed: Set<Character>) -> Term {
    let shared = labels.filter { other.labels.contains($0) }
    let summed = shared.filter { !needed.contains($0) && length($0) == other.length($0) }
    if summed.isEmpty {
      let order = labels + other.labels.filter { !labels.contains($0) }
      return Term(arranged(order) * other.arranged(order), labels: order)
    }
    let batch = shared.filter { !summed.contains($0) }
    let rows = labels.filter { !shared.contains($0) }, columns = other.labels.filter { !shared.contains($0) }
    // What an ellipsis stands for may be of length 1 in one of them.
    let lengths = batch.map { length($0) == 1 ? other.length($0) : length($0) }
    let left = matrices(batch, lengths, rows, summed), right = other.matrices(batch, lengths, columns, summed)
    let product = left.tensor.applying(
      MatrixProduct(transposesLeft: left.isTransposed, transposesRight: !right.isTransposed), right.tensor)
    let shape = lengths + rows.map(length) + columns.map(other.length)
    return Term(product.reshaped(to: Shape(shape)), labels: batch + rows + columns)
  }

  private func count(_ labels: [Character]) -> Int { labels.reduce(1) { $0 * length($1) } }

  /// As matrices of `rows` and `summed`, or transposed, where the axes are in that order already.
  private func matrices(
    _ batch: [Character], _ lengths: [Int], _ rows: [Character], _ summed: [Character]
  ) -> (tensor: Tensor<S>, isTransposed: Bool) {
    let isTransposed = labels == batch + summed + rows
    let order = batch + (isTransposed ? summed + rows : rows + summed)
    let matrix = isTransposed ? [count(summed), count(rows)] : [count(rows), count(summed)]
    let whole = Shape(lengths + order[batch.count...].map(length))
    return (arranged(order).broadcast(to: whole).reshaped(to: Shape([lengths.reduce(1, *)] + matrix)), isTransposed)
  }
}
