import TapeGradCore

/// f(x) = x², and its derivative 2x: whether tool and eval understand each other.
let hello = [
  "square": Function(prepare: { (x: Double) in { square(Tensor(x)) } }, report: { try $0.item }),
  "double": Function(
    prepare: { (x: Double) in { try gradient(at: Tensor(x)) { square($0) } } }, report: { try $0.item }),
]
