import CTapeGradEngines
import TapeGradCore

// How numbers go to a device and come back:
//
//   place      the plugin reads our memory while BufferFromHostBuffer runs, and copies it: a buffer there
//   execute    takes buffers and gives buffers; nothing is copied here
//   fetch      ToHostBuffer begins a copy, row-major, into memory of ours, and an event says when it is there

/// An array in a device's memory, which it leaves with the last reference.
final class DeviceBuffer: Sendable {
  let plugin: PJRTPlugin
  let shape: Shape
  let scalarType: ScalarType
  // The plugin's functions may be called from any thread.
  nonisolated(unsafe) let pointer: OpaquePointer

  init(_ pointer: OpaquePointer, _ shape: Shape, _ scalarType: ScalarType, on plugin: PJRTPlugin) {
    (self.pointer, self.shape, self.scalarType, self.plugin) = (pointer, shape, scalarType, plugin)
  }

  /// Copies an array to the device.
  convenience init(_ array: ArrayStorage, on plugin: PJRTPlugin) throws(EngineError) {
    let lengths = array.shape.dimensions.map(Int64.init), action = "copy to the device"
    var arguments = PJRT_Client_BufferFromHostBuffer_Args()
    (arguments.client, arguments.device) = (plugin.client, plugin.device)
    arguments.data = UnsafeRawPointer(array.bytes)
    arguments.type = Int32(array.scalarType == .float ? PJRT_Buffer_Type_F32 : PJRT_Buffer_Type_F64)
    arguments.host_buffer_semantics = Int32(PJRT_HostBufferSemantics_kImmutableOnlyDuringCall)
    arguments.num_dims = lengths.count
    let filled = Result { () throws(EngineError) in
      try lengths.withUnsafeBufferPointer { lengths throws(EngineError) in
        arguments.dims = lengths.baseAddress
        return try plugin.table.call(PJRT_Client_BufferFromHostBuffer, arguments, to: action)
      }
    }
    arguments = try filled.get()
    guard let buffer = arguments.buffer else {
      throw EngineError(plugin.path, action, "no buffer came back", plugin.version)
    }
    self.init(buffer, array.shape, array.scalarType, on: plugin)
    // From here on the array's memory is ours again.
    try plugin.table.wait(for: arguments.done_with_host_buffer, to: action)
  }

  deinit {
    var arguments = PJRT_Buffer_Destroy_Args()
    arguments.buffer = pointer
    _ = try? plugin.table.call(PJRT_Buffer_Destroy, arguments, to: "end")
  }

  /// Copies the array from the device.
  ///
  /// - Throws: `EngineError` where it was donated, or where its computation failed.
  func array() throws(EngineError) -> ArrayStorage {
    let array = ArrayStorage(shape: shape, scalarType: scalarType), action = "copy from the device"
    // Row-major, whatever the device prefers.
    let order = (0..<shape.rank).reversed().map(Int64.init), table = plugin.table
    let result = order.withUnsafeBufferPointer { order in
      var layout = PJRT_Buffer_MemoryLayout(), arguments = PJRT_Buffer_ToHostBuffer_Args()
      layout.tiled.struct_size = MemoryLayout.size(ofValue: layout.tiled)
      (layout.tiled.minor_to_major, layout.tiled.minor_to_major_size) = (order.baseAddress, order.count)
      let nested = table.padded(layout)
      arguments.host_layout = nested.memory.assumingMemoryBound(to: PJRT_Buffer_MemoryLayout.self)
      (arguments.src, arguments.dst, arguments.dst_size) = (pointer, array.bytes, array.byteCount)
      return Result { () throws(EngineError) in
        let done = try table.call(PJRT_Buffer_ToHostBuffer, arguments, to: action, nested: nested)
        try table.wait(for: done.event, to: action)
      }
    }
    try result.get()
    return array
  }
}
