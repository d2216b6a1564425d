import Foundation
import TapeGradCore
import TapeGradNetworks
import Testing

@testable import TapeGradEngines

/// Programs on a plugin's device. Where the environment names no plugin, they do not run (the CI's step `pjrt` names XLA's for
/// the CPU).
@Suite(.enabled(if: pluginPath != nil, "TAPEGRAD_PJRT_PLUGIN names no plugin"))
struct PJRTPluginTests {
  private let plugin: PJRTPlugin

  init() throws { plugin = try PJRTPlugin(path: pluginPath ?? "") }

  private typealias Step = Program<
    (TwoLayerNetwork<Float>, Tensor<Float>), TwoLayerNetwork<Float>, Tensor<Float>, Tensor<Float>
  >

  /// A step of gradient descent on 50 examples of 4 features, with what it starts from.
  private func training() -> (step: Step, network: TwoLayerNetwork<Float>, x: Tensor<Float>, y: Tensor<Float>) {
    var generator = SeededGenerator(seed: 3)
    let network = TwoLayerNetwork<Float>(inputs: 4, hidden: 8, hiddenActivation: .tanh, using: &generator)
    let x = Tensor<Float>.randomNormal([4, 50], using: &generator)
    let y = Tensor<Float>((0..<50).map { Float($0 % 2) }, shape: [1, 50])
    let step = compiled { (network: TwoLayerNetwork<Float>, x: Tensor<Float>, y: Tensor<Float>) in
      let (loss, gradient) = try valueWithGradient(at: network) { $0.loss(x, labels: y) }
      return (network.moved(along: gradient, by: -0.5), loss)
    }
    return (step, network, x, y)
  }

  @Test("50 steps of training whose numbers stay on the device, the network's memory donated, are those of the program")
  func trains() throws {
    var (step, network, x, y) = training()
    let engine = step.on(plugin)
    var (w, loss) = try (plugin.place(network), plugin.place(Tensor<Float>(0)))
    let (first, features, labels) = try (w, plugin.place(x), plugin.place(y))
    var expected = Tensor<Float>(0)
    for _ in 0..<50 {
      (w, loss) = try engine(w.donated, features, labels)
      (network, expected) = try step(network, x, y)
    }
    let error = #expect(throws: EngineError.self) { try first.fetched() }
    #expect(error?.action == "copy from the device" && error?.message.isEmpty == false, "\(error.debugDescription)")
    for ((name, ours), (_, theirs)) in zip(network.tensors, try w.fetched().tensors) {
      let apart = try zip(ours.scalars, theirs.scalars).map { abs($0 - $1) }.max() ?? .infinity
      #expect(apart <= 1e-6, "\(name)")
    }
    #expect(try abs(loss.fetched().item - expected.item) <= 1e-6)
    #expect(try features.fetched().scalars == x.scalars)
  }

  @Test("arguments that are not donated stay as they are")
  func keepsArguments() throws {
    let (step, network, x, y) = training()
    let w = try plugin.place(network), features = try plugin.place(x), labels = try plugin.place(y),
      engine = step.on(plugin)
    let (_, first) = try engine(w, features, labels), (_, second) = try engine(w, features, labels)
    #expect(try first.fetched().item == second.fetched().item)
    #expect(try w.fetched().tensors.map { try $0.tensor.scalars } == network.tensors.map { try $0.tensor.scalars })
    // Copied there and back.
    #expect(try engine(network, x, y).1.item == first.fetched().item)
  }

  @Test("a program for other shapes is compiled beside the first")
  func shapes() throws {
    let doubled = compiled { (x: Tensor<Double>) in 2 * x }
    let engine = doubled.on(plugin)
    for shape: Shape in [[3], [2, 3], [], [0, 4], [3]] {
      let x = Tensor<Double>((0..<shape.count).map { Double($0) / 3 }, shape: shape)
      let y = try engine(x)
      #expect(try y.scalars == doubled(x).scalars && y.shape == shape)
      #expect(try engine(plugin.place(x)).fetched().scalars == y.scalars)
    }
  }

  @Test("a loop, and integers that choose")
  func loopsAndIndices() throws {
    let loop = repeated(10) { (x: Tensor<Float>, rows: Indices) in x + x.gathered(rows, axis: 0) }
    let x = Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [3, 2]), rows = Indices([2, 0, 1])
    #expect(try loop.on(plugin)(x, rows).scalars == loop(x, rows).scalars)
  }

  @Test("what the engine says is thrown, with both versions")
  func engineErrors() throws {
    let error = try #require(throws: EngineError.self) { try Executable("module { nonsense }", on: plugin) }
    #expect(error.action == "compile" && error.message.contains("nonsense") && error.version == plugin.version)
    #expect(error.description.hasPrefix("\(plugin.path): compile: "))
    #expect(error.description.contains("PJRT \(plugin.version) in the plugin, \(PJRTVersion.declared) here"))
    let (step, network, x, y) = training(), other = try PJRTPlugin(path: plugin.path)
    let stranger = #expect(throws: EngineError.self) {
      try step.on(plugin)(plugin.place(network), other.place(x), plugin.place(y))
    }
    #expect(stranger?.message.contains("on the device of") == true)
  }

  /// Printed, not judged.
  @Test func duration() throws {
    let (step, network, x, y) = training(), engine = step.on(plugin), clock = ContinuousClock()
    let client = try clock.measure { _ = try PJRTPlugin(path: plugin.path) }
    var w = try plugin.place(network), loss = try plugin.place(Tensor<Float>(0))
    let (features, labels) = try (plugin.place(x), plugin.place(y))
    let compilation = try clock.measure { (w, loss) = try engine(w.donated, features, labels) }
    let steps = try clock.measure { for _ in 0..<1000 { (w, loss) = try engine(w.donated, features, labels) } }
    print("\(plugin.platform): client \(client), compilation and first step \(compilation), a step \(steps / 1000)")
    #expect(try loss.fetched().item < 1)
  }
}

private let pluginPath = ProcessInfo.processInfo.environment["TAPEGRAD_PJRT_PLUGIN"]
