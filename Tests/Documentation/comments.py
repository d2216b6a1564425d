#!/usr/bin/env python3
"""Prints how many lines of comment each module of a folder has for a line of code.

    comments.py Sources

Blank lines and tables of data count as neither. A third is about what a newcomer needs.
"""

import sys
from pathlib import Path

DATA = {"BreastCancerTable.swift"}


def count(module):
    code = comments = 0
    for path in module.rglob("*"):
        if path.suffix not in {".swift", ".c", ".h"} or path.name in DATA:
            continue
        for line in filter(None, map(str.strip, path.read_text().splitlines())):
            if line.startswith("//"):
                comments += 1
            else:
                code += 1
    return code, comments


def main(folder):
    for module in sorted(path for path in Path(folder).iterdir() if path.is_dir()):
        code, comments = count(module)
        print(f"{module.name}: {code} lines of code, {comments / max(code, 1):.2f} of comment for each")


if __name__ == "__main__":
    main(*sys.argv[1:])
