#!/usr/bin/env python3
"""Are figures seen as they are meant: nothing blank, every text where its place is, and none on another?

    render.py FOLDER

Renders each SVG file of the folder to PNG beside it, with librsvg and Liberation Sans, which has Helvetica's widths. A second
rendering without texts shows by its difference where the texts' pixels are. Prints the first failure and exits with 1.
"""

import io
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from PIL import Image, ImageChops, ImageFont

SCALE = 2
NAMESPACE = "{http://www.w3.org/2000/svg}"
FONT = "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"
ET.register_namespace("", NAMESPACE[1:-1])


def extent(root):
    """Width and height of a figure: 640 × 400, or what a tape diagram takes."""
    return tuple(float(number) for number in root.get("viewBox").split()[2:])


def rendered(root):
    done = subprocess.run(
        ["rsvg-convert", "--width", str(round(extent(root)[0] * SCALE))], input=ET.tostring(root), capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def advance(run, font=ImageFont.truetype(FONT, 1000), absent={}):
    """The width of a run in thousandths of its size; what the font lacks is taken from another one, and an em wide at most."""
    for sign in set(run) - absent.keys():
        absent[sign] = bytes(font.getmask(sign)) == bytes(font.getmask("\uffff"))
    return sum(1000 if absent[sign] else font.getlength(sign) for sign in run)


def place(text):
    """What a text covers, by the font's own metrics: left, top, right, bottom."""
    runs = [(text.text or "", float(text.get("font-size")))]
    for part in text:
        runs += [(part.text or "", float(part.get("font-size", text.get("font-size")))), (part.tail or "", runs[0][1])]
    width = sum(advance(run) * size / 1000 for run, size in runs)
    x, y, size = float(text.get("x")), float(text.get("y")), float(text.get("font-size"))
    left = x - {"start": 0, "middle": width / 2, "end": width}[text.get("text-anchor", "start")]
    return left, y - 0.8 * size, left + width, y + 0.25 * size


def failure(path):
    root = ET.parse(path).getroot()
    texts = list(root.iter(NAMESPACE + "text"))
    full = rendered(root)
    full.save(path.with_suffix(".png"))
    width, height = extent(root)
    if full.size != (width * SCALE, height * SCALE):
        return f"has the size {full.size}"
    background = Image.new("RGB", full.size, "white")
    marked = sum(ImageChops.difference(full, background).convert("L").histogram()[16:])
    if marked < 0.002 * full.size[0] * full.size[1]:
        return "is blank"
    places = [(" ".join("".join(text.itertext()).split()), place(text)) for text in texts]
    for index, (name, box) in enumerate(places):
        if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
            return f"'{name}' leaves the canvas"
        for other, taken in places[:index]:
            if box[0] < taken[2] and taken[0] < box[2] and box[1] < taken[3] and taken[1] < box[3]:
                return f"'{name}' touches '{other}'"
    for parent in list(root.iter()):
        for text in [child for child in parent if child.tag == NAMESPACE + "text"]:
            parent.remove(text)
    ink = ImageChops.difference(full, rendered(root)).convert("L").point(lambda pixel: 255 if pixel > 24 else 0)
    for name, box in places:
        # A unit more on each side: letters may lean out of their advance widths.
        box = tuple(round(SCALE * (edge + room)) for edge, room in zip(box, (-1, -1, 1, 1)))
        covered = ink.crop(box).histogram()[255] / ((box[2] - box[0]) * (box[3] - box[1]))
        if covered < 0.04:
            return f"'{name}' is not there"
        ink.paste(0, box)
    rest = ink.getbbox()
    return f"has a text that leaves its place, at {[edge / SCALE for edge in rest]}" if rest else None


def main(folder):
    paths = sorted(Path(folder).glob("*.svg"))
    for path in paths:
        found = failure(path)
        if found:
            sys.exit(f"{path.name}: {found}")
    if not paths:
        sys.exit(f"no figure in {folder}")
    print(f"{len(paths)} figures rendered; every text is in its place")


if __name__ == "__main__":
    main(*sys.argv[1:])
