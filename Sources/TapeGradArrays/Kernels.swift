import CTapeGradKernels

/// The C kernels, called with the scalar type as a value: the one place where Swift meets the two sets of C functions.
///
/// Everything above is generic over the scalar type without being specialised for it; each function here branches once
/// for a whole array.
enum Kernels {
  typealias Input<S> = UnsafePointer<S>
  typealias Output<S> = UnsafeMutablePointer<S>

  @inline(__always) private static func f32<S>(_ p: Input<S>) -> UnsafePointer<Float> {
    UnsafeRawPointer(p).assumingMemoryBound(to: Float.self)
  }
  @inline(__always) private static func f32<S>(_ p: Output<S>) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(p).assumingMemoryBound(to: Float.self)
  }
  @inline(__always) private static func f64<S>(_ p: Input<S>) -> UnsafePointer<Double> {
    UnsafeRawPointer(p).assumingMemoryBound(to: Double.self)
  }
  @inline(__always) private static func f64<S>(_ p: Output<S>) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(p).assumingMemoryBound(to: Double.self)
  }

  /// `y = f(x)`, with the number `c` where the operation takes one.
  static func unary<S: TensorScalar>(_ f: TGUnary, _ x: Input<S>, _ y: Output<S>, _ n: Int, _ c: Double = 0) {
    switch S.scalarType {
    case .float: tg_unary_f32(f, f32(x), f32(y), n, Float(c))
    case .double: tg_unary_f64(f, f64(x), f64(y), n, c)
    }
  }

  /// `y = f(a, b)` on a grid of `rows × columns`, each operand read with its strides.
  static func binary<S: TensorScalar>(
    _ f: TGBinary, _ a: Input<S>, _ aStrides: (Int, Int), _ b: Input<S>, _ bStrides: (Int, Int), _ y: Output<S>,
    rows: Int, columns: Int
  ) {
    switch S.scalarType {
    case .float:
      tg_binary_f32(f, f32(a), aStrides.0, aStrides.1, f32(b), bStrides.0, bStrides.1, f32(y), rows, columns)
    case .double:
      tg_binary_f64(f, f64(a), aStrides.0, aStrides.1, f64(b), bStrides.0, bStrides.1, f64(y), rows, columns)
    }
  }

  /// `y = mask ≠ 0 ? a : b`.
  static func select<S: TensorScalar>(
    _ mask: Input<S>, _ a: Input<S>, _ b: Input<S>, _ y: Output<S>, _ n: Int
  ) {
    switch S.scalarType {
    case .float: tg_select_f32(f32(mask), f32(a), f32(b), f32(y), n)
    case .double: tg_select_f64(f64(mask), f64(a), f64(b), f64(y), n)
    }
  }

  /// Reduces the middle axis of `(outer, length, inner)`.
  static func reduce<S: TensorScalar>(
    _ f: TGReduction, _ x: Input<S>, _ y: Output<S>, outer: Int, length: Int, inner: Int
  ) {
    switch S.scalarType {
    case .float: tg_reduce_f32(f, f32(x), f32(y), outer, length, inner)
    case .double: tg_reduce_f64(f, f64(x), f64(y), outer, length, inner)
    }
  }

  /// `log Σ exp` over the middle axis, in two parts.
  static func logSumExp<S: TensorScalar>(
    _ x: Input<S>, _ maximum: Output<S>, _ remainder: Output<S>, outer: Int, length: Int, inner: Int
  ) {
    switch S.scalarType {
    case .float: tg_log_sum_exp_f32(f32(x), f32(maximum), f32(remainder), outer, length, inner)
    case .double: tg_log_sum_exp_f64(f64(x), f64(maximum), f64(remainder), outer, length, inner)
    }
  }

  /// Copies an array element by element, both sides read with strides.
  static func copy<S: TensorScalar>(
    _ x: Input<S>, strides xStrides: [Int], to y: Output<S>, strides yStrides: [Int], shape: Shape
  ) {
    if shape.count == 0 { return }
    let lengths = shape.dimensions
    switch S.scalarType {
    case .float: tg_copy_f32(f32(x), xStrides, f32(y), yStrides, lengths, shape.rank)
    case .double: tg_copy_f64(f64(x), xStrides, f64(y), yStrides, lengths, shape.rank)
    }
  }

  /// `y = value`.
  static func fill<S: TensorScalar>(_ value: Double, _ y: Output<S>, _ n: Int, _: S.Type) {
    switch S.scalarType {
    case .float: tg_fill_f32(Float(value), f32(y), n)
    case .double: tg_fill_f64(value, f64(y), n)
    }
  }

  /// `C = op(A)·op(B)`, all contiguous; `(m, k)·(k, n)`.
  static func matrixProduct<S: TensorScalar>(
    _ a: Input<S>, transposed aTransposed: Bool, _ b: Input<S>, transposed bTransposed: Bool, _ c: Output<S>,
    m: Int, k: Int, n: Int, workspace: Output<S>
  ) {
    let lda = aTransposed ? m : k, ldb = bTransposed ? k : n
    switch S.scalarType {
    case .float: tg_matmul_f32(f32(a), lda, aTransposed, f32(b), ldb, bTransposed, f32(c), n, m, k, n, f32(workspace))
    case .double: tg_matmul_f64(f64(a), lda, aTransposed, f64(b), ldb, bTransposed, f64(c), n, m, k, n, f64(workspace))
    }
  }

  /// How many elements of workspace a matrix product needs.
  static func matrixProductWorkspace<S: TensorScalar>(
    _: S.Type, m: Int, k: Int, n: Int, _ aTransposed: Bool, _ bTransposed: Bool
  ) -> Int {
    switch S.scalarType {
    case .float: tg_matmul_workspace_f32(m, k, n, aTransposed, bTransposed)
    case .double: tg_matmul_workspace_f64(m, k, n, aTransposed, bTransposed)
    }
  }
}

/// The instruction set whose kernels run: "baseline", "avx2", "avx512" or "neon".
///
/// The environment variable `TAPEGRAD_INSTRUCTION_SET` forces a lower one than the machine has.
public var instructionSet: String { String(cString: tg_instruction_set()) }
