"""The steps as a picture: a row for each peer, a dot for each number of threads, time on a logarithmic axis."""
import math
from html import escape

from report import threads, time

WIDTH, ROW, LEFT, RIGHT = 880, 22, 190, 90
INK, FAINT, GRID, OURS, THEIRS = "#1f2328", "#59636e", "#dde1e6", "#0550ae", "#8c5a00"


def svg(results):
    """A panel for each network, one under the other."""
    panels, top = [], 64
    counts = sorted({step["threads"] for step in results["steps"]})
    for name, peers in grouped(results["steps"]).items():
        drawing, height = panel(name, peers, counts)
        panels.append(f'<g transform="translate(0 {top})">\n{drawing}\n</g>')
        top += height
    title = "Time of a training step: TapeGrad and others"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        f'role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">',
        f'<title id="title">{title}</title>',
        f'<desc id="description">{escape(description(results["steps"]))}</desc>',
        f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>',
        words(16, 26, title, size=16, weight=600),
        words(16, 46, "forward, backward, update; median of the rounds, with their spread; left is faster", fill=FAINT),
        *panels, "</svg>", "",
    ])


def grouped(steps):
    """The measurements of each network: by peer, by number of threads."""
    panels = {}
    for step in steps:
        size = " × ".join(map(str, step["size"]))
        peers = panels.setdefault(f"n_x × n_1 × m = {size}, {step['activation']}, {step['scalar']}", {})
        for row in step["peers"]:
            peers.setdefault(row["peer"], {})[step["threads"]] = row
    return panels


def panel(name, peers, counts):
    """The panel's drawing, and its height."""
    rows = sorted(peers.items(), key=lambda item: min(row["medianSeconds"] for row in item[1].values()))
    everything = [row for _, measured in rows for row in measured.values()]
    low = math.log10(min(row["fastestSeconds"] for row in everything)) - 0.08
    high = math.log10(max(row["slowestSeconds"] for row in everything)) + 0.08
    right = WIDTH - RIGHT * len(counts) - 10

    def x(seconds):
        return LEFT + (math.log10(seconds) - low) / (high - low) * (right - LEFT)

    bottom = 34 + ROW * len(rows)
    parts = [words(16, 20, name, weight=600)]
    for column, count in enumerate(counts):
        end = right + RIGHT * (column + 1)
        parts.append(words(end, 20, threads(count), fill=FAINT, anchor="end") + dot(end - 76, 16, FAINT, column > 0))
    for tick in ticks(low, high):
        parts.append(f'<line x1="{x(tick):.1f}" y1="30" x2="{x(tick):.1f}" y2="{bottom}" stroke="{GRID}"/>')
        value, unit = time(tick).split()
        label = f"{float(value):g} {unit}"
        parts.append(words(x(tick), bottom + 15, label, size=11, fill=FAINT, anchor="middle"))
    for number, (peer, measured) in enumerate(rows):
        y = 34 + ROW * number + ROW // 2
        is_ours = peer.startswith("TapeGrad")
        color, weight = (OURS, 600) if is_ours else (THEIRS, 400)
        parts.append(words(LEFT - 12, y + 4, peer, fill=color if is_ours else INK, weight=weight, anchor="end"))
        for column, count in enumerate(counts):
            if count in measured:
                row = measured[count]
                parts.append(mark(row, x, y, color, hollow=column > 0))
                value = time(row["medianSeconds"])
                parts.append(words(right + RIGHT * (column + 1), y + 4, value, weight=weight, anchor="end"))
    return "\n".join(parts), bottom + 36


def mark(row, x, y, color, hollow):
    """The spread as a line, the median as a dot or a ring on it."""
    left, middle, right = (x(row[key]) for key in ("fastestSeconds", "medianSeconds", "slowestSeconds"))
    line = f'<line x1="{left:.1f}" y1="{y}" x2="{right:.1f}" y2="{y}" stroke="{color}" stroke-width="2"/>'
    return line + dot(middle, y, color, hollow)


def dot(x, y, color, hollow):
    """A dot, or a ring that leaves room for a dot in it."""
    style = f'r="7" fill="none" stroke="{color}" stroke-width="2"' if hollow else f'r="4" fill="{color}"'
    return f'<circle cx="{x:.1f}" cy="{y}" {style}/>'


def ticks(low, high):
    """Round times between two powers of ten: 1, 2 and 5 where there is room."""
    steps = (1, 2, 5) if high - low < 2.2 else (1,)
    candidates = [step * 10.0**power for power in range(-8, 4) for step in steps]
    return [seconds for seconds in candidates if low <= math.log10(seconds) <= high]


def description(steps):
    """The same in words, for those who do not see the picture."""
    sentences = []
    for step in steps:
        figures = ", ".join(f"{row['peer']} {time(row['medianSeconds'])}" for row in step["peers"])
        size = " by ".join(map(str, step["size"]))
        sentences.append(f"{size} {step['activation']} {step['scalar']}, {threads(step['threads'])}: {figures}.")
    return " ".join(sentences)


def words(x, y, text, size=13, weight=400, fill=INK, anchor="start"):
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>')
