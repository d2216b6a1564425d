import TapeGradArrays

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Data from 0.07 to 0.93, five labels wished. Each set of labels has the score
// 0.25·simplicity + 0.2·coverage + 0.5·density + 0.05, and the greatest is chosen:
//
//     labels                      simplicity   coverage   density   score
//     0, 0.25, 0.5, 0.75, 1          0.4         0.34       1       0.717
//     0, 0.2, 0.4, 0.6, 0.8, 1       0.6         0.34       0.75    0.642
//     0.1, 0.3, 0.5, 0.7, 0.9       −1           0.88       0.925   0.438
//     0, 0.5, 1                      0.8         0.34       0       0.317
//
// Simplicity: 0.25 is a less round step than 0.2, and that than 0.5. The third set skips every second multiple of 0.1
// and has no 0, which costs 1 each. Coverage: 0 and 1 lie 0.07 beyond the data, 0.1 and 0.9 only 0.03 within. Density:
// five labels are as many as wished, six are a little too many, three are half as many intervals. On an axis that is
// fixed to 0.07…0.93, labels beyond its ends are out of the question, and the third set wins.

/// Labels of a linear axis: the multiples `start·step/skip, …` that are the best compromise between round numbers, cover
/// of the data and the wished number.
///
/// J. Talbot, S. Lin, P. Hanrahan, “An extension of Wilkinson's algorithm for positioning tick labels on axes”, 2010.
/// Legibility is 1 for every candidate, as in R's package `labeling`: labels that touch are seen to by the layout.
struct ExtendedTicks {
  /// The round steps, the roundest first.
  private static let steps: [Double] = [1, 5, 2, 2.5, 4, 3]
  // The weights of the paper. Density has half of the sum: too many labels are worse than a step of 2.5.
  private static let weights = (simplicity: 0.25, coverage: 0.2, density: 0.5, legibility: 0.05)

  /// The values, in ascending order; at least two.
  private(set) var values: [Double] = []

  /// - Parameters:
  ///   - low: The least value of the data, less than `high`.
  ///   - high: The greatest value of the data.
  ///   - count: How many labels are wished, at least two.
  ///   - includesZero: Whether 0 must be a label where it lies between `low` and `high`.
  ///   - isInside: Whether no label may lie beyond `low` and `high`.
  init(from low: Double, to high: Double, count: Int, includesZero: Bool = true, isInside: Bool = false) {
    // The last digit of a label may round to beyond the end.
    let slack = isInside ? (high - low) * 1e-9 : .infinity
    let mustHaveZero = includesZero && low <= 0 && high >= 0
    // Labels are `number` multiples of `skip` steps of `round·10^power`. With skip 2, they may be 1, 3, 5 steps from 0.
    var best = -2.0
    var skip = 1
    // Each bound says what the rest of a loop can still reach. The loops end where that is below the best so far.
    search: while true {
      for (rank, round) in Self.steps.enumerated() {
        let simplicity = 2 - Double(rank) / Double(Self.steps.count - 1) - Double(skip)
        if Self.score(simplicity, 1, 1) < best { break search }
        var number = 2
        while true {
          let density = number >= count ? 2 - Double(number - 1) / Double(count - 1) : 1
          if Self.score(simplicity, 1, density) < best { break }
          // The least power of ten with which so many labels can span the data.
          var power = Int(log10((high - low) / Double(number + 1) / Double(skip) / round).rounded(.up))
          while true {
            let step = Double(skip) * Self.multiple(1, of: round, power)
            let span = step * Double(number - 1)
            if Self.score(simplicity, Self.coverageBound(low, high, span), density) < best { break }
            let first = (high / step).rounded(.down) * Double(skip) - Double((number - 1) * skip)
            let last = (low / step).rounded(.up) * Double(skip)
            for start in stride(from: first, through: last, by: 1) {
              let start = Int(start), end = start + (number - 1) * skip
              let hasZero = start.isMultiple(of: skip) && start <= 0 && end >= 0
              let lowLabel = Self.multiple(start, of: round, power)
              let highLabel = Self.multiple(end, of: round, power)
              // A set of labels without 0 is less simple by 1.
              let score = Self.score(
                simplicity - (hasZero ? 0 : 1), Self.coverage(low, high, lowLabel, highLabel),
                Self.density(number, count, low, high, lowLabel, highLabel))
              let fits = lowLabel >= low - slack && highLabel <= high + slack
              if score > best, hasZero || !mustHaveZero, fits {
                best = score
                values = stride(from: start, through: end, by: skip).map { Self.multiple($0, of: round, power) }
              }
            }
            power += 1
          }
          number += 1
        }
      }
      skip += 1
    }
    // Where labels may not lie beyond the ends, no candidate may be left: then the ends themselves, and 0 between them.
    if values.isEmpty { values = mustHaveZero && low < 0 && high > 0 ? [low, 0, high] : [low, high] }
  }

  /// `n·q·10ᵖ`. Negative powers divide: 3/10 is the nearest number to 0.3, and 3·0.1 is not.
  private static func multiple(_ n: Int, of round: Double, _ power: Int) -> Double {
    power < 0 ? Double(n) * round / pow(10, Double(-power)) : Double(n) * round * pow(10, Double(power))
  }

  /// The weighted sum that is to be greatest; each part is at most 1.
  private static func score(_ simplicity: Double, _ coverage: Double, _ density: Double) -> Double {
    weights.simplicity * simplicity + weights.coverage * coverage + weights.density * density + weights.legibility
  }

  /// How well the labels reach to the ends of the data, in tenths of their range.
  private static func coverage(_ low: Double, _ high: Double, _ lowLabel: Double, _ highLabel: Double) -> Double {
    // The error at each end, in tenths of the range, and squared: a label set is worse for one large gap than for two
    // small.
    let above = (high - highLabel) / (0.1 * (high - low)), below = (low - lowLabel) / (0.1 * (high - low))
    return 1 - 0.5 * (above * above + below * below)
  }

  /// The best coverage that labels of a span can have: in the middle of the data.
  private static func coverageBound(_ low: Double, _ high: Double, _ span: Double) -> Double {
    let half = (span - (high - low)) / 2 / (0.1 * (high - low))
    return half > 0 ? 1 - half * half : 1
  }

  /// How near the distance of labels is to the wished one, as a ratio.
  private static func density(
    _ number: Int, _ count: Int, _ low: Double, _ high: Double, _ lowLabel: Double, _ highLabel: Double
  ) -> Double {
    // Intervals for a unit of the axis, which reaches as far as the labels and the data together. Twice as many
    // intervals as wished and half as many are equally bad: both have density 0.
    let actual = Double(number - 1) / (highLabel - lowLabel)
    let wished = Double(count - 1) / (max(highLabel, high) - min(lowLabel, low))
    return 2 - max(actual / wished, wished / actual)
  }
}
