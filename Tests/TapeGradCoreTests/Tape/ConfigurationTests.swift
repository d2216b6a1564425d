import Synchronization
import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// A program replays the plan that fits what a group stores beside tensors, bit by bit.
struct ConfigurationTests {
  private let x = Tensor<Double>([-1, 2])

  private enum Layer: TensorGroup {
    typealias Scalar = Double
    case relu(Tensor<Double>)
    case tanh(Tensor<Double>)
    case scaled(Tensor<Double>, by: Double)
    case none

    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      switch self {
      case .relu(var x):
        try visit("x", &x)
        self = .relu(x)
      case .tanh(var x):
        try visit("x", &x)
        self = .tanh(x)
      case .scaled(var x, let factor):
        try visit("x", &x)
        self = .scaled(x, by: factor)
      case .none: break
      }
    }

    var value: Tensor<Double> {
      switch self {
      case .relu(let x): TapeGradCore.relu(x)
      case .tanh(let x): TapeGradCore.tanh(x)
      case .scaled(let x, let factor): factor / x
      case .none: Tensor(7)
      }
    }
  }

  @Test("each case of an enumeration has its plan, alone, in an array, and with numbers of either sign of 0")
  func enumerations() throws {
    let program = compiled { (layer: Layer) in layer.value }
    let zeros = Tensor<Double>([1, 1])
    let layers: [Layer] = [
      .relu(x), .tanh(x), .relu(x), .scaled(zeros, by: 0), .scaled(zeros, by: -0.0), .scaled(x, by: 3), .none,
    ]
    for layer in layers { #expect(try program(layer).bits == layer.value.bits, "\(layer)") }
    let sum = compiled { (layers: [Layer]) in layers.reduce(Tensor(0)) { $0 + $1.value } }
    #expect(try sum([.relu(x), .tanh(x)]).bits == (relu(x) + tanh(x)).bits)
    #expect(try sum([.tanh(x), .tanh(x)]).bits == (tanh(x) + tanh(x)).bits)
  }

  private struct Coarse: Hashable, Sendable {
    var number: Double
    static func == (a: Coarse, b: Coarse) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
  }

  private enum Mode: Sendable { case plus, minus }

  private struct Group<Setting: Sendable>: TensorGroup {
    typealias Scalar = Double
    var x: Tensor<Double>
    var setting: Setting
    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows { try visit("x", &x) }
  }

  /// How many times a program of a group is traced when it is called with these settings, one after the other.
  private func traces<Setting: Sendable>(_ settings: [Setting]) throws -> Int {
    let traces = Atomic(0)
    let program = compiled { (group: Group<Setting>) in
      traces.add(1, ordering: .relaxed)
      return group.x + group.x
    }
    for setting in settings { _ = try program(Group(x: x, setting: setting)) }
    return traces.load(ordering: .relaxed) / 2
  }

  @Test("settings that differ in a bit are different, and equal ones are not traced again")
  func settings() throws {
    #expect(try traces([0.0, -0.0, 0.0]) == 2)
    #expect(try traces([Float.nan, .nan]) == 1)
    #expect(try traces([[1.0, 0], [1, -0.0], [1, 0]]) == 2)
    #expect(try traces([Coarse(number: 1), Coarse(number: 2)]) == 2)
    #expect(try traces([Mode.plus, .minus, .plus]) == 2)
    #expect(try traces([Double?.none, 0, -0.0, nil]) == 3)
    #expect(try traces([["a": 1.0, "b": 2], ["b": 2, "a": 1]]) == 1)
    #expect(try traces([Double.self as Any.Type, Float.self]) == 2)
    #expect(try traces([(1, -0.0), (1, 0.0)]) == 2)
    #expect(try traces([{ 1 }, { 1 }] as [@Sendable () -> Int]) == 2)
  }

  private final class Rectifier: Sendable {
    let isOn: Bool
    init(isOn: Bool) { self.isOn = isOn }
  }

  @Test("an object at the address of one that is gone is another object")
  func objects() throws {
    let program = compiled { (group: Group<Rectifier>) in group.setting.isOn ? relu(group.x) : tanh(group.x) }
    for call in 0..<40 {
      let isOn = call % 2 == 0
      let y = try program(Group(x: x, setting: Rectifier(isOn: isOn)))
      #expect(try y.bits == (isOn ? relu(x) : tanh(x)).bits, "call \(call)")
    }
  }

  private struct Shifted: Elementwise {
    static let name = "shifted"
    let by: Double
    func evaluate<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> { S(by) / x }
    func derivative<S: TensorScalar>(at x: Tensor<S>, result y: Tensor<S>) -> Tensor<S> { -y / x }
  }

  @Test("to primitives too NaN is itself, and −0 is not 0")
  func primitives() throws {
    #expect(try compiled { (x: Tensor<Double>) in x * .nan }(x).scalars.allSatisfy { $0.isNaN })
    #expect(try compiled { (x: Tensor<Double>) in x.applying(Shifted(by: .nan)) }(x).scalars.allSatisfy { $0.isNaN })
    let both = compiled { (x: Tensor<Double>) in (x.applying(Shifted(by: 0)), x.applying(Shifted(by: -0.0))) }
    let (plus, minus) = try both(x)
    #expect(try plus.bits == [(-0.0).bitPattern, 0] && minus.bits == [0, (-0.0).bitPattern])
    #expect(haveSameBits(Shifted(by: .nan), Shifted(by: .nan)) && !haveSameBits(Shifted(by: 0), Shifted(by: -0.0)))
    #expect(haveSameBits(Gather(indices: [1, 2], axis: 0), Gather(indices: [1, 2], axis: 0)))
    #expect(!haveSameBits(Gather(indices: [1, 2], axis: 0), Gather(indices: [2, 1], axis: 0)))
  }
}
