#!/usr/bin/env bash
# A package outside that depends on this one by URL: it gets a gradient; and of operations that do not fit, in programs of
# all kinds, each error names the right line or none, and no program stops. Usage: run.sh WORK, where WORK is an empty folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$1"
git clone -q "$root" tapegrad
mkdir -p package/Sources/{Consumer,Program,Async,Entry}
cat >package/Sources/Consumer/main.swift <<'PROGRAM'
import TapeGrad

let x = Tensor<Double>([1, 2, 3])
let dx = try gradient(at: x) { x in (x * x).sum() }
print(try dx.scalars)
PROGRAM
cp "$root"/Tests/CallSites/Lines.swift package/Sources/Program/
cp "$root"/Tests/CallSites/{Lines,Async}.swift package/Sources/Async/
cp "$root"/Tests/CallSites/{Lines,Entry}.swift package/Sources/Entry/
echo 'failures()' >package/Sources/Program/main.swift
cat >package/Package.swift <<MANIFEST
// swift-tools-version: 6.1
import PackageDescription

let tapegrad = Target.Dependency.product(name: "TapeGrad", package: "tapegrad")
let package = Package(
  name: "Package",
  platforms: [.macOS(.v15)],
  products: [.library(name: "Entry", type: .dynamic, targets: ["Entry"])],
  dependencies: [.package(url: "file://$PWD/tapegrad", revision: "$(git -C tapegrad rev-parse HEAD)")],
  targets: [
    .executableTarget(name: "Consumer", dependencies: [tapegrad]),
    .executableTarget(name: "Program", dependencies: [tapegrad]),
    .executableTarget(name: "Async", dependencies: [tapegrad]),
    .target(name: "Entry", dependencies: [tapegrad]),
  ]
)
MANIFEST
cd package
swift build -c release --quiet
build=$(swift build -c release --show-bin-path)
"$build/Consumer" | grep -qx '\[2.0, 4.0, 6.0\]' || { echo "the consumer's gradient is another one"; exit 1; }

# Runs a program. Every line that it prints must name the right line; with `allow-none`, it may name none.
check() {
  local name=$1 rule=$2 output
  shift 2
  output=$("$@") || { echo "$name stopped"; return 1; }
  echo "$name: $(grep -c ' for ' <<<"$output") errors, $(grep -c '^none for' <<<"$output" || true) without a line"
  if grep -vE '^([^ ]+) for \1$'"$([ "$rule" = allow-none ] && echo '|^none for ')" <<<"$output"; then
    echo "$name names a wrong line"
    return 1
  fi
}

check "a program built by the package manager" all "$build/Program"
check "an async program, and tasks" all "$build/Async"

# Without debug information, as plain swiftc builds; the library has it.
cp "$root"/Tests/CallSites/Lines.swift . && echo 'failures()' >main.swift
link=(-I "$build/Modules" -L "$build" -lEntry -Xlinker -rpath -Xlinker "$build")
flags=(-swift-version 6 -O -Xcc "-fmodule-map-file=$build/CTapeGradKernels.build/module.modulemap")
swiftc "${flags[@]}" main.swift Lines.swift -o plain "${link[@]}"
check "plain swiftc -O" allow-none ./plain
swiftc "${flags[@]}" -g main.swift Lines.swift -o plain-g "${link[@]}"
check "swiftc -O -g" all ./plain-g
cp "$root"/Tests/CallSites/Async.swift .
swiftc "${flags[@]}" -parse-as-library Async.swift Lines.swift -o plain-async "${link[@]}"
check "plain swiftc -O, async" allow-none ./plain-async

if command -v gcc >/dev/null; then
  gcc -O2 "$root/Tests/CallSites/host.c" -o host -L"$build" -lEntry -Wl,-rpath,"$build" \
    -Wl,-rpath,"$(dirname "$(dirname "$(command -v swiftc)")")/lib/swift/linux" -Wl,--allow-shlib-undefined
  check "a host in C" all ./host
fi
