import Testing

@testable import TapeGradCore

/// A failed tensor carries its error to whatever boundary hands out numbers.
struct FailedTensorTests {
  private static func failing(_ x: Tensor<Double>) -> Tensor<Double> { (x + Tensor([1, 2, 3])).sum() }
  private static let x = Tensor([1.0, 2])
  private static let failed = matmul(x, Tensor([1, 2, 3]))

  private typealias Boundary = @Sendable () throws -> Any
  private static let boundaries: [(name: String, cross: Boundary)] = [
    ("gradient", { try gradient(at: x, of: failing) }),
    ("gradient by two", { try gradient(at: x, x) { failing($0) + $1.sum() } }),
    ("gradient by three", { try gradient(at: x, x, x) { failing($0 + $1 + $2) } }),
    ("gradient by a group", { try gradient(at: [x, x]) { failing($0[1]) } }),
    ("valueWithGradient", { try valueWithGradient(at: x, of: failing) }),
    ("nested gradient", { try gradient(at: x) { x in try gradient(at: x, of: failing).sum() } }),
    ("pullback", { try valueWithPullback(at: x, of: failing) }),
    ("pushforward", { try pushforward(at: x, along: x, of: failing) }),
    ("jacobian", { try jacobian(at: x, of: failing) }),
    ("hessian", { try hessian(at: x, of: failing) }),
    ("hessian by groups", { try hessian(at: [x], x) { failing($0[0] + $1) } }),
    ("hessianVectorProduct", { try hessianVectorProduct(at: x, along: x, of: failing) }),
    ("scalars", { try failing(x).scalars }),
    ("item", { try failing(x).item }),
    ("array", { try failing(x).array }),
    ("validated", { try failing(x).validated() }),
    ("converted", { try failing(x).converted(to: Float.self) }),
    ("checkpoint", { try checkpoint(x, of: failing).validated() }),
    ("tape", { try Tape().gradients(of: failing(x)) }),
    ("a variable of a tape", { try { try $0.gradients(of: failing($0.variable(x))) }(Tape()) }),
  ]

  @Test("every boundary that hands out numbers throws the error", arguments: boundaries.indices)
  func boundary(_ row: Int) throws {
    let (name, cross) = Self.boundaries[row]
    let error = try #require(failure(cross), "\(name) let it pass")
    #expect(error.operation == "add" && error.message.contains("(2) and (3)"), "\(name)")
  }

  private static let takers: [(name: String, take: Boundary)] = [
    ("gradient", { try gradient(at: failed) { $0.sum() } }),
    ("pullback's point", { try valueWithPullback(at: failed) { $0 } }),
    ("pullback's cotangent", { try valueWithPullback(at: x) { $0 }.pullback(failed) }),
    ("pushforward", { try pushforward(at: x, along: failed) { $0 } }),
    ("jacobian", { try jacobian(at: failed) { $0 } }),
    ("checkpoint", { try checkpoint(failed) { $0 }.validated() }),
    ("tape's variable", { try { try $0.gradients(of: $0.variable(failed).sum()) }(Tape()) }),
    ("named", { try failed.named("f").validated() }),
    ("concatenate", { try concatenate([x, failed]).validated() }),
    ("moved", { try x.moved(along: failed, by: 1).validated() }),
  ]

  @Test("whoever is handed a failed tensor throws its error", arguments: takers.indices)
  func taker(_ row: Int) throws {
    let (name, take) = Self.takers[row]
    #expect(try #require(failure(take), "\(name) let it pass").operation == "matmul", "\(name)")
  }

  @Test("the first error wins")
  func firstErrorWins() {
    let first = Tensor([1.0, 2]) + Tensor([1, 2, 3])
    let second = Tensor([1.0]).reshaped(to: [7])
    #expect(failure { try (first * second).validated() } === failure { try first.validated() })
    #expect(failure { try concatenate([first, second]).validated() } === failure { try first.validated() })
    #expect(failure { try select(first, second, second).validated() } === failure { try first.validated() })
    #expect(failure { try softmax(first, axis: 4).validated() } === failure { try first.validated() })
    #expect(failure { try first.sum(axis: 4).validated() } === failure { try first.validated() })
    #expect(
      failure { try softmaxCrossEntropy(logits: first, labels: [9]).validated() } === failure { try first.validated() })
  }

  @Test("a gradient is that of a single number")
  func notScalar() throws {
    let errors = [
      failure { try gradient(at: Self.x) { $0 } },
      failure { try valueWithGradient(at: [Self.x]) { $0[0] } },
      failure { try gradient(at: Self.x, Self.x) { $0 + $1 } },
      failure { try hessian(at: Self.x) { $0 } },
      failure { try { try $0.gradients(of: $0.variable(Self.x)) }(Tape()) },
    ]
    for error in errors {
      #expect(error?.operation == "gradient" && error?.message.contains("shape (2)") == true)
      #expect(error?.suggestion?.contains(".sum()") == true)
    }
  }

  @Test("a tape that does not know a tensor says so")
  func strangers() throws {
    let tape = Tape()
    let x = tape.variable(Self.x)
    #expect(failure { try tape.gradients(of: Tensor(1.0)) }?.message == "the result is not recorded on this tape")
    let gradients = try tape.gradients(of: x.sum())
    #expect(failure { try gradients[Tensor(1.0)].scalars }?.message.contains("not recorded on the tape") == true)
    #expect(failure { try Tensor([1.0, 2]).item }?.message == "a tensor of shape (2) is not a single number")
    #expect(failure { try Tensor<Double>.zeros([0]).item }?.operation == "item")
  }

  @Test("cotangents and tangents of another shape are an error")
  func transformsThatDoNotFit() throws {
    let (_, pullback) = try valueWithPullback(at: Self.x) { $0 * $0 }
    #expect(failure { try pullback(Tensor(1)) }?.message == "a cotangent of shape () for a result of shape (2)")
    let tangent = failure { try pushforward(at: Self.x, along: Tensor([1, 2, 3])) { $0 * $0 } }
    #expect(tangent?.message == "a direction of shape (3) at a tensor of shape (2)")
    let count = failure { try pushforward(at: [Self.x, Self.x], along: [Self.x]) { $0[0] * $0[1] } }
    #expect(count?.message == "one group has 2 tensors, and the other 1")
  }

  @Test("a traced tensor has a shape and no numbers")
  func traced() throws {
    let traces = Counter()
    let y = checkpoint(Self.x) { x in
      if x.isTraced {
        traces.add()
        #expect(x.shape == [2] && "\(x)" == "traced Double tensor of shape (2)")
        #expect(failure { try x.scalars }?.message.contains("traced") == true)
        #expect(failure { try x.sum().item }?.message.contains("traced") == true)
        #expect(failure { try sigmoid(x).array }?.message.contains("traced") == true)
      }
      return x * x
    }
    try y.expect([1, 4])
    #expect(traces.count > 0)
    let branching = checkpoint(Self.x) { x in try x.scalars[0] > 0 ? x : -x }
    #expect(failure { try branching.validated() }?.message.contains("traced") == true)
  }
}
