import Foundation
import Testing

/// `tapegrad benchmark`: what it measures, not how fast that is.
struct BenchmarkTests {
  private struct Report: Decodable {
    let instructionSet: String
    let threads: Int
    let figures: [Figure]
  }

  private struct Figure: Decodable {
    let group, name: String
    let fastestSeconds, medianSeconds: Double
    let rate: Rate?
    let peakBytes: Int?
    let training: Training?
  }

  private struct Rate: Decodable {
    let value: Double
    let unit: String
  }

  private struct Training: Decodable {
    let size: [Int]
    let scalar, activation, mode: String
    let loss: Double
  }

  private func benchmark(_ options: String...) throws -> [Figure] {
    let result = try tapegrad(["benchmark", "--quick", "--json"] + options)
    try #require(result.status == 0, "\(result.errors)")
    return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).figures
  }

  @Test("the figures beside busy processes are those of programs, and their ratios")
  func busy() throws {
    let figures = try benchmark("--busy")
    #expect(figures.count == 4 && figures.allSatisfy { $0.group == "program" && $0.fastestSeconds > 0 })
    #expect(figures.map { $0.rate?.unit } == [nil, "× the time on 1 thread", nil, "× the time on 1 thread"])
  }

  @Test("the benchmark gives every figure, each with the numbers of its group")
  func figures() throws {
    let figures = try benchmark()
    let functions = ["exp", "log", "expm1", "log1p", "sqrt", "tanh", "sigmoid", "softplus", "relu", "add"]
    let expected =
      [
        "process: a first gradient", "process: 20 steps 2x4x400 eager", "process: 20 steps 2x4x400 compiled",
        "process: 20 steps 2x4x400 loop", "step 2x4x400 tanh Float eager", "step 2x4x400 tanh Float compiled",
        "step 2x4x400 tanh Float loop", "matmul 64 Float",
      ]
      + ["in cache", "out of cache"].flatMap { place in functions.map { "\($0) of an element, \(place), Float" } }
      + [
        "add two numbers, recording nothing", "record a node, one of 1000",
        "sweep back over a node and free it, one of 1000", "fail to add shapes that do not fit", "print the error",
        "trace and plan a training step, and take it",
        "call a program (x + 1)", "replay an instruction (2 × 2 product)",
        "replay a step of a fused instruction (x + y)",
      ]
    #expect(figures.map(\.name) == expected)
    for figure in figures {
      #expect(figure.fastestSeconds > 0 && figure.medianSeconds >= figure.fastestSeconds, "\(figure.name)")
      #expect((figure.peakBytes ?? 0 > 1_000_000) == (figure.group == "process"), "\(figure.name)")
      #expect((figure.rate?.value ?? 0 > 0) == ["matmul", "function"].contains(figure.group), "\(figure.name)")
    }
  }

  /// The loss after 20 steps as NumPy computes it in Double, of the same data by the same formulas.
  @Test(
    "eager, compiled and looped training give the loss that NumPy computes",
    arguments: [("tanh", 0.3978739323766621), ("relu", 0.612582600048004)])
  func training(activation: String, expected: Double) throws {
    let figures = try benchmark("--only", "step", "--activation", activation, "--scalar", "Float,Double")
    #expect(figures.map(\.training?.scalar) == ["Float", "Float", "Float", "Double", "Double", "Double"])
    #expect(figures.map(\.training?.mode) == ["eager", "compiled", "loop", "eager", "compiled", "loop"])
    for training in figures.compactMap(\.training) {
      let bound = training.scalar == "Float" ? 1e-6 : 1e-13
      #expect(abs(training.loss / expected - 1) < bound, "\(training.scalar) \(training.mode): \(training.loss)")
    }
  }

  @Test("options choose what is measured")
  func choices() throws {
    let figures = try benchmark(
      "--only", "matmul,step", "--products", "3,2x3x4t", "--sizes", "3x2x7,2x2x2", "--modes", "loop")
    #expect(
      figures.map(\.name) == [
        "matmul 3 Float", "matmul 2x3x4t Float", "step 3x2x7 tanh Float loop", "step 2x2x2 tanh Float loop",
      ])
    #expect(figures.map(\.training?.size) == [nil, nil, [3, 2, 7], [2, 2, 2]])
    #expect(Int(try tapegrad("benchmark", "--once", "gradient").output.dropLast()) ?? 0 > 1_000_000)
  }

  @Test(
    "a wrong choice is named, with what was expected",
    arguments: [
      ("--only", "steps", "process, step, matmul"), ("--sizes", "3x4", "small, large"),
      ("--products", "0", "sides like 256, shapes"),
      ("--products", "2x3", "sides like 256, shapes"),
      ("--scalar", "Half", "Float, Double"), ("--modes", "eager,,loop", "eager, compiled, loop"),
    ])
  func wrongChoices(option: String, value: String, expected: String) throws {
    let result = try tapegrad("benchmark", option, value)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("\(option) is '\(value)', expected one of \(expected)"), "\(result.errors)")
  }
}
