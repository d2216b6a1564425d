// Zeros by structure: which elements of a cotangent are 0 because nothing used the element.
//
// There are two kinds of zero in a reverse sweep, and only one of them may silence what lies behind it:
//
//   select(x .> 0, log(x), 0)   at x = 0: log was not used. Its derivative ∞ does not count, and dx is 0.
//   square(sqrt(x))             at x = 0: the cotangent 2·√x happens to be 0, and 0·∞ is NaN. (The truth is 1; a
//                               clean 0 would be a wrong gradient that nobody notices.)
//   log(exp(x) + 1)             in Float at x = 100: 1/∞ happens to be 0, and 0·∞ is NaN again. (The truth is 1.)
//
// So a cotangent that has passed a choice carries a mask, as the value of a sigmoid carries its logits: 0 where nothing
// used the element, any other number where something may have. What select did not take, and what a slice or gather left
// out, is unused; changes of shape take the mask along; a sum is unused where all its terms are. Every other operation
// forgets it, which is always safe: NaN is then the answer. Computations without choices carry nothing, and pay nothing.

/// Numbers with a mask. The numbers are 0 where the mask is.
final class MaskedOutput: Sendable {
  /// The numbers themselves, or traced.
  let bare: Content
  /// Recorded or traced like the numbers.
  let mask: Value
  let shape: Shape
  let scalarType: ScalarType?

  fileprivate init(_ bare: Content, mask: Value) {
    (self.bare, self.mask) = (bare, mask)
    (shape, scalarType) = (mask.shape, mask.scalarType)
  }

  var storage: ArrayStorage? { bare.storage }
}

extension Value {
  /// Where the elements were used; nil for everywhere.
  var mask: Value? {
    if case .masked(let output) = content { output.mask } else { nil }
  }

  /// The same value with a mask. One that is 0 nowhere is left out, where that can be seen.
  func masked(by mask: Value) -> Value {
    var value = self
    value.content = content.bare
    if value.content.error != nil || mask.content.error != nil || mask.content.isNowhereZero { return value }
    var mask = mask
    mask.content = mask.content.bare
    value.content = .masked(MaskedOutput(value.content, mask: mask))
    return value
  }

  /// The mask, or ones.
  fileprivate var explicitMask: Value { mask ?? Value(repeating: 1, shape: shape, scalarType: scalarType ?? .double) }
}

extension Content {
  /// Whether there are numbers, none of which is 0.
  var isNowhereZero: Bool {
    guard let storage else { return false }
    return switch storage.scalarType {
    case .float:
      UnsafeBufferPointer(start: storage.pointer(to: Float.self), count: storage.shape.count).allSatisfy { $0 != 0 }
    case .double:
      UnsafeBufferPointer(start: storage.pointer(to: Double.self), count: storage.shape.count).allSatisfy { $0 != 0 }
    }
  }
}

/// An operation through which masks pass.
protocol MaskCarrying: Primitive {
  /// Where the result is used, given where the operands are; asked for where at least one operand has a mask.
  func mask(_ operands: [Value]) -> Value?
}

extension MaskCarrying where Self: Linear {
  /// An element of the result is a sum of elements of the operand with positive weights, and so is its mask.
  func mask(_ operands: [Value]) -> Value? { operands[0].mask.map { apply(self, $0) } }
}

extension MaskCarrying where Self: Linear, Self: UnaryKernel {
  /// The operand's mask.
  func mask(_ operands: [Value]) -> Value? { operands[0].mask }
}

extension Add: MaskCarrying {
  /// Used where either is.
  func mask(_ x: [Value]) -> Value? { sumOfMasks(x) }
}

extension Subtract: MaskCarrying {
  /// Used where either is.
  func mask(_ x: [Value]) -> Value? { sumOfMasks(x) }
}

private func sumOfMasks(_ x: [Value]) -> Value? {
  guard let a = x[0].mask, let b = x[1].mask else { return nil }
  return apply(Add(), a, b)
}

extension Concatenate: MaskCarrying {
  /// The masks one after the other.
  func mask(_ parts: [Value]) -> Value? { apply(self, parts.map(\.explicitMask)) }
}

extension Select: MaskCarrying {
  /// The mask of the operand that was chosen.
  func mask(_ x: [Value]) -> Value? { apply(self, [x[0], x[1].explicitMask, x[2].explicitMask]) }
}

extension Lookup: MaskCarrying {
  /// The mask's slices.
  func mask(_ x: [Value]) -> Value? { x[0].mask.map { apply(self, $0, x[1]) } }
}

extension LookupTranspose: MaskCarrying {
  /// The mask, put in place.
  func mask(_ x: [Value]) -> Value? { x[0].mask.map { apply(self, $0, x[1]) } }
}

extension Negate: MaskCarrying {}
extension Scale: MaskCarrying {}
extension Quotient: MaskCarrying {}
extension PerElement: MaskCarrying {}
extension Reshape: MaskCarrying {}
extension Permute: MaskCarrying {}
extension Broadcast: MaskCarrying {}
extension Slice: MaskCarrying {}
extension Pad: MaskCarrying {}
extension Gather: MaskCarrying {}
extension ScatterAdd: MaskCarrying {}
extension Sum: MaskCarrying {}
extension Mean: MaskCarrying {}

extension Tensor {
  /// Where the elements of a cotangent were used: 0 where they were not, any other number elsewhere; nil for everywhere.
  var mask: Tensor? { value.mask.map { Tensor($0) } }

  /// Zeros that nothing used.
  static func unused(_ shape: Shape) -> Tensor {
    let zeros = zeros(shape)
    return Tensor(zeros.value.masked(by: zeros.value))
  }

  /// The same elements, where `mask` is not 0; zeros that nothing used elsewhere, whatever stood there.
  func whereUsed(_ mask: Tensor?) -> Tensor {
    mask.map { select($0, self, Tensor.unused(shape)) } ?? self
  }

  /// A cotangent that `transpose` puts in place among zeros that nothing used.
  func placed(by transpose: (Tensor) -> Tensor) -> Tensor {
    Tensor(transpose(self).value.masked(by: transpose(Tensor(value.explicitMask)).value))
  }

  /// A cotangent taken further by a rule, element by element. What was not used stays 0, whatever the rule gives there.
  ///
  /// The rule for `z = x/y`, for example, is `cotangent.whereUsed { $0 / y }`.
  @inline(__always)
  public func whereUsed(_ rule: (Tensor) throws -> Tensor) rethrows -> Tensor {
    value.content.isMasked ? try rule(self).whereUsed(mask) : try rule(self)
  }

  /// A cotangent times a derivative, element by element. Where the cotangent is 0 because nothing used the element (the
  /// branch that `select` did not take), the product is 0, whatever the derivative; a cotangent that only happens to be 0
  /// is a number like any other, and `0·∞` is NaN.
  public func chained(with derivative: Tensor) -> Tensor {
    let product = self * derivative
    return value.content.isMasked ? product.whereUsed(mask) : product
  }
}
