import CTapeGradEngines
public import TapeGradCore

/// An engine that compiles programs and runs them on its device: XLA on the CPU, on a GPU or TPU, or whatever else comes as a
/// plugin with PJRT's C interface. It is a library that is loaded when the program runs, from wherever it is installed.
/// ```swift
/// let plugin = try PJRTPlugin(path: "xla_cpu_pjrt.so")
/// let step = train.on(plugin)
/// (network, loss) = try step(network, x, y)
/// ```
/// Programs run on its first device. Several threads may use a plugin at once.
public final class PJRTPlugin: Sendable {
  /// What the plugin calls its platform: `cpu`.
  public let platform: String
  let table: PJRTTable
  // The plugin's functions may be called from any thread; these pointers never change.
  nonisolated(unsafe) let client: OpaquePointer
  nonisolated(unsafe) let device: OpaquePointer

  /// Loads a plugin, and asks it for its devices.
  ///
  /// - Throws: ``EngineError`` where there is no such file, or no plugin in it, or where it finds no device.
  public init(path: String) throws(EngineError) {
    let table = try PJRTTable(path: path), action = "find a device"
    guard let client = try table.call(PJRT_Client_Create, PJRT_Client_Create_Args(), to: action).client else {
      throw EngineError(path, action, "there is none", table.version)
    }
    do throws(EngineError) {
      var devices = PJRT_Client_AddressableDevices_Args(), name = PJRT_Client_PlatformName_Args()
      (devices.client, name.client) = (client, client)
      devices = try table.call(PJRT_Client_AddressableDevices, devices, to: action)
      guard devices.num_addressable_devices > 0, let device = devices.addressable_devices?[0] else {
        throw EngineError(path, action, "there is none", table.version)
      }
      name = try table.call(PJRT_Client_PlatformName, name, to: action)
      platform = String(
        decoding: UnsafeRawBufferPointer(start: name.platform_name, count: name.platform_name_size), as: UTF8.self)
      (self.table, self.client, self.device) = (table, client, device)
    } catch {
      // Nobody else holds the client yet.
      Self.end(client, table)
      throw error
    }
  }

  deinit { Self.end(client, table) }

  /// The library's file.
  public var path: String { table.path }

  /// The version of PJRT's interface that the plugin has.
  public var version: PJRTVersion { table.version }

  /// Copies the numbers of a group to the device.
  ///
  /// - Throws: `TensorError` where a tensor has none; ``EngineError`` where the device has no room.
  public func place<Group: TensorGroup>(_ group: Group) throws -> OnDevice<Group> {
    var buffers: [DeviceBuffer] = []
    for (_, tensor) in group.tensors { buffers.append(try DeviceBuffer(tensor.array.storage, on: self)) }
    let outline = group.withoutNumbers
    return OnDevice(buffers, outline) { outline.filled(with: $0) }
  }

  private static func end(_ client: OpaquePointer, _ table: PJRTTable) {
    var arguments = PJRT_Client_Destroy_Args()
    arguments.client = client
    _ = try? table.call(PJRT_Client_Destroy, arguments, to: "end")
  }
}
