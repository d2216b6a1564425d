/// What is to be predicted, as the labels of a data set show.
public enum PredictionTask: String, Sendable, CaseIterable {
  /// One of two classes: labels 0 and 1, in a row.
  case binary
  /// One of three or more classes: their indices, in a row.
  case classes
  /// Numbers: a row for each.
  case regression
  /// Any of several properties, each of which holds or not: a row of 0 and 1 for each.
  case multiLabel
}

/// What becomes of a missing value. The raw value is a short name, as a command's option has it.
public enum MissingValuePolicy: String, Sendable, CaseIterable {
  /// It is an error.
  case error
  /// Its whole row is left out.
  case dropRow = "drop"
  /// The mean of the column takes its place; a missing category is none of the known ones (one-hot), or the mean of their
  /// numbers (ordinal). A missing label is never replaced: its row is left out.
  case mean
}

/// What becomes of a category that the data did not have in which the categories were found.
public enum UnseenCategoryPolicy: String, Sendable, CaseIterable {
  /// It is an error.
  case error
  /// It counts as a missing value.
  case missing
}
