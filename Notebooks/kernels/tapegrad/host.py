"""The process that holds a notebook's variables: it loads each compiled cell and runs it.

    host.py COMMANDS LIFE LIBRARY

COMMANDS is a pipe of JSON lines {"cell", "library", "entry"}; LIFE a pipe that closes with the kernel. The answer follows
what the cell printed, in standard output, between two RS characters.

On Linux the host forks before each cell. The parent sleeps while the child runs the cell. A child that comes to the cell's
end ends the parent and is the host from then on; where it dies, the parent goes on with the variables as they were before.
A forked process has one thread only. The library's own threads are started anew in the child, but others, such as those of
Swift's tasks, would be missing: once there are any, the host does not fork any more.
"""
import ctypes
import fcntl
import json
import os
import signal
import sys

IS_LINUX = sys.platform.startswith("linux")


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_kernel()
    library = ctypes.CDLL(sys.argv[3], mode=ctypes.RTLD_GLOBAL)
    libc = ctypes.CDLL(None)
    stdout = ctypes.c_void_p.in_dll(libc, "stdout" if IS_LINUX else "__stdoutp")
    libc.setvbuf(stdout, None, 1, 0)  # by lines: _IOLBF is 1
    for line in os.fdopen(int(sys.argv[1])):
        request = json.loads(line)
        reply = {"done": request["cell"]}
        parent = fork(reply) if can_fork() else 0
        if "died" not in reply:
            try:
                cell = ctypes.CDLL(request["library"], mode=ctypes.RTLD_GLOBAL)
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                reply["threw"] = library.notebook_run(getattr(cell, request["entry"]))
            except (OSError, AttributeError) as error:
                reply["unloadable"] = str(error)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            libc.fflush(None)
            if parent:
                os.kill(parent, signal.SIGKILL)
        os.write(1, b"\x1e" + json.dumps(reply).encode() + b"\x1e")


def end_with_kernel():
    """Has the system end this process when LIFE closes, however the kernel ends: the default action of SIGIO."""
    life = int(sys.argv[2])
    fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)


def can_fork():
    """Whether no thread would be missing in the child. The library's threads have this process's name; Dispatch names its own."""
    def name(thread):
        with open(f"/proc/self/task/{thread}/comm") as file:
            return file.read()
    return IS_LINUX and len(set(map(name, os.listdir("/proc/self/task")))) == 1


def fork(reply):
    """In the child: the parent's process. In the parent, once its child died: None, and the reply says how."""
    parent, child = os.getpid(), os.fork()
    if child == 0:
        end_with_kernel()
        return parent
    reply["died"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return None


main()
