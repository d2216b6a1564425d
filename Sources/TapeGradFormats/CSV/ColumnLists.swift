// The option `--ignore age,weight,in kg` names three columns, or two where one is called "weight,in kg". Which of the two
// is meant, the titles of the table say.

extension [String] {
  /// Parts of a list that was divided at its commas, with those joined again that together are a name: as many as
  /// possible at a time.
  package func joined(into names: [String]) -> [String] {
    let known = Set(names)
    var result: [String] = [], start = 0
    while start < count {
      let end = (start + 1...count).last { known.contains(self[start..<$0].joined(separator: ",")) } ?? start + 1
      result.append(self[start..<end].joined(separator: ","))
      start = end
    }
    return result
  }
}
