import CTapeGradEngines
import TapeGradCore

// How a function of a plugin is called. Arguments and results are one structure that begins with its size:
//
//   here       {size 88, …}                      a caller of version 0.81
//   plugin     "expected 96, got 88"             a newer one that insists on its own size
//   here       {size 96, …, 8 bytes of zeros}    what is not known here is not asked for; the size is kept
//
// So each structure is passed in memory with room behind it.

/// The functions of a loaded plugin.
final class PJRTTable: Sendable {
  let path: String
  let version: PJRTVersion
  /// The functions, each one word; never written.
  private nonisolated(unsafe) let functions: UnsafeRawPointer
  private let functionCount: Int
  /// The sizes of structures that the plugin wants otherwise than they are declared.
  private let sizes = Lock<[ObjectIdentifier: Int]>([:])
  /// The tables of plugins that were initialized, which is done once however many clients there are.
  private static let initialized = Lock<Set<Int>>([])

  /// The room for a structure.
  private static let room = 512

  /// - Throws: `EngineError` where the library is not a plugin, or one of another major version.
  convenience init(path: String) throws(EngineError) {
    typealias Entry = @convention(c) () -> UnsafeRawPointer?
    let entry = unsafeBitCast(try loadedFunction("GetPjrtApi", of: path), to: Entry.self)
    guard let table = entry() else { throw EngineError(path, "load", "GetPjrtApi returned nothing") }
    try self.init(table, path: path)
  }

  /// The functions of a plugin's table, which stays where it is.
  init(_ table: UnsafeRawPointer, path: String) throws(EngineError) {
    let header = table.load(as: PJRT_Api_Header.self), headerSize = MemoryLayout<PJRT_Api_Header>.size
    version = PJRTVersion(
      major: Int(header.pjrt_api_version.major_version), minor: Int(header.pjrt_api_version.minor_version))
    self.path = path
    functions = table + headerSize
    // An older plugin has a shorter table: a function behind its end is one that it does not have.
    functionCount = (header.struct_size - headerSize) / MemoryLayout<PJRT_Function>.size
    guard version.major == PJRTVersion.declared.major else {
      throw EngineError(path, "load", "another major version of PJRT", version)
    }
    if Self.initialized.withLock({ $0.insert(Int(bitPattern: table)).inserted }) {
      _ = try call(PJRT_Plugin_Initialize, PJRT_Plugin_Initialize_Args(), to: "initialize")
    }
  }

  /// Calls the function at this position, and returns its structure with the results.
  ///
  /// - Parameter nested: a structure that the arguments point to, made by ``padded(_:)``.
  /// - Throws: `EngineError` with the plugin's words.
  func call<Arguments>(
    _ position: Int, _ arguments: Arguments, to action: String, nested: PaddedStructure? = nil
  ) throws(EngineError) -> Arguments {
    guard let function = function(position, as: PJRT_Function.self) else {
      throw EngineError(path, action, "the plugin has \(functionCount) functions, and none at \(position)", version)
    }
    // Both structures may need another size, and a plugin that is content with none must not keep us for ever.
    let structure = padded(arguments)
    var attempts = 0
    while let error = function(structure.memory) {
      let message = takeMessage(of: error)
      attempts += 1
      guard attempts < 4, [structure, nested].contains(where: { $0.map { resize($0, asSaidIn: message) } ?? false })
      else {
        throw EngineError(path, action, message, version)
      }
    }
    return structure.memory.load(as: Arguments.self)
  }

  /// Waits until what the plugin does is done; an event that is nil is over.
  func wait(for event: OpaquePointer?, to action: String) throws(EngineError) {
    guard let event else { return }
    var arguments = PJRT_Event_Await_Args(), end = PJRT_Event_Destroy_Args()
    (arguments.event, end.event) = (event, event)
    defer { _ = try? call(PJRT_Event_Destroy, end, to: action) }
    _ = try call(PJRT_Event_Await, arguments, to: action)
  }

  /// A structure as the plugin wants it.
  func padded<Structure>(_ structure: Structure) -> PaddedStructure {
    let known = sizes.withLock { $0.isEmpty ? nil : $0[ObjectIdentifier(Structure.self)] }
    return PaddedStructure(structure, size: known ?? MemoryLayout<Structure>.size, room: Self.room)
  }

  /// Gives a structure the size that the plugin asks for, if it asks for one: `Unexpected PJRT_ExecuteOptions size: expected
  /// 120, got 112`.
  private func resize(_ structure: PaddedStructure, asSaidIn message: String) -> Bool {
    guard let match = message.firstMatch(of: /(PJRT_\w+) size: expected (\d+)/), match.1 == "\(structure.type)",
      let size = Int(match.2), size != structure.size, 0...Self.room ~= size
    else { return false }
    structure.size = size
    sizes.withLock { $0[ObjectIdentifier(structure.type)] = size }
    return true
  }

  private func function<Function>(_ position: Int, as _: Function.Type) -> Function? {
    guard position < functionCount else { return nil }
    return functions.load(fromByteOffset: position * MemoryLayout<Function>.size, as: Function?.self)
  }

  /// What an error says; the error is gone afterwards.
  private func takeMessage(of error: OpaquePointer) -> String {
    guard let message = function(PJRT_Error_Message, as: PJRT_Error_Function.self),
      let destroy = function(PJRT_Error_Destroy, as: PJRT_Error_Function.self)
    else { return "an error without words" }
    var arguments = PJRT_Error_Message_Args(), end = PJRT_Error_Destroy_Args()
    (arguments.struct_size, arguments.error) = (MemoryLayout.size(ofValue: arguments), error)
    (end.struct_size, end.error) = (MemoryLayout.size(ofValue: end), error)
    message(&arguments)
    let text = String(
      decoding: UnsafeRawBufferPointer(start: arguments.message, count: arguments.message_size), as: UTF8.self)
    destroy(&end)
    return text
  }
}

/// A structure in memory with zeros behind it, its size in front.
final class PaddedStructure {
  let memory: UnsafeMutableRawPointer
  let type: Any.Type

  init<Structure>(_ structure: Structure, size: Int, room: Int) {
    memory = .allocate(byteCount: room, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: room)
    memory.storeBytes(of: structure, as: Structure.self)
    type = Structure.self
    self.size = size
  }

  deinit { memory.deallocate() }

  /// What the structure says its size is.
  var size: Int {
    get { memory.load(as: Int.self) }
    set { memory.storeBytes(of: newValue, as: Int.self) }
  }
}
