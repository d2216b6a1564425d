#!/usr/bin/env python3
"""Is every public symbol documented, and placed by a topic of its module's catalogue?

    check.py SYMBOLS PAGES MODULE...

SYMBOLS  a folder with the symbol graphs that the compiler wrote: MODULE.symbols.json, MODULE@OTHER.symbols.json
PAGES    a folder with what docc made of them: MODULE.doccarchive
MODULE   in the order of their imports: a symbol that is exported again belongs to the first module that has it

Prints the first symbol that is not, and exits with 1; prints a line for each module otherwise.
"""

import json
import sys
from pathlib import Path

# Kinds of symbols that are no declaration of their own: the members of an extension are documented one by one.
EXTENSIONS = {"swift.extension"}


def symbols(folder, module):
    """The symbols of a module's graphs, by their unique names, without those that the compiler synthesized."""
    found = {}
    for path in [folder / f"{module}.symbols.json", *sorted(folder.glob(f"{module}@*.symbols.json"))]:
        for symbol in json.loads(path.read_text())["symbols"]:
            if "location" in symbol and "::SYNTHESIZED::" not in symbol["identifier"]["precise"]:
                found[symbol["identifier"]["precise"]] = symbol
    return found


def is_documented(symbol):
    lines = symbol.get("docComment", {"lines": []})["lines"]
    return symbol["kind"]["identifier"] in EXTENSIONS or any(line["text"].strip() for line in lines)


def unplaced(archive, module):
    """The pages that docc listed by kind at the end of the module's page, because no topic names them.

    Members are listed by the page of their type, and extended types by a page of the module that they come from, where
    they stay when a topic names them.
    """

    def page(identifier):
        return json.loads((archive / "data" / (identifier.split("/", 3)[3].lower() + ".json")).read_text())

    def listed(page, generated):
        for section in page.get("topicSections", []):
            if section.get("generated", False) == generated:
                yield from section["identifiers"]

    root = page(f"doc://{module}/documentation/{module}")
    placed = set(listed(root, generated=False))
    for identifier in listed(root, generated=True):
        found = page(identifier)
        if found["metadata"].get("roleHeading") == "Extended Module":
            yield from (page(extended) for extended in listed(found, generated=True) if extended not in placed)
        else:
            yield found


def main(symbol_folder, page_folder, *modules):
    below = set()
    for module in modules:
        own = {name: symbol for name, symbol in symbols(Path(symbol_folder), module).items() if name not in below}
        below.update(own)
        for symbol in own.values():
            if not is_documented(symbol):
                place = f"{symbol['location']['uri'].removeprefix('file://')}:{symbol['location']['position']['line'] + 1}"
                sys.exit(f"{place}: {'.'.join(symbol['pathComponents'])} is public and not documented")
        for page in unplaced(Path(page_folder) / f"{module}.doccarchive", module):
            if page["metadata"].get("externalID") in own:
                title = page["metadata"]["title"]
                sys.exit(f"{module}: no topic of Sources/{module}/{module}.docc names {title}")
        print(f"{module}: {len(own)} public symbols, all documented and placed")


if __name__ == "__main__":
    main(*sys.argv[1:])
