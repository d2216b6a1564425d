// How a stratified split counts. Of 20 examples, 12 are of class A, 5 of B and 3 of C, and a fifth, or 4,
// should be tests.
//
//     class           A     B     C
//     a fifth         2.4   1.0   0.6
//     rounded down    2     1     0     3 in all: one is lacking
//     remainder       0.4   0     0.6   the largest one gets it
//     tests           2     1     1     4 in all
//     training        10    4     2
//
// Rounding each class by itself could miss the total; a plain random choice could leave C out of the tests. A class
// of two, of which nine tenths should be tests, gives only one of them: a class that is not in the training cannot
// be learned.

import TapeGradCore

extension DataSet {
  /// Two parts, drawn at random: `fraction` of the examples as the test, rounded to a whole number of them, and all others
  /// for the training. The seed determines both, and their order.
  ///
  /// Where there are classes, the split is stratified: each class is divided in the same ratio, as nearly as whole examples
  /// allow, and a class of two or more is found in the training.
  ///
  /// Means that stand for missing values and categories are learned anew from the training alone, and the test is encoded by
  /// them: a model learns nothing of what it is judged on. (Data that were scaled before are divided as they are.)
  ///
  /// - Throws: ``DataSetError`` unless `fraction` lies in 0...1, ``CSVError`` for categories of the test that the training
  ///   does not have, where they are an error, `TensorError` where the data have no numbers.
  public func split(test fraction: Double, seed: UInt64) throws -> (training: DataSet, test: DataSet) {
    guard (0...1).contains(fraction) else {
      throw DataSetError("a split at the fraction \(fraction), expected one in 0...1")
    }
    var generator = SeededGenerator(seed: seed)
    let order = (0..<count).shuffled(using: &generator)
    var groups = [order]
    if !classNames.isEmpty {
      let labels = try classIndices()
      groups = classNames.indices.map { label in order.filter { labels[$0] == label } }
    }
    let sizes = Self.testSizes(groups.map(\.count), fraction: fraction)
    let test = Set(zip(groups, sizes).flatMap { $0.prefix($1) })
    let training = try examples(order.filter { !test.contains($0) }).refitted()
    return (training, try examples(order.filter(test.contains)).encoded(by: training.encoding))
  }

  /// How many of each group are tests: in the ratio of the groups, and together as many as `fraction` asks for. The groups
  /// with the largest remainders are rounded up.
  private static func testSizes(_ counts: [Int], fraction: Double) -> [Int] {
    var sizes = counts.map { Int(fraction * Double($0)) }
    let total = Int((fraction * Double(counts.reduce(0, +))).rounded())
    let remainders = zip(counts, sizes).map { fraction * Double($0) - Double($1) }
    let order = counts.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
    for group in order.prefix(max(0, total - sizes.reduce(0, +))) where sizes[group] < counts[group] {
      sizes[group] += 1
    }
    guard fraction < 1, counts.count > 1 else { return sizes }
    return zip(sizes, counts).map { $1 > 1 ? min($0, $1 - 1) : $0 }
  }
}
