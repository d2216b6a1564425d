import TapeGradCore
import TapeGradFormats
import Testing

struct ModelFileTests {
  struct Network: TensorGroup, Equatable {
    var w = Tensor<Float>([[1, -2.5], [0.1, 3]]), b = Tensor<Float>([0.5, 7])

    mutating func visitTensors(_ visit: (String, inout Tensor<Float>) throws -> Void) rethrows {
      try visit("W", &w)
      try visit("b", &b)
    }

    static func == (a: Network, b: Network) -> Bool {
      zip(a.tensors, b.tensors).allSatisfy { (try? $0.tensor.scalars) == (try? $1.tensor.scalars) }
    }
  }

  @Test("a group comes back from a file by its names, with metadata")
  func group() throws {
    let layers = [Network(), Network(w: Tensor([[9, 8], [7, 6]]), b: Tensor([1, 2]))]
    var file = ModelFile(metadata: ["note": "a \"b\" \n é"])
    try file.add(layers, prefix: "layers")
    try file.add(Tensor<Double>([0.1]), prefix: "scale")
    try file.add(StoredArray([3, -4], shape: [2], type: .int8), named: "counts")
    file[.architecture] = "{}"
    #expect(file.names == ["layers.0.W", "layers.0.b", "layers.1.W", "layers.1.b", "scale", "counts"])
    try withTemporaryFile([]) { path in
      try file.write(to: path)
      let read = try ModelFile(contentsOf: path)
      #expect(read.names == ["scale", "layers.0.W", "layers.0.b", "layers.1.W", "layers.1.b", "counts"])
      #expect(read.metadata == file.metadata)
      #expect(read[.formatVersion] == "1" && read[.preparation] == nil)
      try read.checkVersion()
      var copy = [Network(w: .zeros([2, 2]), b: .zeros([2])), Network(w: .zeros([2, 2]), b: .zeros([2]))]
      try read.load(into: &copy, prefix: "layers")
      #expect(copy == layers)
      #expect(try read["counts"]?.integers() == [3, -4])
      #expect(try read["scale"]?.tensor(Double.self).scalars == [0.1])
    }
  }

  @Test("a group that does not fit is an error that lists everything, and is left as it was")
  func misfit() throws {
    var file = ModelFile()
    try file.add(Tensor<Float>([1, 2]), prefix: "W")
    try file.add(Tensor<Float>([1, 2]), prefix: "c")
    var network = Network()
    #expect(
      errorMessage { try file.load(into: &network) }
        == "model: tensor \"W\" has shape [2], expected [2, 2]; no tensor \"b\"; a tensor \"c\" that the group does not have"
    )
    #expect(network == Network())
    #expect(errorMessage { try file.add(Tensor<Float>([1]), prefix: "c") } == "model: tensor \"c\" is there already")
    #expect(errorMessage { try file.checkVersion() }?.contains("no version") == true)
    file.metadata["tapegrad.format_version"] = "2"
    #expect(errorMessage { try file.checkVersion() }?.contains("reader of version 1") == true)
  }

  @Test("a file of the reference's writer is read")
  func reference() throws {
    let file = try ModelFile(bytes: golden("safetensors"), named: "golden")
    #expect(file.metadata == ["about": "a \"test\", é"])
    #expect(Set(file.names) == ["W", "b", "n"])
    #expect(try file["W"]?.tensor(Double.self).scalars == [1, 2, 3, 4.25])
    #expect(try file["b"]?.tensor(Float.self).scalars == [1.5, -2])
    #expect(file["n"]?.shape == [])
    #expect(try file["n"]?.integers() == [7])
  }

  @Test("an old file is replaced whole or left alone, and its mode and a link to it stay")
  func replaced() throws {
    try withTemporaryFile(Array("old".utf8)) { path in
      var file = ModelFile()
      try file.add(Tensor<Float>([1]))
      try file.write(to: path)
      #expect(try ModelFile(contentsOf: path).names == ["tensor"])
      #expect(
        errorMessage { try file.write(to: path + "/x") } == "\(path)/x: cannot be written: Not a directory")
      #expect(try ModelFile(contentsOf: path).names == ["tensor"])
    }
    #expect(
      errorMessage { try ModelFile().write(to: "/no/such/folder/x") }
        == "/no/such/folder/x: cannot be written: No such file or directory")
  }
}
