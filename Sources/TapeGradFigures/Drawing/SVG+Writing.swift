import TapeGradFormats

extension SVG {
  /// Writes the drawing to a file.
  ///
  /// It is written beside and then renamed: a reader sees the old file or the new one, and never a part of it.
  ///
  /// - Throws: `FileError` where the system gives a reason against it; the old file is then as it was.
  public func write(to path: String) throws(FileError) { try writeFile(path, [Array(text.utf8)]) }
}
