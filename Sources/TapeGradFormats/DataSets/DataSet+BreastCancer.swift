import TapeGradCore

extension DataSet {
  /// The Wisconsin diagnostic breast-cancer data: 569 tumors, 30 measurements of the nuclei of their cells, and whether
  /// they are malignant (label 1, the positive class, as medicine has it; 212 of them) or benign (label 0; 357).
  ///
  /// `features` has the shape (30, 569): ten quantities such as the radius, each by its mean over the nuclei of an
  /// image, the standard error of that mean, and its worst (largest) value.
  ///
  /// W. Wolberg, O. Mangasarian, N. Street, W. Street: *Breast Cancer Wisconsin (Diagnostic)*, UCI Machine Learning
  /// Repository, 1993, [doi:10.24432/C5DW2B](https://doi.org/10.24432/C5DW2B), licensed under
  /// [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). The names of the features are those that scikit-learn
  /// uses; there, label 0 is malignant.
  public static func breastCancer() -> DataSet {
    let text = UnsafeBufferPointer(start: breastCancerTable.utf8Start, count: breastCancerTable.utf8CodeUnitCount)
    do {
      let table = try CSVTable(utf8: Array(text), named: "breast cancer table", dialect: Dialect(header: .present))
      return try DataSet(csv: table, labels: "diagnosis", positive: "malignant")
    } catch {
      fatalError("\(error)")
    }
  }
}
