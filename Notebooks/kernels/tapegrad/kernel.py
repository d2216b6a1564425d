"""A Jupyter kernel for Swift with TapeGrad. It needs a Swift toolchain, and no debugger.

`toolchain.py` compiles each cell to a dynamic library, which a process that lives as long as the session loads and runs
(`host.py`). This file speaks to Jupyter. It is not installed: JUPYTER_PATH names the folder above `kernels`.
"""
import codecs
import ctypes
import json
import os
import re
import selectors
import subprocess
import sys
import time
import traceback
from pathlib import Path

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

import cells
from completion import LanguageServer
from toolchain import CHECKOUT, Failure, Toolchain

BACKTRACE = ("enable=yes,color=no,interactive=no,registers=none,images=none,threads=crashed,limit=40,top=10,sanitize=no")
# The runtime's report of a crash, which is shown as the cell's error instead.
CRASH_REPORT = re.compile(r"\n*\*\*\* Signal |^Current stack trace:", re.M)
COMMANDS = ("%who", "%reload", "%optimize")
RESTART = "All variables are lost: run the cells again from the top."


class TapeGradKernel(Kernel):
    implementation, implementation_version, banner = "tapegrad", "1", "Swift with TapeGrad, compiled cell by cell"
    language_info = {"name": "swift", "mimetype": "text/x-swift", "file_extension": ".swift",
                     "pygments_lexer": "swift", "codemirror_mode": "swift"}
    toolchain = host = server = None
    cell = 0

    # MARK: A cell

    def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, **_):
        try:
            self.is_silent = silent
            if code.strip():
                self.execute(code)
            return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        except Failure as failure:
            error = failure
        except KeyboardInterrupt:
            error = Failure("Interrupted", "interrupted before the cell ran")
        except Exception:
            error = Failure("KernelError", traceback.format_exc())
        lines = error.text.strip().split("\n")
        content = {"ename": error.name, "evalue": lines[0], "traceback": lines}
        self.send_response(self.iopub_socket, "error", content)
        return dict(content, status="error", execution_count=self.execution_count)

    def execute(self, code):
        magic, code = self.magic(code)
        if magic == "%reload":
            self.stop_host()
        self.start_host()
        if magic == "%who":
            pairs = ", ".join(f'("{name}", {name} as Any)' for name in self.names.variables())
            code = f"__who([{pairs}])"
        self.cell += 1
        module, label, source = f"cell_{self.cell}", f"In[{self.execution_count}]", code.encode()
        items = self.toolchain.parse(module, label, source)
        if not items:
            return
        self.toolchain.compile(module, label, source, items, self.names, "-O" if magic == "%optimize" else "-Onone")
        self.run_cell(module)
        self.names.add(module, source, items)  # only now: a cell that failed declares nothing

    def magic(self, code):
        """The command in a cell's first line, and the rest, with an empty line in its place."""
        match = re.match(r"\s*(%\w+)[^\S\n]*(?=\n|$)", code)
        if not match:
            return None, code
        if match[1] not in COMMANDS:
            raise Failure("UnknownCommand", f"{match[1]} is none of {', '.join(COMMANDS)}.")
        return match[1], "\n" * match[0].count("\n") + code[match.end():]

    # MARK: Completion and hover

    def do_complete(self, code, cursor_pos):
        start, found = 0, []
        if code[:cursor_pos].lstrip().startswith("%") and "\n" not in code[:cursor_pos].strip():
            start = code.index("%")
            found = [(name, "magic") for name in COMMANDS if name.startswith(code[start:cursor_pos])]
        elif server := self.language_server():
            start, found = server.completions(self.names.prologue(), code, cursor_pos)
        kinds = [{"start": start, "end": cursor_pos, "text": text, "type": kind} for text, kind in found]
        return {"status": "ok", "matches": [text for text, _ in found], "cursor_start": start, "cursor_end": cursor_pos,
                "metadata": {"_jupyter_types_experimental": kinds}}

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        server = self.language_server()
        text = server.hover(self.names.prologue(), code, cursor_pos) if server else ""
        data = {"text/markdown": text, "text/plain": re.sub(r"(?m)^```.*\n?", "", text)}
        return {"status": "ok", "found": bool(text), "data": data if text else {}, "metadata": {}}

    def language_server(self):
        """The server, once there is a session: completion does not build the library."""
        if self.host and not self.server:
            self.server = LanguageServer(self.toolchain.work, self.toolchain.flags)
        return self.server if self.host else None

    # MARK: The session

    def start_host(self):
        """Starts the host, and builds the library where its sources changed."""
        if self.host:
            return
        self.toolchain = self.toolchain or Toolchain()
        if not self.toolchain.is_current():
            self.send_response(self.iopub_socket, "stream", {
                "name": "stderr", "text": "Building the library, which takes some minutes the first time …\n"})
            self.toolchain.build_library()
            self.send_response(self.iopub_socket, "clear_output", {"wait": False})
        self.names = cells.Names()
        read, write = os.pipe()
        life, self.life = os.pipe()
        if sys.platform.startswith("linux"):
            ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: `reap` ends what forked hosts leave
        self.host = subprocess.Popen(
            [sys.executable, "-W", "ignore", Path(__file__).with_name("host.py"), str(read), str(life), self.toolchain.library],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[read, life],
            env=dict(os.environ, SWIFT_BACKTRACE=BACKTRACE))
        os.close(read)
        os.close(life)
        self.commands = os.fdopen(write, "w")
        for pipe in (self.host.stdout, self.host.stderr):
            os.set_blocking(pipe.fileno(), False)

    def stop_host(self):
        if self.server:
            self.server.stop()
            self.server = None
        if self.host:
            self.commands.close()
            os.close(self.life)  # ends whichever process is the host by now
            self.host.stdout.close()
            self.host.stderr.close()
            self.host.kill()
            self.host.wait()
            self.host = None

    def do_shutdown(self, restart):
        self.stop_host()
        if self.toolchain:
            self.toolchain.remove()
        return {"status": "ok", "restart": restart}

    def reap(self):
        """Takes leave of hosts that their children have replaced."""
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass

    # MARK: What the host says

    def run_cell(self, module):
        """Has the host run a compiled cell, and passes on what it prints and shows."""
        request = {"cell": self.cell, "library": self.toolchain.product(module), "entry": f"{module}_main"}
        self.commands.write(json.dumps(request) + "\n")
        self.commands.flush()
        self.text = self.partial = self.errors = ""
        self.errors_sent, self.error = 0, None
        reply, is_interrupted, last_sent = None, False, time.monotonic()
        pipes = selectors.DefaultSelector()
        for name in ("stdout", "stderr"):
            pipes.register(getattr(self.host, name), selectors.EVENT_READ,
                           (name, codecs.getincrementaldecoder("utf-8")("replace")))
        while reply is None and pipes.get_map():
            try:
                for key, _ in pipes.select(0.3):
                    reply = self.read(pipes, key) or reply
                if time.monotonic() - last_sent > 0.3:
                    self.send_text()
                    last_sent = time.monotonic()
            except KeyboardInterrupt:
                is_interrupted = True  # the host got the signal too, and ends by it
        for key in list(pipes.get_map().values()):
            if key.data[0] == "stderr":
                self.read(pipes, key)
        self.send_text()
        self.reap()
        self.check(reply, is_interrupted)

    def read(self, pipes, key):
        """Takes in what one pipe has. Returns the host's reply once it is there."""
        try:
            chunk = os.read(key.fd, 1 << 16)
        except BlockingIOError:
            return None
        if not chunk:
            pipes.unregister(key.fileobj)
        name, decoder = key.data
        text = decoder.decode(chunk)
        if name == "stdout":
            return self.split(text)
        self.errors += text

    def split(self, text):
        """Takes the messages out of standard output. Returns the host's reply once it is there."""
        for part in re.split(r"(\x1e[^\x1e]*\x1e)", self.partial + text):
            self.partial = ""
            if not part.startswith("\x1e"):
                self.text += part
            elif not part.endswith("\x1e") or len(part) == 1:
                self.partial = part
            else:
                message = json.loads(part.strip("\x1e"))
                if "done" in message:
                    return message
                self.send_text()
                if "error" in message:
                    self.error = message
                else:
                    self.send_display(message)

    def check(self, reply, is_interrupted):
        """Raises what went wrong."""
        if reply is None or "died" in reply:
            if reply:
                consequence = "The variables are as they were before this cell."
            else:
                self.stop_host()
                consequence = RESTART
            name = "Interrupted" if is_interrupted else "Crash"
            raise Failure(name, f"{self.reason(reply, is_interrupted)}\n{consequence}")
        if "unloadable" in reply:
            raise Failure("LoadError", reply["unloadable"])
        if reply["threw"]:
            raise Failure(self.error["type"], without_modules(self.error["error"]))

    def reason(self, reply, is_interrupted):
        """Why the process ended, and where: from the runtime's report."""
        messages = re.findall(r"(?:Fatal error|Fatal access conflict|Precondition failed|Assertion failed).*", self.errors)
        status = f" (status {reply['died']})" if reply else ""
        text = "interrupted" if is_interrupted else messages[-1] if messages else f"the process ended{status}"
        for function, file, line in dict.fromkeys(re.findall(r" (\S+) \+ \d+ in \S+ at (\S+?):(\d+)", self.errors)):
            if not function.startswith("notebook_run"):
                file = file.replace(f"{self.toolchain.work}/", "").replace(f"{CHECKOUT}/", "")
                text += f"\n  at {file}:{line}" + ("" if "_main" in function else f" in {function}")
        return text

    # MARK: What Jupyter shows

    def send_text(self):
        report = CRASH_REPORT.search(self.errors)
        errors = self.errors[self.errors_sent:report.start() + 1 if report else None]
        self.errors_sent += len(errors)
        for name, text in (("stdout", self.text), ("stderr", errors)):
            if text.strip() or (text and not report):
                self.send_response(self.iopub_socket, "stream", {"name": name, "text": text})
        self.text = ""

    def send_display(self, message):
        data = {kind: text for kind, text in message.items() if "/" in kind}
        data["text/plain"] = without_modules(data["text/plain"])
        content = {"data": data, "metadata": {}}
        if "result" in message:
            if not self.is_silent:
                self.send_response(self.iopub_socket, "execute_result",
                                   dict(content, execution_count=self.execution_count))
        else:
            kind = "update_display_data" if "update" in message else "display_data"
            content["transient"] = {"display_id": message.get("update") or message["display"]}
            self.send_response(self.iopub_socket, kind, content)


def without_modules(text):
    """Types of cells without the names of their modules, which no reader wrote."""
    return re.sub(r"\bcell_\d+\.", "", text)


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=TapeGradKernel)
