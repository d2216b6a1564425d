"""Runs every notebook afresh, and compares what it says with what is committed."""
import copy
import os
import re
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[1]
os.environ["JUPYTER_PATH"] = str(NOTEBOOKS)
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")


def said(cell):
    """The text of a cell's outputs."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") + "\n" for output in cell.outputs)


def settled(text):
    """The text without widths of columns, and without numbers in lines that give an error bound: which element of an audit is
    the farthest off is up to rounding."""
    lines = [re.sub(r"\s+", " ", line) for line in text.splitlines()]
    return "\n".join(NUMBER.sub("#", line) if "±" in line else line for line in lines)


def assert_same(new, old):
    """Words are equal, and numbers to three digits: processors sum in different orders."""
    new, old = settled(new), settled(old)
    assert NUMBER.sub("#", new) == NUMBER.sub("#", old)
    for a, b in zip(map(float, NUMBER.findall(new)), map(float, NUMBER.findall(old))):
        assert a == pytest.approx(b, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebook(path, capsys):
    committed = nbformat.read(path, as_version=4)
    fresh = copy.deepcopy(committed)
    start = time.monotonic()
    NotebookClient(fresh, timeout=600, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    with capsys.disabled():
        print(f"\n{path.stem}: {time.monotonic() - start:.0f} s")
    for cell in fresh.cells:
        if cell.cell_type == "markdown":
            for link in re.findall(r"\]\(([^):#]+)\)", cell.source):
                assert (NOTEBOOKS / link).is_file(), f"{link} is not there"
    for new, old in zip(fresh.cells, committed.cells):
        if new.cell_type != "code":
            continue
        # Times and plans are others on another machine.
        if "varies" not in old.metadata.get("tags", []):
            assert_same(said(new), said(old))
        for drawing in [output.data["image/svg+xml"] for output in old.outputs if "image/svg+xml" in output.get("data", {})]:
            assert "<style" not in drawing and "<use" not in drawing  # GitHub removes both
            assert re.search(r'<rect[^>]*fill="(#fff|#ffffff|white)"', drawing)  # readable on a dark page too
