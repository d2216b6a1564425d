// Reference body, to be replaced by the packed, register-blocked one.
static size_t TG(matmul_workspace)(size_t m, size_t k, size_t n, bool a_transposed, bool b_transposed) { return 0; }
static void TG(matmul)(
  const SCALAR *a, size_t lda, bool a_transposed, const SCALAR *b, size_t ldb, bool b_transposed, SCALAR *c, size_t ldc,
  size_t m, size_t k, size_t n, SCALAR *workspace) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      SCALAR total = 0;
      for (size_t p = 0; p < k; p += 256) {
        SCALAR chunk = 0;
        for (size_t q = p; q < k && q < p + 256; q++)
          chunk += (a_transposed ? a[q * lda + i] : a[i * lda + q]) * (b_transposed ? b[j * ldb + q] : b[q * ldb + j]);
        total += chunk;
      }
      c[i * ldc + j] = total;
    }
}
