#if MPI
  internal import CMPI

  /// What went wrong with MPI.
  public enum MPIError: Error, Hashable, Sendable {
    /// A call failed, with MPI's code and its text.
    case failed(call: String, code: Int, text: String)
    /// MPI was begun without leave to call it from whichever thread the program runs on.
    case noThreads
    /// MPI has not begun or has ended in this process: it can only begin once.
    case notRunning

    /// Throws where a call gave an error code.
    static func check(_ code: Int32, _ call: String) throws(MPIError) {
      if code == 0 { return }
      var text = [UInt8](repeating: 0, count: Int(cmpi_text_length) + 1)
      text.withUnsafeMutableBytes { _ = cmpi_text(code, $0.assumingMemoryBound(to: CChar.self).baseAddress) }
      throw .failed(call: call, code: Int(code), text: String(decoding: text.prefix { $0 != 0 }, as: UTF8.self))
    }
  }

  extension MPIError: CustomStringConvertible {
    /// `MPI_Bcast failed with code 15: MPI_ERR_TRUNCATE: message truncated`.
    public var description: String {
      switch self {
      case .failed(let call, let code, let text): "\(call) failed with code \(code): \(text)"
      case .noThreads: "MPI gives no leave to call it from threads other than the first (MPI_THREAD_SERIALIZED)"
      case .notRunning: "MPI does not run in this process: it has not begun, or has ended and cannot begin again"
      }
    }
  }
#endif
