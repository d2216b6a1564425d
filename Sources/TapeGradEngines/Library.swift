#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Finds a function in a library that is loaded at run time, and that stays loaded.
///
/// - Throws: `EngineError` with the loader's words where there is no such library, or no such function in it.
func loadedFunction(_ name: String, of path: String) throws(EngineError) -> UnsafeMutableRawPointer {
  #if canImport(Darwin) || canImport(Glibc) || canImport(Musl)
    // Its symbols stay its own: two plugins may both have functions of the same names.
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw EngineError(path, "load", dlerror().map { String(cString: $0) } ?? "unknown error")
    }
    guard let function = dlsym(library, name) else {
      dlclose(library)
      throw EngineError(path, "load", "no PJRT plugin: the library has no function \(name)")
    }
    return function
  #else
    throw EngineError(path, "load", "no libraries can be loaded at run time here")
  #endif
}
