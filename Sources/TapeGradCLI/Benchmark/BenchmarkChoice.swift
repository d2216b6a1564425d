import TapeGrad

/// What is to be measured, and how long.
struct BenchmarkChoice {
  let groups: [BenchmarkGroup]
  let sizes: [NetworkSize]
  let products: [ProductShape]
  let scalars: [any TensorScalar.Type]
  let activations: [Activation]
  let modes: [TrainingMode]
  let stopwatch: Stopwatch
  let isQuick: Bool
  let once: OnceWork?

  init(_ options: Options) throws(UsageError) {
    let quick = options.flag("--quick")
    isQuick = quick
    let runs = try options.count("--runs", default: quick ? 1 : 15)
    stopwatch = Stopwatch(runs: runs, batch: quick ? 1e-4 : 0.01, limit: quick ? 0 : 2)
    groups = try options.list("--only", default: BenchmarkGroup.allCases, BenchmarkGroup.allCases.map(\.rawValue)) {
      BenchmarkGroup(rawValue: $0)
    }
    sizes = try options.list(
      "--sizes", default: quick ? [[NetworkSize(2, 4, 400)]] : [NetworkSize.small],
      ["small", "large", "sizes like 30x16x569"]
    ) {
      ["small": NetworkSize.small, "large": NetworkSize.large][$0] ?? NetworkSize($0).map { [$0] }
    }.flatMap(\.self)
    products = try options.list(
      "--products",
      default: (quick ? ["64"] : ["64", "128", "256", "512", "1024", "2048"]).compactMap(ProductShape.init),
      ["sides like 256", "shapes like 16x30x569", "16x569x30t"], ProductShape.init)
    scalars = try options.list("--scalar", default: [Float.self], ["Float", "Double"]) {
      ["Float": Float.self as any TensorScalar.Type, "Double": Double.self][$0]
    }
    activations = try options.list(
      "--activation", default: [.tanh], Activation.allCases.map(\.description), Activation.init)
    modes = try options.list("--modes", default: TrainingMode.allCases, TrainingMode.allCases.map(\.rawValue)) {
      TrainingMode(rawValue: $0)
    }
    once = try options.choice("--once", default: nil, of: ["gradient"] + TrainingMode.allCases.map(\.rawValue)) {
      OnceWork($0)
    }
  }
}

extension Options {
  /// The values of a list whose parts are separated by commas.
  fileprivate func list<Value>(
    _ name: String, default standard: [Value], _ names: [String], _ make: (String) -> Value?
  ) throws(UsageError) -> [Value] {
    try choice(name, default: standard, of: names) { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { make(String($0)) }
      return parts.contains { $0 == nil } ? nil : parts.compactMap(\.self)
    }
  }
}
