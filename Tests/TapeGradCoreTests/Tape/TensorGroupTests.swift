import Testing

@testable import TapeGradCore

/// What a group must be, and what is said where it is not.
struct TensorGroupTests {
  private struct Forgetful: TensorGroup {
    typealias Scalar = Double
    var weight = Tensor([1.0, 2]), bias = Tensor([3.0, 4])
    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      try visit("weight", &weight)
    }
  }

  private struct Nested: TensorGroup {
    typealias Scalar = Double
    var layers = [Layer<Double>(weight: Tensor([[1]]), bias: Tensor([[2]]))], extra: Tensor<Double>? = Tensor(1)
    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      try layers[0].visitTensors { name, tensor in if name == "weight" { try visit(name, &tensor) } }
      if var tensor = extra { try visit("extra", &tensor) }
    }
  }

  private final class Box: TensorGroup {
    typealias Scalar = Double
    nonisolated(unsafe) var x = Tensor([1.0, 2])
    func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows { try visit("x", &x) }
  }

  private struct Holder: TensorGroup {
    typealias Scalar = Double
    var box = Box()
    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      try box.visitTensors(visit)
    }
  }

  @Test("a group that forgets a tensor is an error which names the property")
  func forgotten() throws {
    let group = Forgetful(), x = Tensor([1.0, 1])
    let f = { @Sendable (g: Forgetful) in (g.weight * g.bias).sum() }
    let errors = [
      failure { try gradient(at: group, of: f) },
      failure { try valueWithGradient(at: group, x) { g, x in f(g) + x.sum() } },
      failure { try jacobian(at: group, of: f) },
      failure { try hessian(at: group, of: f) },
      failure { try hessianVectorProduct(at: group, along: group, of: f) },
      failure { try valueWithPullback(at: group, of: f) },
      failure { try pushforward(at: group, along: group, of: f) },
      failure { try checkpoint(group, of: f).validated() },
      failure { try compiled(f)(group) },
      failure { try gradient(at: [group]) { f($0[0]) } },
      failure { try Tape().variables(of: group).weight.validated() },
    ]
    for error in errors { #expect(error?.message.contains("the property ") == true && "\(error!)".contains("bias")) }
    let nested = failure { try gradient(at: Nested()) { $0.layers[0].weight.sum() } }
    #expect(nested?.message.contains("layers.0.bias") == true)
    // Complete groups pass, also those with arrays and without tensors.
    _ = try gradient(at: Stack<Double>.sample) { $0(Tensor([[1.0], [2]])).sum() }
  }

  private struct Growing: TensorGroup {
    typealias Scalar = Double
    var weight = Tensor([1.0, 2]), bias: Tensor<Double>?, layers: [Tensor<Double>] = []
    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      try visit("weight", &weight)
    }
  }

  private enum Cases: TensorGroup {
    typealias Scalar = Double
    case one(Tensor<Double>)
    case two(Tensor<Double>, bias: Tensor<Double>)
    mutating func visitTensors(_ visit: (String, inout Tensor<Double>) throws -> Void) rethrows {
      switch self {
      case .one(var x):
        try visit("x", &x)
        self = .one(x)
      case .two(var x, let bias):
        try visit("x", &x)
        self = .two(x, bias: bias)
      }
    }
  }

  @Test("a tensor is missed also after values of the group that have no such tensor")
  func forgottenLater() throws {
    let bare = Growing(), x = Tensor([1.0, 2]), f = { @Sendable (g: Growing) in (g.weight * g.weight).sum() }
    for group in [Growing(bias: x), Growing(layers: [x])] {
      _ = try gradient(at: bare, of: f)
      let error = failure { try gradient(at: group, of: f) }
      #expect(error?.message.contains(group.bias == nil ? "the property layers.0" : "the property bias") == true)
    }
    _ = try gradient(at: Cases.one(x)) { _ in Tensor(1) }
    #expect(failure { try gradient(at: Cases.two(x, bias: x)) { _ in Tensor(1) } }?.message.contains("bias") == true)
  }

  @Test("a class is an error, and stays as it was")
  func classes() throws {
    let box = Box(), holder = Holder()
    #expect(failure { try gradient(at: box) { ($0.x * $0.x).sum() } }?.message.contains("Box is a class") == true)
    #expect(failure { try gradient(at: holder) { $0.box.x.sum() } }?.message.contains("Box is a class") == true)
    #expect(failure { try compiled { (b: Box) in b.x + 1 }(box) }?.message.contains("class") == true)
    #expect(failure { try jacobian(at: [box]) { $0[0].x } }?.message.contains("class") == true)
    #expect(failure { try checkpoint(box) { $0.x }.validated() }?.message.contains("class") == true)
    #expect(try box.x.scalars == [1, 2] && holder.box.x.scalars == [1, 2])
  }

  @Test("a direction has the group's structure and shapes")
  func directions() throws {
    let x = Tensor([1.0, 2]), wide = Tensor([[1.0, 2], [3, 4]]), one = Tensor([1.0])
    for bad in [[x], [x, wide], [x, one], [x, x, x], [wide, x]] {
      let f = { @Sendable (g: [Tensor<Double>]) in (g[0] * g[1]).sum() }
      #expect(failure { try hessianVectorProduct(at: [x, x], along: bad, of: f) } != nil)
      #expect(failure { try hessianVectorProduct(at: [x, x], x, along: bad, x) { f($0) + $1.sum() } } != nil)
      #expect(failure { try pushforward(at: [x, x], along: bad, of: f) } != nil)
      let moved = [x, x].moved(along: bad, by: 0.5)
      #expect(failure { try moved.map { try $0.validated() } } != nil)
    }
    #expect(failure { try x.moved(along: x, by: wide).validated() }?.message.contains("does not fit shape (2)") == true)
    #expect(try [x, x].moved(along: [x, x], by: 2)[1].scalars == [3, 6])
  }

  @Test("numbers read off a tape have no derivative, and the gradient says so")
  func readings() throws {
    let x = Tensor([1.0, 2])
    let readers: [@Sendable (Tensor<Double>) throws -> Tensor<Double>] = [
      { Tensor(try $0.scalars.reduce(0, +)) },
      { Tensor(try ($0 * $0).sum().item) },
      { x in Tensor(try x.array).sum() },
      { Tensor(Double(try ($0 + 1).converted(to: Float.self).scalars[0])) },
      { x in try x.scalars[0] > 0 ? Tensor(1) : Tensor(2) },
    ]
    for read in readers {
      #expect(failure { try gradient(at: x, of: read) }?.message.contains("read off") == true)
      #expect(failure { try jacobian(at: [x]) { try read($0[0]) } }?.message.contains("read off") == true)
    }
    // Constant functions, and numbers that are only looked at.
    try gradient(at: x) { _ in Tensor(3) }.expect([0, 0])
    try hessian(at: x) { ($0 * 2.0).sum() }.expect([0, 0, 0, 0])
    try gradient(at: x) { x in try x.scalars[0] > 0 ? x.sum() : -x.sum() }.expect([1, 1])
    try gradient(at: x) { x in Tensor(try stopGradient(x).detached.scalars[0]) }.expect([0, 0])
  }
}
