import TapeGradAudit
import TapeGradCore
import TapeGradFormats

/// An audit as a page for a browser: one file that needs no network, to be read like an article or stepped through.
///
/// It has the verdict, the computation as layers, each step forward and backward with its equation, its numbers as a color
/// map, where its cotangent comes from and where it goes; both routes past a sigmoid and its cross-entropy; where 1/m goes;
/// the gradients three ways; what a planted slip does; the derivation and the tape. Without a script, or printed, all of it
/// is there to read. Each named quantity has its line in the source, the one that gave it its name; of a tape made with
/// `Tape(recordsCallSites: true)`, every quantity has the line of its operation.
///
/// ```swift
/// try tape.audit(J).page().write(to: "audit.html")
/// ```
public struct AuditPage: Sendable {
  /// What the page is called.
  public var title: String
  /// What there is to know about the computation, under headings such as `data` and `network`.
  public var facts: [(name: String, text: String)] = []
  /// The shapes in the notation of those who read it, such as `(n_1, m)`, under the names of their nodes.
  public var dimensions: [(name: String, shape: Shape, notation: String)] = []
  /// The loss of each epoch, where a training came before.
  public var losses: [Double] = []
  /// The verdict in a sentence; what the audit says, unless it is given.
  public var conclusion: String
  /// How many slips are planted, each in an audit of its own.
  public var plantLimit = 12

  let content: Content

  /// What there is to show.
  enum Content: Sendable {
    case audit(Audit)
    case failure(TensorError, Snapshot)
  }

  init(_ content: Content) {
    self.content = content
    switch content {
    case .audit(let audit):
      title = "∂\(audit.result), three ways"
      conclusion = audit.conclusion
    case .failure(let error, _):
      title = "A computation that failed"
      conclusion = "\(error)"
    }
  }

  /// The page.
  public var html: String { PageDocument(self).html }

  /// Writes the page to a file, whole or not at all.
  ///
  /// - Throws: `FileError` where the system gives a reason against it; an old file is then as it was.
  public func write(to path: String) throws(FileError) { try writeFile(path, [Array(html.utf8)]) }
}

extension Audit {
  /// The audit as a page for a browser.
  public func page() -> AuditPage { AuditPage(.audit(self)) }
}

extension Tape {
  /// The gradients of a result as a page for a browser, as `Audit` checks them. Where an operation failed,
  /// the page has the computation as far as it got, and what failed.
  ///
  /// - Throws: `TensorError` where the result is not recorded on the tape, or more than one number.
  public func page<S>(of result: Tensor<S>, limit: Int = 200) throws -> AuditPage {
    do { try result.validated() } catch { return AuditPage(.failure(error, Snapshot(unfinished: self))) }
    return try audit(result, limit: limit).page()
  }
}
