import TapeGradCore
import TapeGradFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Prints how long a table took to read, and the most memory that the process had: as a table, and as a data set of `Float`.
func measure(_ path: String) throws {
  let clock = ContinuousClock(), start = clock.now, processor = processorSeconds()
  let table = try CSVTable(contentsOf: path)
  let read = clock.now, readPeak = peak(), readProcessor = processorSeconds() - processor
  let data = try DataSet<Float>(csv: table, labels: table.columnNames[table.columnNames.count - 1], missing: .mean)
  let made = clock.now
  print(
    """
    {"version": "TapeGrad", "rows": \(table.rowCount), "columns": \(table.columnNames.count), \
    "seconds": \((read - start) / .seconds(1)), "processor": \(readProcessor), "peak": \(readPeak), \
    "dataSetSeconds": \((made - read) / .seconds(1)), "dataSetPeak": \(peak()), "features": \(data.features.shape[0])}
    """)
}

/// How long all threads of the process have computed.
private func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// The most memory that the process has had, in bytes.
private func peak() -> Int {
  var usage = rusage()
  #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
    getrusage(RUSAGE_SELF, &usage)
  #endif
  #if canImport(Darwin)
    return usage.ru_maxrss
  #else
    return 1024 * usage.ru_maxrss
  #endif
}

/// Writes the titles and fields of a table as CSV in which all of them are quoted, or `Application Error`.
func writeFields(_ path: String) {
  let text: String
  do {
    let table = try CSVTable(contentsOf: path, dialect: Dialect(irregularRows: .fit, textColumns: .all))
    let header = table.hasHeader ? [table.columnNames] : []
    let rows = (0..<table.rowCount).map { row in table.columnNames.indices.map { table[row, $0] } }
    text = (header + rows).map { $0.map(\.inQuotes).joined(separator: ",") + "\r\n" }.joined()
  } catch {
    text = "Application Error\n\(error)\n"
  }
  try? Data(text.utf8).write(to: URL(fileURLWithPath: path + ".fields"))
}

extension String {
  fileprivate var inQuotes: String {
    "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
