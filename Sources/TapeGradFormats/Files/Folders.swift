#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Makes a folder, and those that it is in; one that is there is left as it is.
package func makeFolder(_ path: String) throws(FileError) {
  let parts = path.split(separator: "/", omittingEmptySubsequences: false)
  for count in 1...parts.count {
    let folder = parts.prefix(count).joined(separator: "/")
    // An absolute path begins with an empty part. EEXIST is the usual case, for all folders but the last.
    if folder.isEmpty || mkdir(folder, 0o777) == 0 || errno == EEXIST { continue }
    throw FileError(lastAt: folder, "cannot be made")
  }
}
