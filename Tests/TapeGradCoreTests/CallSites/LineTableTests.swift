import Testing

@testable import TapeGradCore

#if canImport(Glibc) || canImport(Musl)
  /// Line tables written by hand, as the standard (DWARF 4, 6.2) lays them out.
  struct LineTableTests {
    /// The program of the example in LineTable.swift, behind some instructions.
    private func table(behind first: [UInt8] = []) -> [UInt8] {
      let program: [UInt8] =
        first + [0, 9, 2, 0, 0x10, 0, 0, 0, 0, 0, 0, 3, 15, 1, 0x83, 0xbb, 2, 12, 0, 1, 1]
      let counts: [UInt8] = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]
      let names: [UInt8] = [0] + Array("Model.swift".utf8) + [0, 0, 0, 0, 0]
      let header: [UInt8] = [1, 1, 1, UInt8(bitPattern: -5), 14, 13] + counts + names
      let unit: [UInt8] = [4, 0, UInt8(header.count), 0, 0, 0] + header + program
      return [UInt8(unit.count), 0, 0, 0] + unit
    }

    private func lines(_ table: [UInt8], _ addresses: [UInt64]) -> [String?] {
      table.withUnsafeBytes { bytes in
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        return LineTable(bytes, lineStrings: none, strings: none).lines(of: addresses) { _ in false }
          .map { $0?.description }
      }
    }

    @Test("an address lies in the last row that does not pass it")
    func example() {
      let found = lines(table(), [0xfff, 0x1000, 0x1007, 0x1008, 0x1013, 0x1014, 0x101f, 0x1020])
      let names = [nil, 16, 16, 17, 17, 18, 18, nil].map { $0.map { "Model.swift:\($0)" } }
      #expect(found == names)
    }

    @Test("an instruction that says it is −11 bytes long, and would lead back to itself, ends the search")
    func backwards() {
      let eternal: [UInt8] = [0, 0xf5] + [UInt8](repeating: 0xff, count: 8) + [1]
      #expect(lines(table(behind: eternal), [0x1010]) == [nil])
    }

    @Test("damaged bytes end no process")
    func damaged() {
      var generator = SeededGenerator(seed: 3)
      for _ in 0..<5000 {
        var bytes = table()
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        bytes.removeLast(Int.random(in: 0...3, using: &generator))
        _ = lines(bytes, [0x1000, 0x1010, .max])
      }
    }
  }
#endif
