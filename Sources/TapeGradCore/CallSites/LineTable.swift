// Which source line an address belongs to. A compiler could write down the file and line of every instruction, but that
// would be larger than the program. Instead each compiled file has a short program for a tiny machine with three
// registers, address, file and line, which puts out a row whenever the line changes:
//
//   bytes                      instruction                         address   line    row
//   00 09 02  00 10 00 …       set address (extended, 9 bytes)     0x1000       1
//   03 0f                      line += 15                          0x1000      16
//   01                         put out                                                0x1000  line 16
//   83                         special: address += 8, line += 1    0x1008      17     0x1008  line 17
//   bb                         special: address += 12, line += 1   0x1014      18     0x1014  line 18
//   02 0c                      address += 12                       0x1020
//   00 01 01                   end of the sequence                                    0x1020  end
//
// 0x1010 lies between the second row and the third: line 17. A special instruction changes both registers in one byte.
// The header of the program says how to read it; here with line base −5, line range 14, first special 13: 0x83 − 13 =
// 118 = 8·14 + 6, so the address grows by 8 and the line by 6 − 5.
//
// A unit, one for each compiled file, is: its length; the version; the header, with those three numbers; the names of
// folders and files; the program. Files are numbered, and the names tell which number is which file.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A line in a source file, as the compiler wrote it down; line 0 for code that stands in no file.
struct SourceLine {
  let path: String
  let line: Int

  /// `Model.swift:17`.
  var description: String { "\(name):\(line)" }

  private var name: Substring { path.split(separator: "/").last ?? "" }

  /// Whether somebody wrote the line, in Swift: not in C, and neither a macro nor the compiler (`<compiler-generated>`).
  ///
  /// A name without an ending is what `#sourceLocation` gave: a cell of a notebook is `In[7]`.
  var isWritten: Bool {
    (name.hasSuffix(".swift") || !name.contains(".")) && !name.hasPrefix("<") && !name.contains("@__swiftmacro")
  }
}

