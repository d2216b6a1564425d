"""What a cell's text becomes before the compiler gets it, and which earlier cell owns which name.

A cell is compiled as a module of its own, as a script. Its text stays as it is, with two exceptions (see `transformed`).
Positions are offsets in bytes, as the compiler's parser gives them; `end` is where the last token begins.
"""
import re

# What the parser calls a declaration, and the keyword that imports one by name.
KEYWORDS = {"var_decl": "var", "func_decl": "func", "struct_decl": "struct", "class_decl": "class",
            "enum_decl": "enum", "protocol": "protocol", "protocol_decl": "protocol",
            "typealias": "typealias", "type_alias_decl": "typealias"}


def transformed(source, items, label, shows):
    """The text with top-level `await` inside `__await { … }`, and, if asked for, its last expression in `__show(…)`."""
    edits = []
    for item in items:
        if item["_kind"] != "top_level_code_decl":
            continue
        element, start, last = item["body"]["elements"][-1], item["range"]["start"], item["range"]["end"]
        is_shown = shows and item is items[-1] and is_value(element) and not source.rstrip().endswith(b";")
        if is_shown:
            edits.append((start, b"__show("))
        if awaits(element) or re.match(rb"for\s+(try\s+)?await\b", source[start:]):
            if element["_kind"] == "pattern_binding_decl":
                start = source.index(b"=", start) + 1
            edits.append((start, b" try __await { "))
            end = source.find(b"\n", last) % (len(source) + 1)  # the end of the text where there is no line after it
            following = [i["range"]["start"] for i in items if last < i["range"]["start"] < end]
            if following:  # another statement in the same line
                edits.append((following[0], b"};"))
            else:
                goes_on = end < len(source) and not is_shown
                edits.append((end, b"\n}" + (location(label, source.count(b"\n", 0, end) + 2) if goes_on else b"")))
        if is_shown:
            edits.append((len(source), b"\n)"))
    text, at = b"", 0
    for position, insertion in sorted(edits, key=lambda edit: edit[0]):
        text, at = text + source[at:position] + insertion, position
    return text + source[at:]


def location(label, line):
    """Has the compiler count lines as the reader does."""
    return f'\n#sourceLocation(file: "{label}", line: {line})'.encode()


def is_value(element):
    """Whether a statement is an expression, and no assignment."""
    kinds = [element["_kind"]] + [part.get("_kind") for part in element.get("elements", [])]
    return kinds[0].endswith("_expr") and "assign_expr" not in kinds


def awaits(node):
    """Whether a statement awaits itself, not in a closure or a declaration inside it."""
    if isinstance(node, list):
        return any(map(awaits, node))
    if not isinstance(node, dict) or node.get("_kind") in ("closure_expr", *KEYWORDS):
        return False
    return node.get("_kind") == "await_expr" or any(map(awaits, node.values()))


def base_name(item):
    return (item.get("name") or {}).get("base_name", {}).get("name", "")


class Names:
    """The declarations that later cells see, each with the module that owns it."""

    def __init__(self):
        self.imports = []  # the import lines that cells wrote
        # By keyword and name (and the header, of a function): module and import line. Extensions and operators cannot be
        # imported by name; they have None for the line.
        self.owners = {}
        self.uses = {}  # By module: the modules whose declarations it was compiled with.

    def prologue(self, source=None):
        """The lines that a cell begins with, unseen; without a text, those of every name.

        Two modules that declare one name make it ambiguous, but an import by name beats every import of a whole module:
        so the newest declaration hides older ones, and the library's.
        """
        modules = self.modules(source)
        whole = {module for module, line in self.owners.values() if line is None}
        by_name = {line for module, line in self.owners.values() if line and module in modules}
        return ["import NotebookSupport", *self.imports,
                *(f"@testable import {module}" for module in sorted(whole)), *sorted(by_name)]

    def modules(self, source):
        """The modules of the names in a text, and those that they were compiled with: of a variable whose type is of another
        cell, the members are asked for. With 200 cells, this saves a fourth of a cell's time."""
        if source is None:
            return {module for module, _ in self.owners.values()}
        words = set(re.findall(r"\w+", source.decode(errors="replace")))
        direct = {module for (_, name, _), (module, line) in self.owners.items() if name in words or line is None}
        return direct.union(*(self.uses.get(module, ()) for module in direct))

    def forget(self, lines):
        """Drops the declarations behind some of the prologue's lines; false where there are none."""
        stale = [key for key, (module, line) in self.owners.items() if (line or f"@testable import {module}") in lines]
        for key in stale:
            del self.owners[key]
        return bool(stale)

    def add(self, module, source, items):
        """Takes in what a cell declares."""
        self.uses[module] = self.modules(source)
        for item in items:
            kind, name, span = item["_kind"], base_name(item), item.get("range", {"start": 0, "end": 0})
            header = re.sub(r"\s+", " ", source[span["start"]:span["end"]].decode(errors="replace").split("{")[0])
            if kind == "import_decl":
                line = re.match(rb"[^\n;]*", source[span["start"]:]).group().decode()
                self.imports += [line] if line not in self.imports else []
            elif any("private" in attribute.get("access_level", "") for attribute in item.get("attrs", [])):
                pass  # private to its cell, as to a file
            elif kind in KEYWORDS and re.fullmatch(r"\w+", name):
                self.define(module, KEYWORDS[kind], name, header if kind == "func_decl" else "")
            elif kind not in ("top_level_code_decl", "pattern_binding_decl"):  # extensions, operators
                for member in [base_name(member) for member in item.get("members", [])] or [name]:
                    self.owners[kind, header, member] = (module, None)

    def define(self, module, keyword, name, header):
        """Functions of one name live side by side where their headers differ; else a new declaration hides the old."""
        for old in [key for key in self.owners if key[1] == name and not (header and key[2])]:
            del self.owners[old]
        self.owners[keyword, name, header] = (module, f"@testable import {keyword} {module}.`{name}`")

    def variables(self):
        return [key[1] for key, (_, line) in self.owners.items() if key[0] == "var" and line]
