// A table may be read twice (see `CSVTable+Reading`), after a look at its beginning. A regular file allows that:
// `pread` reads at an offset, as often as needed. A pipe gives each byte only once, so `cat data.csv | program -`
// is read into memory first. The same holds for a file on standard input of which a part was read already.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file or a text, read in pieces and more than once.
///
/// A regular file is read in pieces, so that a large one need not fit into memory beside what is made of it. (It is not
/// mapped: a file that is cut meanwhile would end the process.) What cannot be read twice, a pipe or a device, is read
/// whole, up to a limit.
final class ByteSource {
  /// What messages call the source.
  let name: String
  private let descriptor: Int32
  private let memory: [UInt8]
  /// How many bytes there are. A file may have grown or shrunk since.
  let count: Int

  /// A file; `-` is standard input.
  init(path: String, limit: Int) throws(FileError) {
    name = path == "-" ? "standard input" : path
    // Closed in a child process that another thread may start meanwhile.
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(lastAt: name, "cannot be read") }
    var status = stat()
    // A regular file from its first byte on is read where and when it is asked for; all else now.
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, lseek(descriptor, 0, SEEK_CUR) == 0 {
      self.descriptor = descriptor
      memory = []
      count = Int(status.st_size)
    } else {
      self.descriptor = -1
      defer { close(descriptor) }
      memory = try readAll(descriptor, path: name, limit: limit)
      count = memory.count
    }
  }

  /// Bytes in memory.
  init(_ bytes: [UInt8], name: String) {
    self.name = name
    descriptor = -1
    memory = bytes
    count = bytes.count
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Reads bytes from `offset` on into `buffer`: as many as fit, or as there are.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    guard descriptor >= 0 else {
      let count = min(buffer.count, memory.count - offset)
      memory.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
      return count
    }
    var filled = 0
    while filled < buffer.count {
      let count = pread(
        descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
      // The file ends here: it may have been cut since it was opened.
      if count == 0 { break }
      if count > 0 {
        filled += count
      } else if errno != EINTR {
        throw FileError(lastAt: name, "cannot be read")
      }
    }
    return filled
  }
}

extension ByteSource {
  /// What begins a text in UTF-8 that says so.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Whether a byte-order mark stands in front.
  func hasByteOrderMark() throws(FileError) -> Bool {
    var front: [UInt8] = [0, 0, 0]
    var failure: FileError?
    let count = front.withUnsafeMutableBytes { buffer in
      do throws(FileError) { return try read(at: 0, into: buffer) } catch { failure = error; return 0 }
    }
    if let failure { throw failure }
    return count == 3 && front == Self.byteOrderMark
  }
}