#if canImport(Glibc) || canImport(Musl)
  /// The table from addresses to source lines (DWARF 4 and 5, sections 6.2 of their standards): for each compiled file a
  /// header with file names, and a program for a machine that puts out rows (address, file, line) in sequences of
  /// ascending addresses.
  struct LineTable {
    private let bytes, lineStrings, strings: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer, lineStrings: UnsafeRawBufferPointer, strings: UnsafeRawBufferPointer) {
      (self.bytes, self.lineStrings, self.strings) = (bytes, lineStrings, strings)
    }

    /// The line of each address, up to the first that is the one looked for.
    ///
    /// Finding a line runs the program of one unit. Which unit it is, `nearestSequences` finds without running any.
    func lines(of addresses: [UInt64], until isLast: (SourceLine) -> Bool) -> [SourceLine?] {
      let units = self.units
      var lines: [SourceLine?] = []
      for (address, sequence) in zip(addresses, nearestSequences(to: addresses)) {
        let unit = sequence.flatMap { sequence in units.last { $0 <= sequence } }
        let found = unit.flatMap { line(of: address, inUnitAt: $0) }
        lines.append(found)
        if let found, isLast(found) { break }
      }
      return lines
    }

    /// Where the units begin.
    private var units: [Int] {
      var starts: [Int] = [], reader = ByteReader(bytes)
      while !reader.isAtEnd {
        starts.append(reader.position)
        reader.skip(Int(reader.next(UInt32.self)))
      }
      return starts
    }

    /// For each address where in the table the sequence is that begins at it or nearest below. Running all programs takes
    /// long: this looks for the instruction by which a sequence begins, which sets the address.
    ///
    /// Those bytes may stand elsewhere by chance. The unit that this leads to has no row for the address then, and no
    /// line is found.
    private func nearestSequences(to addresses: [UInt64]) -> [Int?] {
      var nearest = [(start: UInt64, position: Int)?](repeating: nil, count: addresses.count)
      // Bytes 0, 9, 2 and the address.
      guard let base = bytes.baseAddress else { return addresses.map { _ in nil } }
      var position = 1
      while position < bytes.count - 9, let found = memchr(base + position, 9, bytes.count - 9 - position) {
        position = UnsafeRawPointer(found) - base + 1
        guard base.load(fromByteOffset: position - 2, as: UInt8.self) == 0,
          base.load(fromByteOffset: position, as: UInt8.self) == 2
        else { continue }
        let start = base.loadUnaligned(fromByteOffset: position + 1, as: UInt64.self)
        for index in addresses.indices where start <= addresses[index] && start >= nearest[index]?.start ?? 0 {
          nearest[index] = (start, position)
        }
      }
      return nearest.map { $0?.position }
    }

    /// The machine's registers that matter here.
    private struct Row {
      var address: UInt64 = 0
      var file = 1, line = 1
    }

    /// Runs the program of a unit until its rows pass the address.
    ///
    /// The instructions below `firstSpecial` are 1 put out, 2 advance the address, 3 advance the line, 4 set the file,
    /// 8 advance the address as the last special instruction would, 9 advance the address by a fixed number. Others
    /// (columns, statements, prologues) change nothing that matters here; the header says how many arguments to pass
    /// over. Rows ascend, so the address lies in the last row that does not pass it.
    private func line(of address: UInt64, inUnitAt start: Int) -> SourceLine? {
      var reader = ByteReader(bytes, at: start)
      let length = Int(reader.next(UInt32.self)), end = min(reader.position + length, bytes.count)
      let version = reader.next(UInt16.self)
      guard version >= 2, version <= 5, length < 0xffff_fff0 else { return nil }
      if version == 5 { reader.skip(2) }
      let headerLength = Int(reader.next(UInt32.self)), program = reader.position + headerLength
      let instructionLength = UInt64(reader.next(UInt8.self))
      reader.skip(version >= 4 ? 2 : 1)
      let lineBase = Int(reader.next(Int8.self)), lineRange = Int(reader.next(UInt8.self))
      let firstSpecial = Int(reader.next(UInt8.self))
      guard lineRange > 0, firstSpecial > 0 else { return nil }
      let argumentCounts = (0..<firstSpecial - 1).map { _ in Int(reader.next(UInt8.self)) }
      let names = reader

      var row = Row(), last: Row?
      reader = ByteReader(bytes, at: program)
      while reader.position < end {
        let opcode = Int(reader.next(UInt8.self))
        var putsOut = false, endsSequence = false
        if opcode >= firstSpecial {
          let step = opcode - firstSpecial
          row.address &+= UInt64(step / lineRange) &* instructionLength
          row.line &+= lineBase + step % lineRange
          putsOut = true
        } else {
          switch opcode {
          case 0:  // extended
            let size = reader.nextUnsigned()
            var instruction = reader
            reader.skip(size)
            switch instruction.next(UInt8.self) {
            case 1: (putsOut, endsSequence) = (true, true)
            case 2: row.address = instruction.next(UInt64.self)
            default: break
            }
          case 1: putsOut = true
          case 2: row.address &+= UInt64(truncatingIfNeeded: reader.nextUnsigned()) &* instructionLength
          case 3: row.line &+= reader.nextSigned()
          case 4: row.file = reader.nextUnsigned()
          case 8: row.address &+= UInt64((255 - firstSpecial) / lineRange) &* instructionLength
          case 9: row.address &+= UInt64(reader.next(UInt16.self))
          default: for _ in 0..<argumentCounts[opcode - 1] { _ = reader.nextUnsigned() }
          }
        }
        guard putsOut else { continue }
        if let last, last.address <= address, address < row.address {
          return path(of: last.file, names, version).map { SourceLine(path: $0, line: last.line) }
        }
        last = endsSequence ? nil : row
        if endsSequence { row = Row() }
      }
      return nil
    }

    /// The path of a file, from the names in a unit's header.
    ///
    /// Before version 5, lists end in an empty name, folder 0 is the compiler's working folder, and files count from 1.
    private func path(of file: Int, _ names: ByteReader, _ version: UInt16) -> String? {
      var reader = names
      if version == 5 {
        let folders = entries(&reader), files = entries(&reader)
        guard files.indices.contains(file) else { return nil }
        let folder = files[file].folder
        return folders.indices.contains(folder) ? "\(folders[folder].path)/\(files[file].path)" : files[file].path
      }
      var folders = [""]
      while case let folder = reader.nextString(), !folder.isEmpty { folders.append(folder) }
      var index = 1
      while case let name = reader.nextString(), !name.isEmpty {
        let folder = reader.nextUnsigned()
        _ = (reader.nextUnsigned(), reader.nextUnsigned())
        if index == file { return folders.indices.contains(folder) ? "\(folders[folder])/\(name)" : name }
        index += 1
      }
      return nil
    }

    /// A list of folders or files of version 5, which says itself how its entries are laid out.
    ///
    /// The layout is a list of pairs: what it is (1 a path, 2 the index of a folder; anything else is passed over) and
    /// how it is stored (0x08 the string itself, 0x1f and 0x0e the offset of one in another section, 0x0b, 0x05, 0x06
    /// and 0x0f numbers of 1, 2, 4 and any bytes, 0x1e a checksum).
    private func entries(_ reader: inout ByteReader) -> [(path: String, folder: Int)] {
      let format = (0..<Int(reader.next(UInt8.self))).map { _ in (reader.nextUnsigned(), reader.nextUnsigned()) }
      var entries: [(path: String, folder: Int)] = []
      for _ in 0..<min(max(reader.nextUnsigned(), 0), 1 << 16) where !reader.isAtEnd {
        var entry = (path: "", folder: 0)
        for (content, form) in format {
          var number = 0, text = ""
          switch form {
          case 0x08: text = reader.nextString()
          case 0x1f: text = string(in: lineStrings, at: Int(reader.next(UInt32.self)))
          case 0x0e: text = string(in: strings, at: Int(reader.next(UInt32.self)))
          case 0x0f: number = reader.nextUnsigned()
          case 0x0b: number = Int(reader.next(UInt8.self))
          case 0x05: number = Int(reader.next(UInt16.self))
          case 0x06: number = Int(reader.next(UInt32.self))
          case 0x1e: reader.skip(16)
          default: return entries
          }
          if content == 1 { entry.path = text }
          if content == 2 { entry.folder = number }
        }
        entries.append(entry)
      }
      return entries
    }

    /// A string of another section, by its offset there.
    private func string(in section: UnsafeRawBufferPointer, at offset: Int) -> String {
      var reader = ByteReader(section, at: offset)
      return reader.nextString()
    }
  }
#endif
