#!/bin/sh
# Builds the kernels and ulp.c, and measures; the arguments are those of ulp.c. The full run takes from half a minute to a
# few minutes of processor time for each function and instruction set. CC chooses the compiler, which must be clang; ARM64=1 cross-compiles for 64-bit ARM, with Debian's
# gcc-aarch64-linux-gnu, and runs the program under qemu-user.
set -e
here=$(cd "$(dirname "$0")" && pwd)
kernels=$here/../../Sources/CTapeGradKernels
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
compiler=${CC:-clang}
emulator=
if [ -n "$ARM64" ]; then
  compiler="$compiler --target=aarch64-linux-gnu --sysroot=/usr/aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include"
  emulator="qemu-aarch64 -L /usr/aarch64-linux-gnu"
  for source in "$here/ulp.c" "$kernels"/*.c; do
    $compiler -std=c11 -O2 -Wall -Wextra -I "$kernels/include" -c "$source" -o "$build/$(basename "$source").o"
  done
  aarch64-linux-gnu-gcc "$build"/*.o -o "$build/ulp" -lm -lpthread
else
  # The reference for Float: glibc's vector functions where machine and linker have them.
  vectors= library=
  if grep -qw avx512f /proc/cpuinfo 2>/dev/null &&
    echo 'int main(void) { return 0; }' | $compiler -x c - -lmvec -o "$build/probe" 2>/dev/null; then
    vectors=-mavx512f library=-lmvec
  fi
  for source in "$kernels"/*.c; do
    $compiler -std=c11 -O2 -Wall -Wextra -I "$kernels/include" -c "$source" -o "$build/$(basename "$source").o"
  done
  $compiler -std=c11 -O2 -Wall -Wextra $vectors -I "$kernels/include" "$here/ulp.c" "$build"/*.o -o "$build/ulp" \
    $library -lm -lpthread
fi
$emulator "$build/ulp" "$@"
