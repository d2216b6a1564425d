// The C library and not Foundation: loading Foundation would triple the time in which a program starts, and its Data
// reads neither pipes nor devices.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much is read of a pipe or a device, which need not end: 1 GiB. Of a table that may be four times as much in numbers,
/// where each is a digit and a delimiter.
package let endlessLimit = 1 << 30

/// All bytes of a file, a pipe or a device.
///
/// - Parameter limit: How many bytes there may be.
/// - Throws: ``FileError`` where the system gives a reason against it, or where there are more bytes.
package func readFile(_ path: String, limit: Int = endlessLimit) throws(FileError) -> [UInt8] {
  // Closed in a child process that another thread may start meanwhile.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError(lastAt: path, "cannot be read") }
  defer { close(descriptor) }
  return try readAll(descriptor, path: path, limit: limit)
}

/// All bytes behind a descriptor, up to a limit.
func readAll(_ descriptor: Int32, path: String, limit: Int) throws(FileError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  // A call may be interrupted by a signal; it is then made again.
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count == 0 { return bytes }
    if count > 0 {
      bytes += chunk[..<count]
      guard bytes.count <= limit else {
        throw FileError(path: path, reason: "more than \(limit) bytes, and no end of them: reading was stopped")
      }
    } else if errno != EINTR {
      throw FileError(lastAt: path, "cannot be read")
    }
  }
}
