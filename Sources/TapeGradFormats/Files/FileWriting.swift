#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a whole file, or leaves what was there untouched.
///
/// The bytes are written to a new file in the same folder, which then takes the place, the name and the permissions of
/// the old one. Symbolic links are followed. A pipe or a device is written to directly.
///
/// - Throws: ``FileError`` where the system gives a reason against it; nothing is left behind.
package func writeAtomically(_ bytes: [UInt8], to path: String) throws(FileError) {
  var old = stat()
  let exists = stat(path, &old) == 0
  guard !exists || old.st_mode & S_IFMT == S_IFREG else { return try writeDirectly(bytes, to: path) }
  let target = exists ? try resolvingLinks(path) : path
  let aside = target + "." + String(UInt64.random(in: 0 ... .max), radix: 36)
  let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw .last(.written, path) }
  defer { close(descriptor) }
  guard
    write(bytes, to: descriptor), !exists || fchmod(descriptor, old.st_mode & 0o7777) == 0,
    fsync(descriptor) == 0, rename(aside, target) == 0
  else {
    let error = FileError.last(.written, path)
    unlink(aside)
    throw error
  }
}

private func writeDirectly(_ bytes: [UInt8], to path: String) throws(FileError) {
  let descriptor = open(path, O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .last(.written, path) }
  defer { close(descriptor) }
  guard write(bytes, to: descriptor) else { throw .last(.written, path) }
}

/// Writes all of `bytes`, and says whether the system took them.
private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var written = 0
  while written < bytes.count {
    let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count >= 0 {
      written += count
    } else if errno != EINTR {
      return false
    }
  }
  return true
}

private func resolvingLinks(_ path: String) throws(FileError) -> String {
  guard let resolved = realpath(path, nil) else { throw .last(.written, path) }
  defer { free(resolved) }
  return String(cString: resolved)
}
