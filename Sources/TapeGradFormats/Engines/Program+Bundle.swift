public import TapeGradCore

// A folder that trains anywhere. Of train = compiled { (network, x, y) in (network.moved(…), loss) }:
//
//   program.mlir              the step, in StableHLO
//   arguments.safetensors     W1, b1, W2, b2, input4, input5
//   meta.json                 which is which: names, shapes, states, batch axes
//   run.py                    python run.py . --steps 100 --devices 4

extension Program {
  /// Writes what the program computes, and the numbers that it is to start from, as a folder that JAX runs without this
  /// library: on one device, on several, on several hosts.
  /// ```swift
  /// try train.writeBundle(to: "step", for: network, x, y, batch: BatchAxes([1: 1, 2: 1]))
  /// // python3 step/run.py step --steps 100 --devices 4
  /// ```
  /// The folder holds the program as `program.mlir`, see ``stableHLO(for:)``; the arguments as `arguments.safetensors`;
  /// `meta.json` with names, shapes and which results are the next step's arguments; and `run.py`, some 30 lines that train and
  /// write `results.safetensors`. Where the first results are shaped like the first argument, they take its place in the next
  /// step, as in the loop that `repeated` makes. Arguments of a batch are split over the devices, all others are on each.
  ///
  /// - Throws: ``ExportError`` as ``stableHLO(for:)`` does; ``FileError`` where a file cannot be written; `TensorError` where an
  ///   argument has no numbers.
  public func writeBundle(to folder: String, for input: repeat each Input, batch: BatchAxes? = nil) throws {
    let graph = try graph(for: repeat each input), axes = try batch?.axes(of: graph.inputs) ?? [:]
    let text = try graph.stableHLO(), indexInputs = graph.indexInputs
    var arrays: [StoredArray] = []
    for group in repeat each input { for (_, tensor) in group.tensors { try arrays.append(StoredArray(tensor)) } }
    var file = ModelFile()
    for (number, input) in graph.inputs.enumerated() {
      let array =
        try indexInputs.contains(number)
        ? StoredArray(arrays[number].integers(), shape: arrays[number].shape, type: .int32) : arrays[number]
      try file.add(array, named: input.name)
    }
    try makeFolder(folder)
    try file.write(to: "\(folder)/arguments.safetensors")
    try writeFile("\(folder)/program.mlir", [Array(text.utf8)])
    try writeFile("\(folder)/meta.json", [Array((graph.meta(axes).description + "\n").utf8)])
    try writeFile("\(folder)/run.py", [Array(bundleRunner.utf8)])
  }
}

extension ProgramGraph {
  /// What a runner must know beside the text.
  fileprivate func meta(_ axes: [Int: Int]) -> JSONValue {
    func list(_ shape: Shape) -> JSONValue { .array(shape.dimensions.map { .number(Double($0)) }) }
    // The first argument, a network say, is the state of the loop if the first results have its shapes and types.
    let states = inputs.filter { $0.argument == 0 }.count
    let areStates =
      results.count >= states
      && zip(results, inputs.prefix(states)).allSatisfy {
        nodes[$0].shape == $1.shape && nodes[$0].scalarType == $1.scalarType
      }
    let indexInputs = indexInputs
    return .object([
      .init("version", .number(1)),
      .init("states", .number(Double(areStates ? states : 0))),
      .init(
        "arguments",
        .array(
          inputs.enumerated().map { number, input in
            let type = indexInputs.contains(number) ? "int32" : input.scalarType == .float ? "float32" : "float64"
            var members: [JSONValue.Member] = [
              .init("name", .string(input.name)), .init("shape", list(input.shape)), .init("type", .string(type)),
            ]
            if let axis = axes[number] { members.append(.init("batchAxis", .number(Double(axis)))) }
            return .object(members)
          })),
      .init(
        "results",
        .array(
          zip(results, areStates ? inputs.prefix(states).map(\.name) + resultNames.dropFirst(states) : resultNames).map
          { result, name in
            .object([
              .init("name", .string(name)), .init("shape", list(nodes[result].shape)),
              .init("type", .string(nodes[result].scalarType == .float ? "float32" : "float64")),
            ])
          })),
    ])
  }
}

/// Runs a bundle by JAX's public names.
private let bundleRunner = #"""
  """Runs a program that TapeGrad wrote: python run.py FOLDER --steps 100 --devices 4. Needs jax and safetensors.

  On several hosts, on each: python run.py FOLDER --hosts 2 --host 0 --coordinator ADDRESS:PORT
  """
  import argparse, dataclasses, json, pathlib
  import jax
  from safetensors.numpy import load_file, save_file

  parser = argparse.ArgumentParser()
  parser.add_argument("folder", type=pathlib.Path)
  parser.add_argument("--coordinator", default="localhost:8476")
  for name, count in ("steps", 1), ("devices", None), ("hosts", 1), ("host", 0):
      parser.add_argument(f"--{name}", type=int, default=count)
  options = parser.parse_args()
  meta = json.loads((options.folder / "meta.json").read_text())
  jax.config.update("jax_enable_x64", True)
  if jax.config.jax_platforms == "cpu" and options.devices:
      jax.config.update("jax_num_cpu_devices", options.devices)
  if options.hosts > 1:
      jax.distributed.initialize(options.coordinator, options.hosts, options.host)
  from jax import export, sharding
  from jax.extend import mlir

  specs, outputs = ([jax.ShapeDtypeStruct(x["shape"], x["type"]) for x in meta[k]] for k in ("arguments", "results"))
  template = export.export(jax.jit(lambda *x: [jax.numpy.zeros(y.shape, y.dtype) for y in outputs], keep_unused=True))
  artifact = mlir.serialize_portable_artifact((options.folder / "program.mlir").read_text(), "1.0.0")
  program = dataclasses.replace(template(*specs), mlir_module_serialized=artifact)

  mesh = sharding.Mesh(jax.devices()[: options.devices and options.devices * options.hosts], "devices")
  axes = [[None] * x.get("batchAxis", 0) + ["devices"] * ("batchAxis" in x) for x in meta["arguments"]]
  layouts = [sharding.NamedSharding(mesh, sharding.PartitionSpec(*axis)) for axis in axes]
  everywhere = sharding.NamedSharding(mesh, sharding.PartitionSpec())
  step = jax.jit(program.call, in_shardings=layouts, out_shardings=everywhere)
  numbers = load_file(options.folder / "arguments.safetensors")
  values = [
      jax.make_array_from_callback(numbers[x["name"]].shape, layout, numbers[x["name"]].__getitem__)
      for x, layout in zip(meta["arguments"], layouts)
  ]
  for _ in range(options.steps):
      results = jax.block_until_ready(step(*values))
      values[: meta["states"]] = results[: meta["states"]]
  if options.host == 0:
      named = {x["name"]: jax.device_get(y.addressable_data(0)) for x, y in zip(meta["results"], results)}
      save_file(named, options.folder / "results.safetensors")
  """#
