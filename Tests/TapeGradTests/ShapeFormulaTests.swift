import Foundation
import TapeGrad
import Testing

/// Formulas with subscripts, products and windows, as users write them: right, and quick for the type checker (a step of the
/// checks says how quick).
struct ShapeFormulaTests {
  private let x = Tensor<Double>.arange(24).reshaped(to: [4, 6]) / 24

  @Test("finite differences and a mixed formula, by subscripts")
  func differences() throws {
    let i = 2
    let second = x[.all, 2...] - 2 * x[.all, 1..<5] + x[.all, ..<4]
    #expect(try second.scalars.allSatisfy { abs($0) < 1e-15 })
    let mixed = 2 * x[1, .all] - x[0, .every(-1)] * x[.every(2), 0].sum() + 0.5 * x[i - 1, [0, 0, 1, 1, 2, 2]]
    #expect(mixed.shape == [6])
    let dx = try gradient(at: x) { x in (x[.all, 1...] - x[.all, ..<(-1)]).sum() }
    #expect(try dx[.all, 0].scalars == [-1, -1, -1, -1] && dx[.all, 1..<5].scalars.allSatisfy { $0 == 0 })
  }

  @Test("attention of several heads, by einsum, is that of one head after the other")
  func attention() throws {
    var generator = SeededGenerator(seed: 2)
    let (q, k) = (
      Tensor<Double>.randomNormal([2, 3, 4], using: &generator),
      Tensor<Double>.randomNormal([2, 5, 4], using: &generator)
    )
    let v = Tensor<Double>.randomNormal([2, 5, 2], using: &generator)
    let weights = softmax(einsum("hid,hjd->hij", q, k) / 2, axis: -1)
    let heads = (0..<2).map { h in matmul(softmax(matmul(q[h], k[h].transposed) / 2, axis: -1), v[h]) }
    let difference = abs(einsum("hij,hjd->hid", weights, v) - stack(heads)).max()
    #expect(try difference.item < 1e-14)
  }

  @Test("the log-density of a normal distribution, by a Cholesky factor, has the gradient that theory says")
  func density() throws {
    let points = x[.all, 0..<2] + Tensor([[0, 1.0], [2, 0], [0, 3], [1, 1]])
    let covariance = matmul(points.transposed, points) / 4
    let minus = try gradient(at: covariance) { covariance in
      let l = covariance.cholesky(), z = triangularSolve(l, points.transposed)
      return square(z).sum() / 4 / 2 + log(l.diagonal()).sum()
    }
    // At the covariance of the points themselves, the likelihood is largest.
    #expect(try abs(minus).max().item < 1e-14)
  }

  @Test("LeNet's layers, from images to logits")
  func network() throws {
    var generator = SeededGenerator(seed: 4)
    let images = Tensor<Float>.randomNormal([2, 1, 28, 28], using: &generator)
    let w1 = Tensor<Float>.randomNormal([6, 1, 5, 5], scale: 0.2, using: &generator)
    let w2 = Tensor<Float>.randomNormal([16, 6, 5, 5], scale: 0.1, using: &generator)
    let w3 = Tensor<Float>.randomNormal([400, 10], scale: 0.05, using: &generator)
    let labels = Labels([3, 7])
    let step = compiled { (w: [Tensor<Float>]) in
      let (loss, gradient) = try valueWithGradient(at: w) { w in
        let a1 = averagePool2D(tanh(convolution2D(images, w[0], padding: (2, 2))), window: (2, 2))
        let a2 = maxPool2D(tanh(convolution2D(a1, w[1])), window: (2, 2))
        return softmaxCrossEntropy(logits: matmul(a2.flattened(from: 1), w[2]).transposed, labels: labels)
      }
      return (w.moved(along: gradient, by: -0.05), loss)
    }
    var w = [w1, w2, w3], losses: [Float] = []
    for _ in 0..<5 {
      let (next, loss) = try step(w)
      w = next
      losses.append(try loss.item)
    }
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 }, "\(losses)")
  }
}
