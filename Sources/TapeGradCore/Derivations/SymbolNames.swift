// Who is called what. The user named three tensors h, h and J, and nothing else:
//
//   h, h               h₁, h₂         in the order of the tape
//   J                  J
//   a variable         x1
//   a constant         c1
//   a part of a line   T1, T2         T3 is passed over if the user has a T3 already

/// The names in a derivation: the user's, told apart where one was given twice, and new ones that meet none of them.
struct SymbolNames {
  private var names: [Int: String] = [:]
  private var taken: Set<String> = []
  private var counters: [String: Int] = [:]

  /// The names that a user gave to the nodes of a tape. One that was given several times is numbered: `h₁`, `h₂`.
  init(_ given: [(key: Int, value: String)]) {
    var occurrences: [String: Int] = [:]
    for (_, name) in given { occurrences[name, default: 0] += 1 }
    var numbers: [String: Int] = [:]
    for (index, name) in given.sorted(by: { $0.key < $1.key }) {
      numbers[name, default: 0] += 1
      let isUnique = occurrences[name] == 1
      names[index] = isUnique ? name : name + SymbolNames.subscripted(numbers[name, default: 0])
    }
    taken = Set(names.values)
  }

  /// Whether something has this name.
  func contains(_ name: String) -> Bool { taken.contains(name) }

  /// The name of a node, where it has one.
  subscript(index: Int) -> String? { names[index] }

  /// Gives a node a new name, such as `T1` for the prefix T.
  mutating func name(_ index: Int, prefix: String) -> String {
    let name = fresh(prefix: prefix)
    names[index] = name
    return name
  }

  /// Gives a node the name `preferred`, if nothing else has it.
  mutating func name(_ index: Int, preferring preferred: String) -> String {
    if let name = names[index] { return name }
    if !taken.insert(preferred).inserted { return name(index, prefix: preferred) }
    names[index] = preferred
    return preferred
  }

  private mutating func fresh(prefix: String) -> String {
    while true {
      counters[prefix, default: 0] += 1
      let name = "\(prefix)\(counters[prefix, default: 0])"
      if taken.insert(name).inserted { return name }
    }
  }

  private static func subscripted(_ number: Int) -> String {
    String(String.UnicodeScalarView("\(number)".unicodeScalars.compactMap { Unicode.Scalar($0.value - 48 + 0x2080) }))
  }
}
