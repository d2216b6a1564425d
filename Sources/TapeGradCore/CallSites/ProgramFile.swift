// The file that a program or library was loaded from, and what its sections say of an address:
//
//   offset 0        header: where the program headers and the section headers are
//   …               .symtab, .strtab     functions: from which address, how long, and the name
//   …               .debug_line          the line table (LineTable.swift)
//   …               .debug_line_str, .debug_str     the names of folders and files
//   …               section headers: where each of these is
//
// An address in memory, less the base at which the file was loaded, is an address in the file. Two things could make
// all of this lie: the file may have been built anew since it was loaded, so the program headers in it are compared
// with those in memory; and sections may be missing (a stripped program) or compressed, and then nothing is found.

#if canImport(Glibc) || canImport(Musl)
  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif
  import CTapeGradKernels

  /// A program or library in memory.
  struct LoadedImage {
    /// Where its code lies in memory, less where its file says.
    let base: UInt
    let path: String
    /// The program headers, by which its file is known again.
    let headers: [UInt8]

    /// The image that holds `address`.
    init?(holding address: UInt) {
      // Room for the longest path that Linux knows, and for the program headers.
      let room = 4096
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * room, alignment: 8)
      defer { memory.deallocate() }
      guard let start = memory.baseAddress else { return nil }
      var image = TGImage()
      image.path = start.assumingMemoryBound(to: CChar.self)
      image.path_capacity = room
      image.headers = start + room
      image.headers_capacity = room
      guard tg_find_image(address, &image) else { return nil }
      base = image.base
      path = String(cString: image.path)
      headers = Array(UnsafeRawBufferPointer(start: image.headers, count: image.headers_size))
    }

    /// Whether it belongs to Swift or the system, so that no frame in it is the user's.
    var isSystem: Bool {
      let name = path.split(separator: "/").last ?? ""
      return [
        "libswift", "libdispatch", "libFoundation", "lib_Foundation", "lib_Testing", "libTesting", "libXCTest", "libc.",
        "libstdc++", "libpthread",
      ].contains { name.hasPrefix($0) }
    }
  }

  /// The file (ELF, 64 bits) of a program or library in memory: what tells which function and line an address lies in.
  ///
  /// It is read, not mapped: a mapped file that somebody shortens ends the process.
  final class ProgramFile {
    /// Where its code lies in memory, less where its file says.
    private let base: UInt
    private let descriptor: Int32
    /// Where each section is, by its name.
    private var sections: [String: Section] = [:]

    /// A section: where its name is among the names, flags, where it is in the file, how many bytes.
    private struct Section {
      let nameOffset, flags, offset, size: Int
    }

    /// The file of an image; nil where it cannot be read, or is not the one that was loaded.
    init?(_ image: LoadedImage) {
      base = image.base
      descriptor = open(image.path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0, let header = bytes(at: 0, count: 64) else { return nil }
      defer { header.deallocate() }
      // "\u{7f}ELF", then 2 for 64 bits and 1 for little-endian numbers.
      guard header.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]), isSame(header, image.headers) else { return nil }
      readSections(header)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether the program headers are those in memory: a program that was built anew has others.
    private func isSame(_ header: UnsafeRawBufferPointer, _ loaded: [UInt8]) -> Bool {
      // At 0x20 the header says where the program headers begin.
      var reader = ByteReader(header, at: 0x20)
      guard let headers = bytes(at: Int(truncatingIfNeeded: reader.next(UInt64.self)), count: loaded.count) else {
        return false
      }
      defer { headers.deallocate() }
      return headers.elementsEqual(loaded)
    }

    /// Reads where the sections are. Each header has 64 bytes: name, type, flags, address, offset, size, and more that
    /// is not wanted. The names are in a section too, whose number stands in the file's header.
    private func readSections(_ header: UnsafeRawBufferPointer) {
      // At 0x28 where the section headers begin; at 0x3c how many there are, and which of them is the one of names.
      var reader = ByteReader(header, at: 0x28)
      let offset = Int(truncatingIfNeeded: reader.next(UInt64.self))
      reader = ByteReader(header, at: 0x3c)
      let count = Int(reader.next(UInt16.self)), names = Int(reader.next(UInt16.self))
      guard let table = bytes(at: offset, count: 64 * count) else { return }
      defer { table.deallocate() }
      let list = (0..<count).map { index in
        var reader = ByteReader(table, at: 64 * index)
        func number() -> Int { Int(truncatingIfNeeded: reader.next(UInt64.self)) }
        let name = Int(reader.next(UInt32.self))
        reader.skip(4)
        let flags = number()
        reader.skip(8)
        return Section(nameOffset: name, flags: flags, offset: number(), size: number())
      }
      guard names < count, let text = bytes(at: list[names].offset, count: list[names].size) else { return }
      defer { text.deallocate() }
      for section in list {
        var reader = ByteReader(text, at: section.nameOffset)
        sections[reader.nextString()] = section
      }
    }

    /// Bytes of the file, to be deallocated; nil where it has fewer.
    private func bytes(at offset: Int, count: Int) -> UnsafeRawBufferPointer? {
      guard offset >= 0, count > 0, count < 1 << 30 else { return nil }
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
      var done = 0
      // A read may give fewer bytes than were asked for; 0 is the end of the file.
      while done < count {
        let read = pread(descriptor, memory.baseAddress.map { $0 + done }, count - done, offset + done)
        if read <= 0 {
          memory.deallocate()
          return nil
        }
        done += read
      }
      return UnsafeRawBufferPointer(memory)
    }

    /// The bytes of a section, during the call; none where it does not exist or is compressed.
    private func withSection<R>(_ name: String, _ body: (UnsafeRawBufferPointer) -> R) -> R {
      // SHF_COMPRESSED.
      let isCompressed = 0x800
      guard let section = sections[name], section.flags & isCompressed == 0,
        let bytes = bytes(at: section.offset, count: section.size)
      else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
      defer { bytes.deallocate() }
      return body(bytes)
    }

    /// For each call, by its return address: the line of the source, up to the first that is the one looked for.
    func lines(of addresses: [UInt], until isLast: (SourceLine) -> Bool) -> [SourceLine?] {
      let targets = addresses.map { UInt64($0 &- base &- 1) }  // the call stands before the address of its return
      // The line table refers to both tables of strings, by offsets.
      return withSection(".debug_line") { lines in
        withSection(".debug_line_str") { lineStrings in
          withSection(".debug_str") { strings in
            LineTable(lines, lineStrings: lineStrings, strings: strings).lines(of: targets, until: isLast)
          }
        }
      }
    }

    /// An entry of the symbol table, as the file stores it.
    private struct Symbol {
      let name: UInt32
      let info, other: UInt8
      let section: UInt16
      let value, size: UInt64

      /// STT_FUNC, in the low four bits.
      var isFunction: Bool { info & 0xf == 2 }
    }

    /// For each call, by its return address: the symbol of the function in which it stands.
    func symbols(of addresses: [UInt]) -> [String?] {
      let targets = addresses.map { UInt64($0 &- base &- 1) }
      var names = [Int?](repeating: nil, count: targets.count)
      withSection(".symtab") { bytes in
        let symbols = bytes.bindMemory(to: Symbol.self)
        guard let first = symbols.baseAddress, let low = targets.min(), let high = targets.max() else { return }
        for index in 0..<symbols.count {
          let value = first[index].value, size = first[index].size
          // Most symbols lie outside of all targets, and are passed over by two comparisons. (`&-` of a larger number
          // is huge, and so not below a size.)
          guard value <= high, low &- value < size || value > low, first[index].isFunction else { continue }
          for target in targets.indices where targets[target] &- value < size {
            names[target] = Int(first[index].name)
          }
        }
      }
      return names.map { $0.flatMap { symbolName(at: $0) } }
    }

    /// A name in the table of names, up to 16,384 bytes long: more is not read.
    private func symbolName(at offset: Int) -> String? {
      guard let strings = sections[".strtab"], offset < strings.size,
        let bytes = bytes(at: strings.offset &+ offset, count: min(strings.size - offset, 1 << 14))
      else { return nil }
      defer { bytes.deallocate() }
      var reader = ByteReader(bytes)
      return reader.nextString()
    }
  }
#endif
