extension CSVTable {
  /// The index, from 0, of a column that is given by its name or by its number, from 1. A name comes before a number.
  ///
  /// - Throws: ``CSVError``, which suggests names that are spelled alike, or lists those that there are.
  public func column(_ nameOrNumber: String) throws(CSVError) -> Int {
    if let index = columnNames.firstIndex(of: nameOrNumber) { return index }
    if let number = Int(nameOrNumber), columnNames.indices.contains(number - 1) { return number - 1 }
    let similar = columnNames.filter { $0.isSpelledLike(nameOrNumber) }
    let known = (similar.isEmpty ? columnNames : similar).quotedAlternatives
    throw CSVError(
      file: name, line: nil, column: nil, found: "no column \(nameOrNumber.quoted)",
      expected: hasHeader ? known : "a number from 1 to \(columnNames.count), since there is no header")
  }
}

extension String {
  /// Whether two names differ in case only, or in about one letter of four.
  fileprivate func isSpelledLike(_ other: String) -> Bool {
    let a = Array(lowercased().prefix(80)), b = Array(other.lowercased().prefix(80))
    return editDistance(a, b) <= max(a.count, b.count) / 4
  }
}

/// The least number of insertions, deletions and replacements that turn `a` into `b` (Levenshtein's distance).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  // distances[j] is that from the part of `a` so far to the first j characters of `b`.
  var distances = Array(0...b.count)
  for (i, character) in a.enumerated() {
    var diagonal = i
    distances[0] = i + 1
    for (j, other) in b.enumerated() {
      let replaced = diagonal + (character == other ? 0 : 1)
      diagonal = distances[j + 1]
      distances[j + 1] = min(replaced, diagonal + 1, distances[j] + 1)
    }
  }
  return distances[b.count]
}
