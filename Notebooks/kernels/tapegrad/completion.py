"""Completion and hover, by the toolchain's sourcekit-lsp.

The server sees one document: what the compiler would get if the cell were run now, which is the imports of all names that
earlier cells declared, and the cell's text. The first question starts it, in a thread of its own, and has no answer; nor has a
question that is not answered in time. A server that ended is started again, but not for ever. TAPEGRAD_COMPLETION=off
starts none.
"""
import json
import os
import re
import shutil
import subprocess
import threading
import time

PATIENCE = 0.4  # seconds that a question waits for its answer
STARTS, DOCUMENTS = 3, 500
# The protocol's numbers for kinds of completions, and Jupyter's names for them.
KINDS = {2: "function", 3: "function", 4: "function", 6: "instance", 7: "class", 8: "class", 9: "module", 10: "property",
         13: "class", 14: "keyword", 20: "property", 22: "class"}


class LanguageServer:
    """sourcekit-lsp, asked one question at a time."""

    def __init__(self, folder, flags):
        self.folder, self.flags, self.starts = folder / "completion", flags, 0
        self.process = self.starting = None
        self.is_ready = False
        self.path = shutil.which("sourcekit-lsp") if os.environ.get("TAPEGRAD_COMPLETION") != "off" else None

    def completions(self, prologue, code, position):
        """The start of the word at the cursor, and what it may become: pairs of text and kind."""
        start, items = self.items(prologue, code, position)
        word = code[start:position].lower()
        found = {}
        for item in items:
            text = item.get("insertText") or item["label"]
            if "()" not in text:
                text = re.sub(r"\(.*", "(", text)  # the reader writes the arguments
            if text.lower().startswith(word):
                found[text] = KINDS.get(item.get("kind"), "text")
        return start, list(found.items())

    def hover(self, prologue, code, position):
        """What is known of the name at the cursor or before it, as Markdown; empty where nothing is."""
        names = [name for name in re.finditer(r"[^\W\d]\w*", code) if name.start() <= position]
        if not names:
            return ""
        name, end = names[-1].group(), names[-1].end()
        deadline = time.monotonic() + PATIENCE
        answer = self.ask("hover", prologue, code, names[-1].start(), PATIENCE) or {}
        text = answer.get("contents", {}).get("value", "") if isinstance(answer.get("contents"), dict) else ""
        if text:
            return text
        # A call that is not written to its end: which ones there are.
        calls = [f"{item['label']} -> {item['detail']}" for item in self.items(prologue, code[:end], end, deadline - time.monotonic())[1]
                 if item["label"].startswith(f"{name}(") and "detail" in item]
        return "```swift\n" + "\n".join(calls) + "\n```" if calls else ""

    def items(self, prologue, code, position, patience=PATIENCE):
        answer = self.ask("completion", prologue, code, position, patience)
        items = answer.get("items", []) if isinstance(answer, dict) else answer
        return re.search(r"\w*$", code[:position]).start(), items or []

    def ask(self, question, prologue, code, position, patience):
        """The server's answer about a place in a cell, or None."""
        if not self.is_running(prologue):
            return None
        try:
            if prologue != self.prologue:
                self.open(prologue)
            self.version += 1
            # At the place of its last completion, the server would complete the text from then: so the place changes.
            lines = prologue + [""] * (self.version % 50)
            self.send("textDocument/didChange", {"textDocument": {"uri": self.uri, "version": self.version},
                                                 "contentChanges": [{"text": "\n".join([*lines, code])}]})
            before = code[:position].split("\n")
            place = {"line": len(lines) + len(before) - 1, "character": len(before[-1].encode("utf-16-le")) // 2}
            return self.request(f"textDocument/{question}", {"textDocument": {"uri": self.uri}, "position": place}, patience)
        except (OSError, ValueError):
            return None  # the server ended meanwhile

    # MARK: The process

    def is_running(self, prologue):
        if self.is_ready and self.process.poll() is None:
            return True
        if self.path and self.starts < STARTS and not (self.starting and self.starting.is_alive()):
            self.starts += 1
            self.starting = threading.Thread(target=self.start, args=(prologue,), daemon=True)
            self.starting.start()
        return False

    def start(self, prologue):
        self.is_ready, self.document, self.prologue, self.number, self.answers = False, 0, None, 0, {}
        self.changed = threading.Condition()
        self.folder.mkdir(exist_ok=True)
        (self.folder / "compile_commands.json").write_text(json.dumps([{
            "directory": str(self.folder), "file": str(self.file(number)),
            "arguments": ["swiftc", *map(str, self.flags), f"-DCELLS_{number}", "-module-name", "main", str(self.file(number))]}
            for number in range(DOCUMENTS)]))
        self.process = subprocess.Popen([self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, cwd=self.folder, start_new_session=True)
        threading.Thread(target=self.listen, args=(self.process,), daemon=True).start()
        try:
            self.request("initialize", {"processId": os.getpid(), "rootUri": self.folder.as_uri(), "capabilities": {}}, 30)
            self.send("initialized", {})
            self.open(prologue)
            # The first completion loads all modules.
            self.request("textDocument/completion", {"textDocument": {"uri": self.uri},
                                                     "position": {"line": len(prologue), "character": 0}}, 30)
            self.is_ready = True
        except (OSError, ValueError):
            pass

    def file(self, number):
        return self.folder / str(number) / "main.swift"  # of this name, as a script

    def open(self, prologue):
        """Opens another document, of another command line, where cells were added: the server looks into the folder of the
        cells' modules once for each."""
        if self.prologue is not None:
            self.send("textDocument/didClose", {"textDocument": {"uri": self.uri}})
        self.document, self.version, self.prologue = (self.document + 1) % DOCUMENTS, 1, prologue
        self.uri = self.file(self.document).as_uri()
        self.send("textDocument/didOpen", {"textDocument": {
            "uri": self.uri, "version": 1, "languageId": "swift", "text": "\n".join(prologue)}})

    def stop(self):
        self.path = None
        if self.process:
            self.process.kill()
            self.process.wait()

    # MARK: Its protocol: JSON with a header that gives the length

    def send(self, method, parameters, **more):
        self.write(dict(more, method=method, params=parameters))

    def write(self, message):
        data = json.dumps(dict(message, jsonrpc="2.0")).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def request(self, method, parameters, patience):
        self.number += 1
        self.send(method, parameters, id=self.number)
        with self.changed:
            if self.changed.wait_for(lambda: self.number in self.answers, patience):
                return self.answers.pop(self.number)
            self.answers.clear()
        self.send("$/cancelRequest", {"id": self.number})
        return None

    def listen(self, process):
        """Keeps the server's answers, in a thread of its own, until it ends."""
        while header := process.stdout.readline():
            if not header.lower().startswith(b"content-length"):
                continue
            process.stdout.readline()
            message = json.loads(process.stdout.read(int(header.split(b":")[1])))
            if "id" in message and "method" in message:
                self.write({"id": message["id"], "result": None})  # the server asks something: it may do as it likes
            elif "id" in message:
                with self.changed:
                    self.answers[message["id"]] = message.get("result")
                    self.changed.notify()
