import TapeGrad

/// The rows of a table in three parts: to learn from, to say when to stop, and to judge by.
///
/// The split is drawn by the seed, and stratified. What was learned of the columns, such as means and categories, was
/// learned of the first part alone, and is the same in all three.
struct DataDivision<Scalar: TensorScalar> {
  let training, validation, test: DataSet<Scalar>

  /// Divides rows.
  ///
  /// - Parameters:
  ///   - testShare: the share of all rows that are held out.
  ///   - validationShare: the share of the others that say when to stop.
  init(_ data: DataSet<Scalar>, test testShare: Double, validation validationShare: Double, seed: UInt64) throws {
    let (others, test) = try data.split(test: testShare, seed: seed)
    (training, validation) = try others.split(test: validationShare, seed: seed &+ 1)
    // The first split learned the categories of the rows that now validate, too.
    self.test = try test.encoded(by: training.encoding)
  }

  /// The rows that a model is judged on: those that it learned from, where none are held out.
  var evaluated: DataSet<Scalar> { test.count > 0 ? test : training }

  /// What was decided of the columns, a sentence each.
  var notes: [String] {
    [("to validate", validation), ("held out", test)].reduce(training.notes) { notes, part in
      notes + part.1.notes.filter { !training.notes.contains($0) }.map { "\(part.0): \($0)" }
    }
  }
}
