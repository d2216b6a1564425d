import TapeGradCore
import TapeGradFormats

private let fractions: [Double] = [1, -2.5, 3e-5, 4, 0.1, -0.0]
private let types: [ElementType] = [.uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64]

/// Writes `model.safetensors`, and an array of each type as `TYPE.npy`.
func writeFiles(_ folder: String) throws {
  var file = ModelFile(metadata: ["about": "a \"test\" \u{1}\n é 😀"])
  let doubles = Tensor<Double>(fractions, shape: [2, 3])
  let floats: Tensor<Float> = try doubles.converted()
  try file.add(StoredArray(doubles), named: "F64")
  try file.add(StoredArray(floats), named: "F32")
  try StoredArray(doubles).write(npy: "\(folder)/F64.npy")
  try StoredArray(floats).write(npy: "\(folder)/F32.npy")
  for type in types {
    let array = try StoredArray([1, 2, 3, 4, 5, 126], shape: [3, 1, 2], type: type)
    try file.add(array, named: type.rawValue)
    try array.write(npy: "\(folder)/\(type.rawValue).npy")
  }
  try file.add(StoredArray([], shape: [0, 2]), named: "empty")
  try file.add(StoredArray([7], shape: []), named: "scalar")
  try file.write(to: "\(folder)/model.safetensors")
}

/// Checks the same as another library wrote it, to the last bit.
func checkFiles(_ folder: String) throws {
  let file = try ModelFile(contentsOf: "\(folder)/model.safetensors")
  precondition(file.metadata == ["about": "a \"test\" \u{1}\n é 😀"], "metadata \(file.metadata)")
  precondition(file.names.count == types.count + 4, "names \(file.names)")
  for name in ["F64", "F32"] {
    for array in [file[name], try StoredArray(npy: "\(folder)/\(name).npy")] {
      guard let array else { fatalError("no \(name)") }
      let numbers = try array.tensor(Double.self).scalars.map(\.bitPattern)
      let expected = fractions.map { name == "F64" ? $0.bitPattern : Double(Float($0)).bitPattern }
      precondition(numbers == expected && array.shape == [2, 3], name)
    }
  }
  for type in types {
    for array in [file[type.rawValue], try StoredArray(npy: "\(folder)/\(type.rawValue).npy")] {
      let numbers = try array?.integers()
      precondition(numbers == [1, 2, 3, 4, 5, 126] && array?.shape == [3, 1, 2], type.rawValue)
    }
  }
  precondition(file["empty"]?.shape == [0, 2] && file["scalar"]?.shape == [], "empty, scalar")
  print("\(file.names.count) tensors and \(types.count + 2) arrays are as they should be")
}

/// Writes a model of ones and one of twos to the same file, in turn.
func rewrite(_ path: String) throws {
  for number in 1... {
    var file = ModelFile()
    try file.add(Tensor<Float>(repeating: Float(1 + number % 2), shape: [100_000]))
    try file.write(to: path)
  }
}

/// Reads mutants of a model's file: each is a model that has no more numbers than its file has bytes, or an error.
func readMutants(of path: String, count: Int) throws {
  let whole = try readFile(path)
  var generator = SeededGenerator(seed: 7), errors = 0
  for _ in 0..<count {
    let bytes = whole.mutated(using: &generator)
    do throws(FormatError) {
      let file = try ModelFile(bytes: bytes, named: "mutant")
      let numbers = file.names.reduce(0) { $0 + (file[$1]?.count ?? 0) }
      guard numbers <= bytes.count else { fatalError("\(numbers) numbers in \(bytes.count) bytes") }
      for name in file.names { _ = try? file[name]?.tensor(Double.self) }
    } catch {
      errors += 1
    }
  }
  guard errors > count / 2, errors < count else { fatalError("\(errors) of \(count) are errors") }
  print("\(count) mutants: \(errors) errors, the others are read; none ended the process")
}
