import CTapeGradEngines
import TapeGradCore
import Testing

@testable import TapeGradEngines

/// What is not a plugin, and plugins of other versions than the declared one: a table of functions in the test's own memory.
@Suite(.serialized)
struct PJRTTableTests {
  @Test("a file that is missing")
  func missing() {
    let error = #expect(throws: EngineError.self) { try PJRTPlugin(path: "no/such/plugin.so") }
    #expect(error?.action == "load" && error?.version == nil)
    #expect(error?.message.contains("no/such/plugin.so") == true)
  }

  @Test("a library that is not a plugin")
  func otherLibrary() {
    #if canImport(Darwin)
      let path = "/usr/lib/libSystem.dylib"
    #else
      let path = "libm.so.6"
    #endif
    let error = #expect(throws: EngineError.self) { try PJRTPlugin(path: path) }
    #expect(error == EngineError(path, "load", "no PJRT plugin: the library has no function GetPjrtApi"))
  }

  @Test("a plugin of another major version")
  func otherMajor() {
    let error = #expect(throws: EngineError.self) { try PJRTTable(FakeTable(major: 1).memory, path: "fake") }
    #expect(error?.version == PJRTVersion(major: 1, minor: 200))
    #expect(error?.description.contains("PJRT 1.200 in the plugin, 0.81 here") == true)
  }

  @Test("a structure gets the size that the plugin insists on, and only then")
  func sizes() throws {
    let table = try PJRTTable(FakeTable(major: 0).memory, path: "fake")
    FakeTable.calls.withLock { $0 = [] }
    for _ in 0..<2 { _ = try table.call(PJRT_Event_Await, PJRT_Event_Await_Args(), to: "wait") }
    #expect(FakeTable.calls.withLock { $0 } == [24, 40, 40])
  }

  @Test("a function that the plugin does not have yet, or fails")
  func missingFunction() throws {
    let table = try PJRTTable(FakeTable(major: 0).memory, path: "fake")
    let error = #expect(throws: EngineError.self) {
      try table.call(PJRT_Buffer_ToHostBuffer, PJRT_Buffer_ToHostBuffer_Args(), to: "copy")
    }
    #expect(error?.message.contains("9 functions") == true)
    let failure = #expect(throws: EngineError.self) {
      try table.call(PJRT_Event_Destroy, PJRT_Event_Destroy_Args(), to: "end")
    }
    #expect(failure == EngineError("fake", "end", "it failed", PJRTVersion(major: 0, minor: 200)))
  }
}

/// A table of nine functions, of version 0.200 or another major one, which stays in memory. The function that waits wants 40
/// bytes, and the one that destroys events fails.
private struct FakeTable {
  static let calls = Lock<[Int]>([])
  let memory: UnsafeRawPointer

  init(major: Int32) {
    typealias Words = @convention(c) (UnsafeMutableRawPointer?) -> OpaquePointer?
    typealias Silent = @convention(c) (UnsafeMutableRawPointer?) -> Void
    let size = MemoryLayout<PJRT_Api_Header>.size,
      memory = UnsafeMutableRawPointer.allocate(byteCount: 512, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 512)
    var header = PJRT_Api_Header()
    header.struct_size = size + 9 * 8
    (header.pjrt_api_version.major_version, header.pjrt_api_version.minor_version) = (major, 200)
    memory.storeBytes(of: header, as: PJRT_Api_Header.self)
    func set<Function>(_ position: Int, _ function: Function) {
      memory.storeBytes(of: function, toByteOffset: size + 8 * position, as: Function.self)
    }
    set(PJRT_Plugin_Initialize, { _ in nil } as Words)
    set(PJRT_Error_Destroy, { _ in } as Silent)
    set(
      PJRT_Error_Message,
      { arguments in
        guard let arguments else { return }
        var message = arguments.load(as: PJRT_Error_Message_Args.self)
        // An error is its text.
        let text = UnsafePointer<CChar>(message.error)
        (message.message, message.message_size) = (text, text.map { String(cString: $0).utf8.count } ?? 0)
        arguments.storeBytes(of: message, as: PJRT_Error_Message_Args.self)
      } as Silent)
    set(PJRT_Event_Destroy, { _ in FakeTable.error("it failed") } as Words)
    set(
      PJRT_Event_Await,
      { arguments in
        let size = arguments?.load(as: Int.self) ?? 0
        FakeTable.calls.withLock { $0.append(size) }
        if size == 40 { return nil }
        return FakeTable.error("Unexpected PJRT_Event_Await_Args size: expected 40, got \(size). Check versions.")
      } as Words)
    self.memory = UnsafeRawPointer(memory)
  }

  private static func error(_ text: String) -> OpaquePointer? {
    let source = text.utf8CString, bytes = UnsafeMutablePointer<CChar>.allocate(capacity: source.count)
    for (place, byte) in source.enumerated() { bytes[place] = byte }
    return OpaquePointer(bytes)
  }
}
