static void TG(unary)(TGUnary operation, const SCALAR *x, SCALAR *y, size_t n, SCALAR c) {
  for (size_t i = 0; i < n; i++) {
    double v = x[i], e = exp(-fabs(v)), r = 0;
    switch (operation) {
      case TGUnaryNegate: r = -v; break;
      case TGUnaryAbsolute: r = fabs(v); break;
      case TGUnarySign: r = v > 0 ? 1 : v < 0 ? -1 : v == 0 ? 0 : v; break;
      case TGUnarySquare: r = v * v; break;
      case TGUnarySquareRoot: r = sqrt(v); break;
      case TGUnaryExp: r = exp(v); break;
      case TGUnaryLog: r = log(v); break;
      case TGUnaryExpm1: r = expm1(v); break;
      case TGUnaryLog1p: r = log1p(v); break;
      case TGUnaryLogDerivative: r = v >= 0 ? 1 / v : NAN; break;
      case TGUnaryTanh: r = tanh(v); break;
      case TGUnaryTanhDerivative: e *= e; r = 4 * e / ((1 + e) * (1 + e)); break;
      case TGUnarySigmoid: r = v >= 0 ? 1 / (1 + e) : v < 0 ? e / (1 + e) : v; break;
      case TGUnarySigmoidDerivative: r = e / ((1 + e) * (1 + e)); break;
      case TGUnarySoftplus: r = (v > 0 ? v : v <= 0 ? 0 : v) + log1p(e); break;
      case TGUnaryRelu: r = v > 0 ? v : v <= 0 ? 0 : v; break;
      case TGUnaryStep: r = v > 0 ? 1 : v <= 0 ? 0 : v; break;
      case TGUnaryScale: r = c * v; break;
      case TGUnaryOffset: r = v + c; break;
      case TGUnaryComplement: r = c - v; break;
      case TGUnaryQuotient: r = v / c; break;
      case TGUnaryReciprocal: r = c / v; break;
      case TGUnaryLeakyRelu: r = v > 0 ? v : c * v; break;
      case TGUnaryLeakyStep: r = v > 0 ? 1 : v <= 0 ? c : v; break;
      case TGUnaryPower: r = pow(v, c); break;
    }
    y[i] = (SCALAR)r;
  }
}
static void TG(binary)(
  TGBinary operation, const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_column, const SCALAR *b, ptrdiff_t b_row,
  ptrdiff_t b_column, SCALAR *y, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t s = 0; s < columns; s++) {
      SCALAR u = a[(ptrdiff_t)r * a_row + (ptrdiff_t)s * a_column], v = b[(ptrdiff_t)r * b_row + (ptrdiff_t)s * b_column], w = 0;
      double e = exp(-fabs((double)u));
      switch (operation) {
        case TGBinaryAdd: w = u + v; break;
        case TGBinarySubtract: w = u - v; break;
        case TGBinaryMultiply: w = u * v; break;
        case TGBinaryDivide: w = u / v; break;
        case TGBinaryMaximum: w = u != u ? u : v != v ? v : u > v ? u : v; break;
        case TGBinaryMinimum: w = u != u ? u : v != v ? v : u < v ? u : v; break;
        case TGBinaryPower: w = (SCALAR)pow(u, v); break;
        case TGBinaryChain: w = u == 0 ? 0 : u * v; break;
        case TGBinaryLess: w = u < v; break;
        case TGBinaryEqual: w = u == v; break;
        case TGBinaryLogitsCrossEntropy:
          w = (SCALAR)((v == 0 ? 0 : v * (fmax(-u, 0) + log1p(e))) + (v == 1 ? 0 : (1 - v) * (fmax(u, 0) + log1p(e)))); break;
        case TGBinarySigmoidResidual: {
          double p = u >= 0 ? 1 / (1 + e) : e / (1 + e), q = u >= 0 ? e / (1 + e) : 1 / (1 + e);
          w = (SCALAR)(u != u ? u : (1 - v) * p - v * q); break; }
      }
      y[r * columns + s] = w;
    }
}
static void TG(select)(const SCALAR *mask, const SCALAR *a, const SCALAR *b, SCALAR *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = mask[i] != 0 ? a[i] : b[i];
}
