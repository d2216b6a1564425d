/// Every eval by its name, with its functions by theirs.
let modules: [String: [String: Function]] = [
  "hello": hello, "llsq": leastSquares, "lse": logSumExponential, "gmm": gaussianMixture, "ode": differentialEquation,
  "lstm": recurrentNetwork, "kmeans": clustering, "det": determinant, "saddle": saddlePoint, "particle": particle,
  "ba": bundleAdjustment, "ht": handTracking,
]
