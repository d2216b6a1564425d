/// Collects what is written between the braces of a ``Plot``: marks, also under `if` and `for`.
@resultBuilder
public enum PlotBuilder {
  /// One mark.
  public static func buildExpression(_ mark: Mark) -> [Mark] { [mark] }
  /// Several marks that were made elsewhere.
  public static func buildExpression(_ marks: [Mark]) -> [Mark] { marks }
  /// All of them, in their order: later marks lie above earlier ones.
  public static func buildBlock(_ marks: [Mark]...) -> [Mark] { marks.flatMap { $0 } }
  /// The marks of an `if`; none where it does not hold.
  public static func buildOptional(_ marks: [Mark]?) -> [Mark] { marks ?? [] }
  /// The marks of the first branch.
  public static func buildEither(first marks: [Mark]) -> [Mark] { marks }
  /// The marks of the second branch.
  public static func buildEither(second marks: [Mark]) -> [Mark] { marks }
  /// The marks of a loop.
  public static func buildArray(_ marks: [[Mark]]) -> [Mark] { marks.flatMap { $0 } }
}
