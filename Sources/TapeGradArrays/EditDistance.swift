/// The least number of insertions, deletions and replacements that turn `a` into `b`: Levenshtein's distance.
///
/// Error messages use it to suggest a name that was probably meant. It takes `a.count · b.count` steps.
///
/// V. I. Levenshtein: Binary codes capable of correcting deletions, insertions and reversals, 1966.
package func editDistance(_ a: some StringProtocol, _ b: some StringProtocol) -> Int {
  let target = Array(b)
  // distances[j] is the distance between the part of `a` read so far and the first j characters of `b`.
  var distances = Array(0...target.count)
  for (i, character) in a.enumerated() {
    var diagonal = i
    distances[0] = i + 1
    for (j, other) in target.enumerated() {
      let replaced = diagonal + (character == other ? 0 : 1)
      diagonal = distances[j + 1]
      distances[j + 1] = min(replaced, diagonal + 1, distances[j] + 1)
    }
  }
  return distances[target.count]
}
