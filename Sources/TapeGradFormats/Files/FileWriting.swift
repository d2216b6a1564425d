// Saving a model over an old one, step by step, and what is there if the power fails behind each step:
//
//     1. write model.safetensors.4711-123.tmp in the same folder    the old file, and a part of the new one beside it
//     2. fsync it                                                   the old file, and a whole new one beside it
//     3. rename it to model.safetensors                             the old file or the new one, whole in either case
//     4. fsync the folder                                           the new file
//
// Writing into the old file could leave neither of them. The folder must be the same because a name cannot move to
// another file system in one step.
//
// A process that is killed in step 1 or 2 leaves the part, which nobody wants. Who writes keeps the part locked, and the
// system takes the lock away with the process: so an abandoned part is known by being free (`removeAbandonedParts`).

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
  let temporary = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max))\(partSuffix)"
  let mode = exists ? status.st_mode & 0o777 : 0o666
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw FileError(lastAt: path, "cannot be written") }
  do throws(FileError) {
    defer { close(descriptor) }
    flock(descriptor, LOCK_EX)
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

/// What ends the name of a file that is being written: `model.safetensors.4711-123.tmp`.
private let partSuffix = ".tmp"

/// Removes what processes left in a folder that were killed while they wrote a file; what a living one is writing stays.
/// Where the folder cannot be read, nothing happens.
package func removeAbandonedParts(in folder: String) {
  guard let entries = opendir(folder) else { return }
  defer { closedir(entries) }
  var parts: [String] = []
  while let entry = readdir(entries) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
    }
    if name.hasSuffix(partSuffix), name.dropLast(partSuffix.count).hasTwoNumbersAtEnd {
      parts.append("\(folder)/\(name)")
    }
  }
  for path in parts {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { continue }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
    close(descriptor)
  }
}

extension Substring {
  /// Whether the text ends like `.4711-123`.
  fileprivate var hasTwoNumbersAtEnd: Bool {
    guard let point = lastIndex(of: "."), point != startIndex else { return false }
    let numbers = self[index(after: point)...].split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { UInt32($0) != nil }
  }
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
