# Tick labels by R's package labeling (0.4.2), an independent implementation of the same paper:
#   Rscript Tests/TapeGradFiguresTests/Golden/ticks.R > Tests/TapeGradFiguresTests/Golden/GoldenTicks.swift
library(labeling)
set.seed(1)
cat("// Written by ticks.R with R's package labeling", as.character(packageVersion("labeling")),
    "and not to be edited by hand.\n\n")
cat("enum GoldenTicks {\n")
cat("  /// In each line: low, high, the wished number, the first label, the last, their number.\n")
cat("  static let lines = \"\"\"\n")
for (i in 1:400) {
  size <- 10^runif(1, -5, 8)
  center <- if (i %% 4 == 0) 0 else size * runif(1, -3, 3)
  low <- signif(center - size * runif(1), 6)
  high <- signif(center + size * runif(1), 6)
  if (high - low < 1e-8 * size) next
  m <- sample(2:12, 1)
  labels <- extended(low, high, m)
  numbers <- c(low, high, m, labels[1], labels[length(labels)], length(labels))
  cat("    ", paste(format(numbers, digits = 15, scientific = FALSE, trim = TRUE, drop0trailing = TRUE), collapse = " "), "\n", sep = "")
}
cat("    \"\"\"\n}\n")
