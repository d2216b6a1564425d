@testable import TapeGradCore

/// The error that `body` throws.
func failure(_ body: () throws -> Any) -> TensorError? {
  do {
    _ = try body()
    return nil
  } catch { return error as? TensorError }
}
