extension CSVTable {
  /// Whether the first record of a file names the columns.
  public enum Header: Sendable {
    /// The first record is a header.
    case present
    /// The first record is data.
    case absent
    /// The first record is a header if, in some column, it holds something that is not a number although at least half
    /// of the values below are numbers.
    ///
    /// A file of text columns only has no header by this rule; a lone record of text is a header.
    case automatic

    func isPresent(in records: CSVRecords, missingMarkers: Set<String>) -> Bool {
      switch self {
      case .present: true
      case .absent: false
      case .automatic: (0..<records.width).contains { records.isTitle($0, missingMarkers: missingMarkers) }
      }
    }
  }
}

extension CSVRecords {
  /// Whether the first record reads like the title of column `column`.
  fileprivate func isTitle(_ column: Int, missingMarkers: Set<String>) -> Bool {
    func present(_ index: Int) -> String? {
      let text = fields[index].trimmed
      return missingMarkers.contains(text) ? nil : text
    }
    guard let title = present(column), title.number == nil else { return false }
    var numbers = 0, others = 0
    for index in stride(from: width + column, to: fields.count, by: width) {
      guard let text = present(index) else { continue }
      if text.number == nil { others += 1 } else { numbers += 1 }
    }
    return numbers >= others
  }

  /// The names in the first record, without surrounding spaces; the number of the column in place of an empty one.
  func columnNames(file: String) throws(CSVError) -> [String] {
    let names = fields[..<width].enumerated().map { column, text in
      let name = text.trimmed
      return name.isEmpty ? "\(column + 1)" : name
    }
    var numbers: [String: Int] = [:]
    for (column, name) in names.enumerated() {
      if let earlier = numbers.updateValue(column + 1, forKey: name) {
        throw CSVError(
          file: file, line: lines[0], column: CSVError.Column(number: column + 1, name: name),
          found: "the name of column \(earlier) again", expected: "a name of its own")
      }
    }
    return names
  }
}
