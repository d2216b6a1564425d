"""What the measurements come to: as values for JSON, and as text."""
import platform
import statistics

from catalog import TAPEGRAD


def results(comparison):
    """Everything, as JSON has it."""
    steps = [
        {"size": list(problem.size), "activation": problem.activation, "scalar": problem.scalar, "threads": threads,
         "peers": summaries(table)}
        for (problem, threads), table in comparison.steps.items()
    ]
    products = [
        {"product": str(product), "scalar": scalar, "threads": threads, "peers": summaries(table)}
        for ((product, scalar), threads), table in comparison.products.items()
    ]
    starts = [
        {"peer": peer, "medianSeconds": statistics.median(seconds), "seconds": seconds, "peakBytes": memory}
        for peer, (seconds, memory) in comparison.starts.items()
    ]
    return {
        "processor": processor(), "system": platform.platform(), "versions": comparison.versions,
        "missing": comparison.missing, "turns": comparison.quiet.turns, "disturbedTurns": comparison.quiet.disturbed,
        "steps": steps, "products": products, "starts": starts,
    }


def summaries(table):
    """Each peer's seconds, and their ratios to TapeGrad's in the same rounds; the fastest peer first."""
    rows = []
    for peer, seconds in table.items():
        ratios = {
            ours.variant: statistics.median(theirs / own for theirs, own in zip(seconds, table[ours.name]))
            for ours in TAPEGRAD if ours.name in table
        }
        rows.append({
            "peer": peer, "medianSeconds": statistics.median(seconds), "fastestSeconds": min(seconds),
            "slowestSeconds": max(seconds), "timesTapeGrad": ratios, "seconds": seconds,
        })
    return sorted(rows, key=lambda row: row["medianSeconds"])


def text(results):
    """Everything, as tables."""
    parts = [f"{results['processor']}\n" + ", ".join(sorted(set(results["versions"].values())))]
    for step in results["steps"]:
        title = f"step {'x'.join(map(str, step['size']))} {step['activation']} {step['scalar']}"
        parts.append(table(title, step))
    for product in results["products"]:
        parts.append(table(f"product {product['product']} {product['scalar']}", product))
    if results["starts"]:
        lines = [f"{'20 steps 2x4x400, the whole process':36} {'median':>10} {'memory':>10}"]
        for row in results["starts"]:
            lines.append(f"  {row['peer']:34} {time(row['medianSeconds']):>10} {row['peakBytes'] / 1e6:>7.0f} MB")
        parts.append("\n".join(lines))
    if results["missing"]:
        parts.append("\n".join(["missing", *(f"  {peer}: {reason}" for peer, reason in results["missing"].items())]))
    if results["disturbedTurns"]:
        parts.append(f"{results['disturbedTurns']} of {results['turns']} turns ran beside other work of the machine")
    return "\n\n".join(parts)


def table(title, measurement):
    title += f", {threads(measurement['threads'])}"
    modes = [ours.variant for ours in TAPEGRAD if ours.variant in measurement["peers"][0]["timesTapeGrad"]]
    lines = [f"{title:36} {'median':>10}   {'spread':22} × TapeGrad {' '.join(f'{mode:>8}' for mode in modes)}"]
    for row in measurement["peers"]:
        spread = f"{time(row['fastestSeconds'])} … {time(row['slowestSeconds'])}"
        ratios = " ".join(f"{row['timesTapeGrad'][mode]:8.2f}" for mode in modes)
        lines.append(f"  {row['peer']:34} {time(row['medianSeconds']):>10}   {spread:22}            {ratios}")
    return "\n".join(lines)


def threads(count):
    return "1 thread" if count == 1 else f"{count} threads"


def time(seconds):
    """With three digits, in a unit that suits."""
    for unit, scale in (("µs", 1e6), ("ms", 1e3), ("s", 1)):
        value = seconds * scale
        if value < 999.5 or unit == "s":
            return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f} {unit}"


def processor():
    try:
        with open("/proc/cpuinfo") as information:
            names = [line.partition(": ")[2].strip() for line in information if line.startswith("model name")]
        return f"{names[0]}, {len(names)} processors"
    except (OSError, IndexError):
        return platform.processor() or platform.machine()
