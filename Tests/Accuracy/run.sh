#!/bin/sh
# Builds the kernels and ulp.c, and measures; the arguments are those of ulp.c. The full run takes minutes for each
# function. CC chooses the compiler, which must be clang.
set -e
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../Sources/CTapeGradKernels
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
${CC:-clang} -std=c11 -O2 -Wall -Wextra -I "$kernels/include" "$here/ulp.c" "$kernels"/*.c -o "$build/ulp" -lm -lpthread
"$build/ulp" "$@"
