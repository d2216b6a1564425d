"""What the peers need: a Python environment, and the Swift package built."""
import functools
import pathlib
import subprocess
import sys
import venv

FOLDER = pathlib.Path(__file__).parent


class Missing(Exception):
    """Why a peer cannot take part."""


class Environment:
    """A folder outside the repository: a virtual environment, and beside it the Swift package's products."""

    def __init__(self, folder, installs):
        self.folder = pathlib.Path(folder).expanduser().resolve()
        self.installs = installs
        self.python = self.folder / "bin" / "python"

    def command(self, peer):
        """How the peer's process is started; raises Missing where it cannot be."""
        if peer.module == "swift":
            return [self.swift_peers(), peer.variant]
        if not self.python.exists():
            note(f"creating {self.folder}")
            venv.create(self.folder, with_pip=True)
        self.install("numpy")
        if peer.packages:
            self.install(*peer.packages)
        return [self.python, FOLDER / "worker.py", peer.module, peer.variant]

    @functools.cache
    def install(self, package, *options):
        module = package.partition("[")[0]
        check = [self.python, "-c", f"import importlib.util as u; exit(u.find_spec('{module}') is None)"]
        if subprocess.run(check).returncode == 0:
            return
        if not self.installs:
            raise Missing(f"{package} is not installed in {self.folder}")
        note(f"installing {package}")
        run([self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package, *options])

    @functools.cache
    def swift_peers(self):
        note("building SwiftPeers")
        options = ["-c", "release", "--package-path", FOLDER / "SwiftPeers", "--scratch-path", self.folder / "swift"]
        run(["swift", "build", *options])
        return run(["swift", "build", *options, "--show-bin-path"]).strip() + "/SwiftPeers"


def run(command):
    """What a command prints; raises Missing with its last words where it fails."""
    try:
        result = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise Missing(f"{command[0]}: {error.strerror}") from None
    if result.returncode != 0:
        words = (result.stderr.strip() or result.stdout.strip() or "failed").splitlines()[-1]
        raise Missing(words)
    return result.stdout


def note(text):
    """Tells on standard error what goes on."""
    print(text, file=sys.stderr, flush=True)
