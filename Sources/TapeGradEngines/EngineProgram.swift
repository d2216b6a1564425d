public import TapeGradCore
import TapeGradFormats

// One call of a program on a device. Of step(w.donated, x, y), with w of four tensors:
//
//   key        6 buffers, their shapes; 0, 1, 2 and 3 are donated
//   entry      compiled for such a key before? Else: traced for these shapes, written as StableHLO, compiled
//   run        6 buffers in, 5 out: the new w, in the memory of the old one, and the loss

extension Program {
  /// The program, to be run by a plugin on its device.
  /// ```swift
  /// let step = train.on(plugin)
  /// var (w, x, y) = try (plugin.place(network), plugin.place(x), plugin.place(y))
  /// for _ in 0..<1000 { (w, loss) = try step(w.donated, x, y) }
  /// network = try w.fetched()
  /// ```
  /// Keep what this returns: it holds what was compiled.
  public func on(_ plugin: PJRTPlugin) -> EngineProgram<Output, repeat each Input> { EngineProgram(self, plugin) }
}

/// A program that a plugin compiles and runs on its device. It is called like the program: with groups of tensors, which are
/// copied there and back; or with groups that are there, and then the results stay there too.
///
/// The first call with arguments of new shapes (or of another configuration, or donated otherwise) compiles it, which takes
/// tenths of a second; what the latest calls compiled is kept. Results are not those of the program bit by bit: an engine adds
/// in another order and has functions of its own.
public struct EngineProgram<Output: Sendable, each Input: TensorGroup>: Sendable {
  private let program: Program<Output, repeat each Input>
  private let plugin: PJRTPlugin
  private let cache = ExecutableCache<Output>()

  init(_ program: Program<Output, repeat each Input>, _ plugin: PJRTPlugin) {
    (self.program, self.plugin) = (program, plugin)
  }

  /// The results for these arguments, copied to the device and back.
  ///
  /// - Throws: ``EngineError`` with the engine's words; `ExportError` where the program has a primitive that no engine knows; and
  ///   what a call of the program throws while it traces the function.
  public func callAsFunction(_ input: repeat each Input) throws -> Output {
    let (entry, results) = try run(repeat plugin.place(each input))
    return try entry.outline.results(from: results.map { buffer throws(EngineError) in try buffer.array() })
  }

  /// The result for arguments on the device, where it stays.
  ///
  /// - Throws: as with groups of tensors; and ``EngineError`` where an argument was donated before, or is another plugin's.
  public func callAsFunction(_ input: repeat OnDevice<each Input>) throws -> OnDevice<Output>
  where Output: TensorGroup {
    let (entry, buffers) = try run(repeat each input), outline = entry.outline
    return OnDevice(buffers, outline.template) { outline.results(from: $0) }
  }

  /// The results for arguments on the device, where they stay.
  ///
  /// - Throws: as with groups of tensors; and ``EngineError`` where an argument was donated before, or is another plugin's.
  public func callAsFunction<each Result: TensorGroup>(
    _ input: repeat OnDevice<each Input>
  ) throws -> (repeat OnDevice<each Result>) where Output == (repeat each Result) {
    let (entry, buffers) = try run(repeat each input), outlines: (repeat each Result) = entry.outline.template
    // The results' buffers stand in one row; each result takes as many as it has tensors.
    var rest = buffers[...]
    return (repeat (each outlines).on(&rest))
  }

  private func run(
    _ input: repeat OnDevice<each Input>
  ) throws -> (entry: ExecutableEntry<Output>, results: [DeviceBuffer]) {
    var key = ExecutableKey(), outlines: [any Sendable] = []
    for argument in repeat each input {
      key.append(argument)
      outlines.append(argument.outline)
    }
    if let stranger = key.buffers.first(where: { $0.plugin !== plugin }) {
      throw EngineError(plugin.path, "run", "an argument is on the device of \(stranger.plugin.path)", plugin.version)
    }
    let entry = try cache.entry(for: key) {
      let outline = try program.outline(for: repeat (each input).outline)
      return ExecutableEntry(
        key, outlines, outline, try Executable(outline.graph.stableHLO(donating: key.donated), on: plugin))
    }
    return (entry, try entry.executable(key.buffers, results: entry.types))
  }
}

extension TensorGroup {
  /// The group, without numbers here, on the device in the next buffers.
  fileprivate func on(_ buffers: inout ArraySlice<DeviceBuffer>) -> OnDevice<Self> {
    let own = Array(buffers.prefix(tensors.count))
    buffers = buffers.dropFirst(own.count)
    return OnDevice(own, self) { filled(with: $0) }
  }
}
