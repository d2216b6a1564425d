"""What the Swift toolchain does for a notebook: it builds the library, parses cells, and compiles and links them."""
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cells

SUPPORT = Path(__file__).resolve().parent / "Support"
CHECKOUT = SUPPORT.parents[3]
BUILD = CHECKOUT / ".build"  # the checkout's own: a library that was built there is not built again
IS_LINUX = sys.platform.startswith("linux")
ADVICE = """
The compiler looked for too long. In formulas of tensors this mostly means that types are mixed: write m as a Double and \
not an Int, give tensors one scalar type, or name a part of the formula with `let`."""


class Failure(Exception):
    """Something that ends a cell, and is shown as its error."""

    def __init__(self, name, text):
        self.name, self.text = name, text


def run(*arguments, cwd=None):
    return subprocess.run([str(a) for a in arguments], cwd=cwd, text=True, errors="replace",
                          stdin=subprocess.DEVNULL, capture_output=True)


def tool(name):
    path = shutil.which(name)
    if not path:
        raise Failure("NoToolchain", f"There is no `{name}` on the path. Swift 6.3 or newer: https://www.swift.org/install")
    return path


class Toolchain:
    """Compiles cells against a release build of the library."""

    def __init__(self):
        self.work = Path(tempfile.mkdtemp(prefix="tapegrad-notebook-"))
        products = BUILD / "release"
        self.library = products / ("libNotebookSupport" + (".so" if IS_LINUX else ".dylib"))
        # TapeGradCore publicly imports the C target, whose module map is not among the modules.
        self.flags = [f"-I{products / 'Modules'}", f"-I{self.work}", "-Xcc",
                      f"-fmodule-map-file={products / 'CTapeGradKernels.build/module.modulemap'}"]
        # -c, since -emit-library takes a single file for a library and not for a script.
        self.frontend = self.job(
            "-c", "-wmo", "-no-emit-module-separately-wmo", "-Onone", "-g", "-module-name", "CELL", "-enable-testing",
            "-suppress-warnings", "-diagnostic-style=llvm", "-no-color-diagnostics",
            "-Xfrontend", "-entry-point-function-name", "-Xfrontend", "CELL_main",
            "-emit-module", "-emit-module-path", "CELL.swiftmodule", *self.flags, "-o", "CELL.o", "CELL.swift")
        self.linker = self.job(
            "-emit-library", "-o", "libCELL.so", "CELL.o", self.library, "-Xlinker", "-rpath", "-Xlinker", self.library.parent,
            # On macOS, earlier cells are found when the cell is loaded; on Linux they are anyway.
            *(["-use-ld=lld"] if IS_LINUX else ["-Xlinker", "-undefined", "-Xlinker", "dynamic_lookup"]))

    def job(self, *arguments):
        """The command line of the last process that `swiftc` would start. Starting it without `swiftc` halves a cell's time."""
        plan = run(tool("swiftc"), "-###", *arguments, cwd=self.work)
        if plan.returncode:
            raise Failure("ToolchainError", plan.stderr)
        return shlex.split(plan.stdout.strip().split("\n")[-1])

    def run_job(self, job, module, *more):
        return run(*(argument.replace("CELL", module) for argument in job), *more, cwd=self.work)

    def is_current(self):
        """Whether the library was built after the last change of its sources."""
        folders = [CHECKOUT / "Sources", SUPPORT / "Sources"]
        files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".swift", ".c", ".h")]
        return self.library.exists() and self.library.stat().st_mtime > max(path.stat().st_mtime for path in files)

    def build_library(self):
        # What the umbrella module re-exports may change without it, and SwiftPM would then take the old object files.
        for file in (SUPPORT / "Sources").rglob("*.swift"):
            file.touch()
        result = run(tool("swift"), "build", "--package-path", SUPPORT, "--scratch-path", BUILD, "-c", "release",
                     "--product", "NotebookSupport")
        if result.returncode:
            raise Failure("BuildError", result.stdout + result.stderr)
        self.library.touch()  # also where there was nothing to do

    def parse(self, module, label, source):
        """The cell's top-level items."""
        (self.work / f"{module}.swift").write_bytes(source)
        result = run(self.frontend[0], "-frontend", "-dump-parse", "-dump-ast-format", "json", "-diagnostic-style=llvm",
                     f"{module}.swift", cwd=self.work)
        if result.returncode:
            raise Failure("CompileError", result.stderr.replace(f"{module}.swift", label))
        return json.loads(result.stdout).get("items", [])

    def compile(self, module, label, source, items, names, optimization):
        """Makes the cell a dynamic library."""
        # The text that shows its value may not compile where the plain text does, as for a value that cannot be copied. The
        # errors shown are those of the plain text.
        texts = [cells.transformed(source, items, label, shows) for shows in (True, False)]
        access = []
        while True:
            prologue = names.prologue(source)
            (self.work / f"{module}.swift").write_bytes("\n".join(prologue).encode() + cells.location(label, 1) + b"\n" + texts[0])
            result = self.run_job(self.frontend, module, optimization, *access)
            if result.returncode == 0:
                break
            lines = re.findall(rf"(?m)^{module}\.swift:(\d+):\d+: error", result.stderr)
            if names.forget({prologue[int(line) - 1] for line in lines if int(line) <= len(prologue)}):
                continue  # a declaration that cannot be imported by name after all
            if "must be declared public because" in result.stderr and not access:
                # A type of an earlier cell counts as public, so a conformance that is added to it would need public members.
                access = ["-disable-access-control"]
            elif texts[0] != texts[-1]:
                texts.pop(0)
            else:
                slow = "unable to type-check" in result.stderr
                raise Failure("CompileError", result.stderr + (ADVICE if slow else ""))
        self.link(module)

    def link(self, module):
        more = []
        if IS_LINUX:  # The names of Swift's libraries that the cell imports stand in its object file, where swiftc reads them.
            names = set(re.findall(rb"(?<=\0-l)\w+(?=\0)", (self.work / f"{module}.o").read_bytes()))
            folder = Path(self.linker[self.linker.index("-L") + 1])
            more = [f"-l{name.decode()}" for name in sorted(names) if (folder / f"lib{name.decode()}.so").exists()]
        result = self.run_job([part for part in self.linker if not part.startswith("@")], module, *more)
        if result.returncode:
            raise Failure("LinkError", result.stderr)

    def product(self, module):
        return str(self.work / f"lib{module}.so")

    def remove(self):
        shutil.rmtree(self.work, ignore_errors=True)
