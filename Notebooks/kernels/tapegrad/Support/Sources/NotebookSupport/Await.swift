import Foundation

/// Runs `body` to its end while the main run loop turns: the kernel writes this call around a top-level `await`.
///
/// (The compiler's own asynchronous main program would end the process.)
public func __await<Value, Failure: Error>(
  _ body: @escaping () async throws(Failure) -> Value
) throws(Failure) -> Value {
  nonisolated(unsafe) var result: Result<Value, Failure>?
  nonisolated(unsafe) let body = body
  Task { @MainActor in
    do throws(Failure) { result = .success(try await body()) } catch { result = .failure(error) }
  }
  while true {
    if let result { return try result.get() }
    _ = RunLoop.main.run(mode: .default, before: .distantFuture)
  }
}
