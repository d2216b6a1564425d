import Dispatch
import Foundation
import Synchronization
import Testing

@testable import TapeGradCore

struct CallSiteTests {
  private let a = Tensor([1.0, 2, 3]), b = Tensor([1.0, 2])

  @Test("an error names the line of the user's innermost call")
  func lines() {
    let cases: [(tensor: Tensor<Double>, line: Int)] = [
      (a + b, #line),
      (matmul(a, b), #line),
      (helper(a).tensor, helper(a).line),
      ([a, a].reduce(b) { $0 * $1 }, #line),
      ([a].map(failing)[0], failingLine),
      (a.own.tensor, a.own.line),
      (a.reshaped(to: [7]), #line),
      (checkpoint(a) { $0 + Tensor([1, 2]) }, #line),
    ]
    for (tensor, line) in cases {
      #expect(failure { try tensor.validated() }?.callSite == "CallSiteTests.swift:\(line)")
    }
    let line = #line + 1
    let error = failure { try gradient(at: a) { x in (x + b).sum() } }
    #expect(error?.callSite == "CallSiteTests.swift:\(line)")
  }

  @Test(
    "a line in a file without an ending counts, as in a cell of a notebook; lines of C, macros and the compiler do not")
  func writtenLines() {
    #sourceLocation(file:"In[7]",line:3)
    let failed = a + b
    #sourceLocation()
    #expect(failure { try failed.validated() }?.callSite == "In[7]:3")
    let paths = ["/a.b/In[7]", "Model.swift", "call.c", "<compiler-generated>", "@__swiftmacro_5Model1_.swift"]
    #expect(paths.map { SourceLine(path: $0, line: 1).isWritten } == [true, true, false, false, false])
  }

  private func helper(_ x: Tensor<Double>) -> (tensor: Tensor<Double>, line: Int) { (x - b, #line) }

  @Test("an error names its line in tasks and on other threads")
  func tasks() async {
    let (a, b) = (a, b)
    let (tensor, line) = await Task.detached {
      await Task.yield()
      return (a + b, #line)
    }.value
    #expect(failure { try tensor.validated() }?.callSite == "CallSiteTests.swift:\(line)")
    let found = Lock<[String?]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let error = failure { try (a + b).validated() }
      found.withLock { $0.append(error?.callSite) }
    }
    #expect(found.withLock { $0 } == [String?](repeating: "CallSiteTests.swift:\(#line - 3)", count: 4))
  }

  @Test("ten threads find their lines while others load libraries and map files")
  func concurrent() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "call-sites-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let isDone = Atomic(false), wrong = Atomic(0), mappings = Atomic(0)
    let group = DispatchGroup()
    for thread in 0..<4 {
      group.enter()
      Thread {
        defer { group.leave() }
        while !isDone.load(ordering: .relaxed) {
          if thread < 2 {
            Self.loadLibraries()
          } else if Self.mapFile(folder.path + "/\(thread)") {
            mappings.add(1, ordering: .relaxed)
          }
        }
      }.start()
    }
    DispatchQueue.concurrentPerform(iterations: 10) { _ in
      for i in 0..<40 {
        let tensor = a + b, line = #line
        let isRight = i % 10 > 0 || failure { try tensor.validated() }?.callSite == "CallSiteTests.swift:\(line)"
        if !isRight { wrong.add(1, ordering: .relaxed) }
      }
    }
    isDone.store(true, ordering: .relaxed)
    group.wait()
    #expect(wrong.load(ordering: .relaxed) == 0 && mappings.load(ordering: .relaxed) > 0)
  }

  private static func loadLibraries() {
    for name in ["libanl.so.1", "libthread_db.so.1", "libBrokenLocale.so.1", "libnss_dns.so.2"] {
      if let library = dlopen(name, RTLD_NOW) { dlclose(library) }
    }
  }

  /// Maps a file, shortens it, and unmaps it; false where the system does not let it.
  private static func mapFile(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CREAT, 0o600), size = 1 << 16
    guard descriptor >= 0, ftruncate(descriptor, size) == 0 else { return false }
    let memory = mmap(nil, size, PROT_READ | PROT_EXEC, MAP_SHARED, descriptor, 0)
    _ = ftruncate(descriptor, 0)
    let isMapped = memory != MAP_FAILED
    if isMapped, let memory { munmap(memory, size) }
    close(descriptor)
    unlink(path)
    return isMapped
  }
}

private let failingLine = #line + 1
private func failing(_ x: Tensor<Double>) -> Tensor<Double> { x.reshaped(to: [7]) }

extension Tensor<Double> {
  /// A failed tensor from an extension of the user's, and its line.
  fileprivate var own: (tensor: Tensor, line: Int) { (self + Tensor([1, 2]), #line) }
}
