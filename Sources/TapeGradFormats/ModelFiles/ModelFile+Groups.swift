// The group names its tensors, for example W1 and b1. With the prefix `encoder` they are encoder.W1 and encoder.b1
// in the file, so that several groups, such as a network and the standardization of its features, may share a file.
//
// Loading works on a copy of the group, which replaces the group only when all names and shapes fit: a file of
// another network leaves the present one as it was. All differences are collected first, so that one message shows
// how the two networks differ.

import TapeGradCore

extension ModelFile {
  /// Adds every tensor of a group under its name there, behind a prefix and a point where there is one. A single tensor
  /// without a prefix is called `tensor`.
  ///
  /// - Throws: ``FormatError`` where there is one of that name already, `TensorError` where a tensor has no numbers.
  public mutating func add(_ group: some TensorGroup, prefix: String = "") throws {
    for (name, tensor) in group.tensors {
      try add(StoredArray(tensor), named: Self.name(name, prefix))
    }
  }

  /// Puts the file's numbers into the tensors of a group of the same names and shapes. The group is unchanged where that
  /// fails.
  ///
  /// Numbers of a type of more digits are rounded to nearest; tensors of other prefixes are left alone.
  ///
  /// - Throws: ``FormatError`` that lists the tensors which the file does not have, has in another shape, or has beyond those
  ///   of the group.
  public func load<Group: TensorGroup>(into group: inout Group, prefix: String = "") throws {
    var problems: [String] = [], used: Set<String> = [], loaded = group
    try loaded.visitTensors { member, tensor in
      let name = Self.name(member, prefix)
      used.insert(name)
      guard let array = self[name] else {
        problems.append("no tensor \(name.quoted)")
        return
      }
      let shape = (0..<tensor.shape.rank).map { tensor.shape[$0] }
      guard array.shape == shape else {
        problems.append("tensor \(name.quoted) has shape \(array.shape), expected \(shape)")
        return
      }
      tensor = try array.tensor()
    }
    for name in names where !used.contains(name) && (prefix.isEmpty || name.hasPrefix(prefix + ".")) {
      problems.append("a tensor \(name.quoted) that the group does not have")
    }
    guard problems.isEmpty else {
      let rest = problems.count > 10 ? "; … and \(problems.count - 10) more" : ""
      throw FormatError(fileName, problems.prefix(10).joined(separator: "; ") + rest)
    }
    group = loaded
  }

  private static func name(_ member: String, _ prefix: String) -> String {
    if member.isEmpty { return prefix.isEmpty ? "tensor" : prefix }
    return prefix.isEmpty ? member : "\(prefix).\(member)"
  }
}

extension ModelFile {
  /// What the metadata of this library's model files say, each under a key of its own.
  public enum Key: String, Sendable, CaseIterable {
    /// The version of what the other keys mean, a whole number: `1`.
    case formatVersion = "tapegrad.format_version"
    /// The layers of the network, as JSON.
    case architecture = "tapegrad.architecture"
    /// How a table becomes features, and outputs labels: ``Preparation/json()``, with the names of the classes.
    case preparation = "tapegrad.preparation"
    /// What the model was trained with and how it did, as JSON.
    case training = "tapegrad.training"
  }

  /// The version that this library writes, and the latest that it reads.
  public static let formatVersion = 1

  /// A text of the metadata under one of the keys. Setting one says the format's version, too.
  public subscript(key: Key) -> String? {
    get { metadata[key.rawValue] }
    set {
      metadata[key.rawValue] = newValue
      if newValue != nil, metadata[Key.formatVersion.rawValue] == nil {
        metadata[Key.formatVersion.rawValue] = "\(Self.formatVersion)"
      }
    }
  }

  /// Checks that the keys mean what this library knows.
  ///
  /// - Throws: ``FormatError`` where the file says no version, or a later one.
  public func checkVersion() throws(FormatError) {
    guard let version = self[.formatVersion].flatMap(Int.init), version >= 1 else {
      throw FormatError(fileName, "no version of TapeGrad's metadata: a file of another library has tensors only")
    }
    guard version <= Self.formatVersion else {
      throw FormatError(
        fileName, "version \(version) of TapeGrad's metadata, and this is a reader of version \(Self.formatVersion)")
    }
  }
}
