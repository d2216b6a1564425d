// What stands in a pattern such as "bij,bjk->bik": for each operand one label for each axis, and the labels of the result.
//
// An ellipsis stands for as many axes as the letters leave. They are counted from the last one, are labelled 0, 1, …, and
// broadcast: of "...ij,...jk->...ik" with operands of ranks 4 and 3, the labels are 1 0 i j, 0 j k and 1 0 i k.

/// A pattern, read for operands of certain shapes.
struct EinsumPattern {
  let operands: [[Character]]
  let result: [Character]
  /// The length of each label's axis.
  let lengths: [Character: Int]

  init(_ pattern: String, _ shapes: [Shape]) throws(TensorError) {
    let text = pattern.filter { $0 != " " }
    let sides = text.split(separator: "->", omittingEmptySubsequences: false)
    guard sides.count <= 2 else { throw TensorError("\"\(pattern)\" has more than one ->") }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == shapes.count else {
      throw TensorError("\"\(pattern)\" has \(terms.count) terms for \(shapes.count) operands")
    }
    var operands: [[Character]] = [], lengths: [Character: Int] = [:], widest = 0
    for (i, (term, shape)) in zip(terms, shapes).enumerated() {
      let (labels, ellipsis) = try EinsumPattern.labels(term, rank: shape.rank, "operand \(i)")
      widest = Swift.max(widest, ellipsis)
      for (axis, label) in labels.enumerated() {
        let length = shape[axis], known = lengths[label] ?? length
        // What an ellipsis stands for broadcasts; letters do not.
        guard known == length || label.isNumber && (known == 1 || length == 1) else {
          throw TensorError("\(label) has length \(known), and \(length) in operand \(i), whose shape is \(shape)")
        }
        lengths[label] = known == 1 ? length : known
      }
      operands.append(labels)
    }
    if sides.count == 2 {
      result = try EinsumPattern.labels(sides[1], rank: nil, "the result", ellipsis: widest).labels
    } else {
      // As NumPy has it: the labels that occur once, in alphabetical order, behind those of an ellipsis.
      let all = operands.joined(), letters = Set(all.filter { $0.isLetter })
      result =
        EinsumPattern.numbers(widest) + letters.filter { letter in all.count { $0 == letter } == 1 }.sorted()
    }
    for (i, label) in result.enumerated() {
      guard lengths[label] != nil else { throw TensorError("\(label) of the result is in no operand") }
      guard !result[..<i].contains(label) else { throw TensorError("\(label) is twice in the result") }
    }
    (self.operands, self.lengths) = (operands, lengths)
  }

  /// The labels of the axes that an ellipsis stands for.
  private static func numbers(_ count: Int) -> [Character] { (0..<count).reversed().map { Character("\($0)") } }

  /// The labels of a term, and how many an ellipsis stands for.
  private static func labels(
    _ term: Substring, rank: Int?, _ place: String, ellipsis: Int = 0
  ) throws(TensorError) -> (labels: [Character], ellipsis: Int) {
    let parts = term.split(separator: "...", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { throw TensorError("\"\(term)\" of \(place) has more than one ellipsis") }
    let letters = parts.joined()
    if let odd = letters.first(where: { !$0.isASCII || !$0.isLetter }) {
      throw TensorError("\"\(odd)\" of \(place) is neither a letter nor an ellipsis")
    }
    let left = rank.map { $0 - letters.count } ?? ellipsis
    guard left >= 0, left == 0 || rank == nil || parts.count == 2 else {
      throw TensorError("\"\(term)\" has \(letters.count) labels for \(place), whose rank is \(rank ?? 0)")
    }
    guard parts.count == 2 else { return (Array(letters), 0) }
    return (Array(parts[0]) + numbers(left) + Array(parts[1]), left)
  }
}
