/// What gradients derived by hand are derivatives of, where a loss is the mean over m examples.
///
/// Course notes write `dZ2 = A2 − Y` for one example, one column for each, and put the 1/m into `dW2` and `db2`. On the
/// tape everything is a derivative of the mean J, so `∂J/∂Z2 = (A2 − Y)/m`, and the 1/m is in it already.
public enum Convention: Hashable, Sendable {
  /// Every gradient is `∂J/∂v`.
  case partialDerivatives
  /// Of a variable `∂J/∂v`; of what is computed on the way `m·∂J/∂v`, with m columns, one an example.
  case perExample
}
