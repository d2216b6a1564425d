import TapeGradGraphs
import Testing

@testable import TapeGradCore

/// Comparisons, and what is made of masks.
struct MaskTests {
  private let x = Tensor<Double>([1, 2, 3, .nan]), y = Tensor<Double>([2, 2, 2, 2])

  @Test("comparisons of tensors, and with numbers; NaN differs from all")
  func comparisons() throws {
    try (x .< y).expect([1, 0, 0, 0])
    try (x .<= y).expect([1, 1, 0, 0])
    try (x .> y).expect([0, 0, 1, 0])
    try (x .>= y).expect([0, 1, 1, 0])
    try (x .== y).expect([0, 1, 0, 0])
    try (x .!= y).expect([1, 0, 1, 1])
    for (a, b) in [
      (x .< 2, x .< y), (x .<= 2, x .<= y), (x .> 2, x .> y), (x .>= 2, x .>= y), (x .== 2, x .== y),
      (x .!= 2, x .!= y),
    ] { #expect(try a.bits == b.bits) }
    try (Tensor<Float>([[1], [3]]) .<= Tensor([2, 3])).expect([1, 1, 0, 1])
  }

  @Test("and, or, not read any number but 0 as true, NaN too")
  func logic() throws {
    let a = Tensor<Double>([0, 0, 5, .nan]), b = Tensor<Double>([0, -1, 0, 2])
    try (a .& b).expect([0, 0, 0, 1])
    try (a .| b).expect([0, 1, 1, 1])
    try (.!a).expect([1, 1, 0, 0])
    try (Tensor<Double>([[1], [0]]) .& Tensor([1, 0])).expect([1, 0, 0, 0])
    try (x .> 1 .& x .< 3).expect([0, 1, 0, 0])
  }

  @Test("any and all, over all elements, over axes, and over none")
  func folds() throws {
    let mask = Tensor<Double>([[0, 1, 0], [0, 2, .nan]])
    try mask.any().expect([1])
    try mask.all().expect([0])
    try mask.any(axis: 0).expect([0, 1, 1])
    try mask.all(axis: 0).expect([0, 1, 0])
    try mask.any(axes: [1], keepingDimensions: true).expect([1, 1])
    #expect(mask.all(axis: 1, keepingDimensions: true).shape == [2, 1])
    try Tensor<Double>([]).any().expect([0])
    try Tensor<Double>([]).all().expect([1])
    #expect(throws: TensorError.self) { try mask.all(axis: 2).validated() }
  }

  @Test("NaN and infinities are found")
  func kinds() throws {
    let x = Tensor<Float>([.nan, .infinity, -.infinity, 0, .greatestFiniteMagnitude])
    try isNaN(x).expect([1, 0, 0, 0, 0])
    try isFinite(x).expect([0, 0, 0, 1, 1])
  }

  @Test("nothing has a derivative by what it is compared with, not even NaN")
  func derivative() throws {
    let x = Tensor<Double>([0, -1, .nan, 2])
    let slope = try gradient(at: x) { x in
      let masks = (log(x) .<= x) + (x .!= 0) + isNaN(x) + isFinite(sqrt(x)) + (x .& x) + (x .| x) + .!x
      return (masks * (x .>= 0).all()).sum() + x.any()
    }
    try slope.expect([0, 0, 0, 0])
    let kept = try gradient(at: x) { x in select(isFinite(x) .& x .> 0, log(x), 0).sum() }
    try kept.expect([0, 0, 0, 0.5])
  }
}
