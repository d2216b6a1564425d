import CTapeGradEngines
import TapeGradCore

/// A program that a plugin has compiled.
final class Executable: Sendable {
  private let plugin: PJRTPlugin
  // The plugin's functions may be called from any thread.
  private nonisolated(unsafe) let pointer: OpaquePointer

  /// Compiles text in StableHLO, for one device.
  ///
  /// - Throws: `EngineError` with what the compiler says.
  init(_ text: String, on plugin: PJRTPlugin) throws(EngineError) {
    // The message CompileOptionsProto: in field 3, executable_build_options, one replica (4) and one partition (5).
    let options: [UInt8] = [0x1A, 0x04, 0x20, 0x01, 0x28, 0x01]
    var text = Array(text.utf8.map(CChar.init(bitPattern:))), arguments = PJRT_Client_Compile_Args()
    let format = "mlir".utf8.map(CChar.init(bitPattern:)), table = plugin.table, action = "compile"
    let result = text.withUnsafeMutableBufferPointer { text in
      format.withUnsafeBufferPointer { format in
        options.withUnsafeBytes { options in
          var program = PJRT_Program()
          (program.code, program.code_size) = (text.baseAddress, text.count)
          (program.format, program.format_size) = (format.baseAddress, format.count)
          let nested = table.padded(program)
          arguments.client = plugin.client
          arguments.program = UnsafePointer(nested.memory.assumingMemoryBound(to: PJRT_Program.self))
          arguments.compile_options = options.baseAddress?.assumingMemoryBound(to: CChar.self)
          arguments.compile_options_size = options.count
          return Result { () throws(EngineError) in
            try table.call(PJRT_Client_Compile, arguments, to: action, nested: nested)
          }
        }
      }
    }
    guard let pointer = try result.get().executable else {
      throw EngineError(plugin.path, action, "no program came back", plugin.version)
    }
    (self.plugin, self.pointer) = (plugin, pointer)
  }

  deinit {
    var arguments = PJRT_LoadedExecutable_Destroy_Args()
    arguments.executable = pointer
    _ = try? plugin.table.call(PJRT_LoadedExecutable_Destroy, arguments, to: "end")
  }

  /// Runs the program, and waits for it.
  ///
  /// - Parameter results: the results' shapes and types.
  func callAsFunction(
    _ arguments: [DeviceBuffer], results types: [(shape: Shape, scalarType: ScalarType)]
  ) throws(EngineError) -> [DeviceBuffer] {
    let pointers = arguments.map { Optional($0.pointer) }, table = plugin.table, action = "run"
    var results = [OpaquePointer?](repeating: nil, count: types.count), event: OpaquePointer?
    // The interface takes lists of arguments for each device, and we have one device: a list of one list.
    let options = table.padded(PJRT_ExecuteOptions())
    let call = pointers.withUnsafeBufferPointer { pointers in
      results.withUnsafeMutableBufferPointer { results in
        withUnsafeMutablePointer(to: &event) { event in
          var arguments = PJRT_LoadedExecutable_Execute_Args()
          var inputs = pointers.baseAddress, outputs = results.baseAddress
          arguments.executable = pointer
          arguments.options = options.memory.assumingMemoryBound(to: PJRT_ExecuteOptions.self)
          (arguments.num_devices, arguments.num_args) = (1, pointers.count)
          arguments.device_complete_events = event
          return withUnsafePointer(to: &inputs) { inputs in
            withUnsafePointer(to: &outputs) { outputs in
              (arguments.argument_lists, arguments.output_lists) = (inputs, outputs)
              return Result { () throws(EngineError) in
                try table.call(PJRT_LoadedExecutable_Execute, arguments, to: action, nested: options)
              }
            }
          }
        }
      }
    }
    _ = try call.get()
    // The buffers exist already; what is in them is computed until the event.
    let buffers = zip(results, types).compactMap { pointer, type in
      pointer.map { DeviceBuffer($0, type.shape, type.scalarType, on: plugin) }
    }
    // What the arguments hold must stay until then.
    try withExtendedLifetime(arguments) { () throws(EngineError) in try table.wait(for: event, to: action) }
    guard buffers.count == types.count else {
      throw EngineError(plugin.path, action, "\(buffers.count) of \(types.count) results came back", plugin.version)
    }
    return buffers
  }
}
