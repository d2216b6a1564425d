// Saving a model over an old one, step by step, and what is there if the power fails behind each step:
//
//     1. write model.safetensors.4711-123.tmp in the same folder    the old file, and a part of the new one beside it
//     2. fsync it                                                   the old file, and a whole new one beside it
//     3. rename it to model.safetensors                             the old file or the new one, whole in either case
//     4. fsync the folder                                           the new file
//
// Writing into the old file could leave neither of them. The folder must be the same because a name cannot move to
// another file system in one step.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a file so that at every moment, even if the process or the machine stops, the old file or the new one is there and
/// whole: the bytes go to a new file in the same folder, are brought to the disk, and then take the place of the old file in
/// one step.
///
/// What is there and is no regular file, a pipe or a device, is written as it is. A symbolic link stays; what it points to
/// is replaced.
///
/// - Parameter pieces: What to write, one after the other.
/// - Throws: ``FileError`` where the system gives a reason against it; the old file is then untouched.
package func writeFile(_ path: String, _ pieces: [[UInt8]]) throws(FileError) {
  var status = stat()
  let exists = stat(path, &status) == 0
  if exists, status.st_mode & S_IFMT != S_IFREG {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(lastAt: path, "cannot be written") }
    defer { close(descriptor) }
    return try write(pieces, to: descriptor, path)
  }
  let target = exists ? resolved(path) : path
  let temporary = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
  let mode = exists ? status.st_mode & 0o777 : 0o666
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw FileError(lastAt: path, "cannot be written") }
  do throws(FileError) {
    defer { close(descriptor) }
    // The mode of the old file, whatever is masked for new ones.
    if exists { fchmod(descriptor, mode) }
    try write(pieces, to: descriptor, path)
    guard fsync(descriptor) == 0, rename(temporary, target) == 0 else {
      throw FileError(lastAt: path, "cannot be written")
    }
  } catch {
    unlink(temporary)
    throw error
  }
  syncFolder(of: target)
}

/// Writes all bytes to a descriptor.
private func write(_ pieces: [[UInt8]], to descriptor: Int32, _ path: String) throws(FileError) {
  for piece in pieces {
    var written = 0
    while written < piece.count {
      let count = piece.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw FileError(lastAt: path, "cannot be written")
      }
    }
  }
}

/// The path that symbolic links lead to.
private func resolved(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

/// Brings the new name to the disk. Some file systems cannot do that to a folder: the file is whole all the same.
private func syncFolder(of path: String) {
  let folder = path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
  let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}
