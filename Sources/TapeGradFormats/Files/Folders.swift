#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// For `runs/3/figures`: `runs` is there (EEXIST), `runs/3` and `runs/3/figures` are made. If another process makes one
// of them between, that is EEXIST as well, and no error.

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
