import Foundation

/// A value that a notebook shows in more ways than as text.
public protocol NotebookDisplayable {
  /// What is shown, by media type. Without `text/plain`, the value's description is added.
  var mediaTypes: [String: String] { get }
}

/// Something shown, which can be shown anew in its place.
public struct Display {
  fileprivate let id: String

  /// Shows another value in the place of what was there: a curve that grows.
  public func update(_ value: some Any) { send(value, ["update": id]) }
}

/// Shows a value, anywhere in a cell.
@discardableResult public func display(_ value: some Any) -> Display {
  let display = Display(id: UUID().uuidString)
  send(value, ["display": display.id])
  return display
}

/// Shows the value of a cell's last expression: the kernel writes this call.
public func __show<Value>(_ value: Value) {
  if Value.self != Void.self, Value.self != Never.self { send(value, ["result": ""]) }
}

private func send(_ value: some Any, _ message: [String: String]) {
  var data = (value as? any NotebookDisplayable)?.mediaTypes ?? [:]
  if data["text/plain"] == nil {
    data["text/plain"] = value is String ? String(reflecting: value) : String(describing: value)
  }
  send(message.merging(data) { message, _ in message })
}

/// Messages to the kernel travel in standard output, each between two RS characters, and so keep their place among what a
/// cell prints.
private func send(_ message: [String: String]) {
  guard let json = try? JSONEncoder().encode(message) else { return }
  print("\u{1E}" + String(decoding: json, as: UTF8.self) + "\u{1E}", terminator: "")
  fflush(nil)
}

/// Sends an error that reached the top level of a cell. `CellRun.c` calls it with the reference that holds the error.
@_cdecl("notebook_report")
public func __report(_ error: UnsafeRawPointer) {
  let error = unsafeBitCast(error, to: (any Error).self)
  send(["error": "\(error)", "type": "\(type(of: error))"])
}
