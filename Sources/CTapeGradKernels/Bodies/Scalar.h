// Every kernel of one scalar type and one instruction set. All.h includes this file once for each type, with SCALAR,
// UNSIGNED (the integer of the same size) and TG (which appends the suffix) defined.
//
// The order below is that of use: vectors, functions of a vector, loops over arrays, reductions, copies, the matrix
// product. Nothing includes anything else, so what a file needs stands above it here. At the end every name is taken
// back, for the next type.

#include "Vectors.h"
#include "FunctionsExponential.h"
#include "FunctionsLogarithm.h"
#include "FunctionsSigmoid.h"
#include "FunctionsTanh.h"
#include "Elementwise.h"
#include "ElementwiseBinary.h"
#include "Recurrence.h"
#include "Rounds.h"
#include "Folds.h"
#include "FoldRow.h"
#include "FoldColumns.h"
#include "Reductions.h"
#include "CopyTransposed.h"
#include "Copies.h"
#include "MatrixProduct.h"
#include "MaxPool.h"

#undef SCALAR
#undef UNSIGNED
#undef TG
#undef VECTOR
#undef VECTOR_LANES
#undef INLINE
#undef MAXIMUM
#undef MINIMUM
#undef LOAD_PIECES
#undef STORE_PIECES
#undef COMBINE
#undef TG_FOLD_COMBINED
