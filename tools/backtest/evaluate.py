#!/usr/bin/env python3
"""The tables of docs/evaluation/durations.md from what `replay` printed.

    evaluate.py FOLDER [FOLDER...]        each with replay.tsv and the files of extract.py
"""

import collections
import json
import math
import os
import statistics
import sys

WAYS = ["last, else mean", "p85, else 0", "last, else kin", "lanewright"]
NEW = ["lanewright", "mean", "median", "size"]


def read(folder):
    """Excess over the bound in percent by shape and version, the mean of the shard counts; and the new files."""
    runs, new = {"whole": collections.defaultdict(list), "split": collections.defaultdict(list)}, []
    with open(f"{folder}/replay.tsv", encoding="utf-8") as lines:
        for line in lines:
            kind, *rest = line.rstrip("\n").split("\t")
            if kind == "run":
                bound, times = int(rest[5]), [int(t) for t in rest[6:]]
                runs[rest[2]][int(rest[0])].append([100 * (t - bound) / bound for t in times])
            else:
                new.append((int(rest[0]), int(rest[1]), int(rest[2]), int(rest[3]), int(rest[4]), rest[5]))
    mean = {s: [[statistics.mean(way) for way in zip(*rows)] for rows in v.values()] for s, v in runs.items()}
    return mean, new


def p95(values):
    return sorted(values)[(len(values) - 1) * 95 // 100]


def verdict(rows):
    """Ours against the best of the others, version by version: a difference within two standard errors is a tie."""
    means = [statistics.mean(r[w] for r in rows) for w in range(3)]
    best = means.index(min(means))
    differences = [r[3] - r[best] for r in rows]
    error = statistics.stdev(differences) / math.sqrt(len(rows)) if len(rows) > 1 else 0
    mean = statistics.mean(differences)
    return "tied" if abs(mean) <= 2 * error else "best" if mean < 0 else "worse"


def plans(shape, suites):
    print(f"\n| suite ({shape} files) | versions | " + " | ".join(WAYS) + " | verdict |\n|---|---|" + "---|" * 5)
    pooled = [0.0] * 4
    for name, (runs, _) in suites.items():
        rows = runs[shape]
        means = [statistics.mean(r[w] for r in rows) for w in range(4)]
        cells = [f"{means[w]:.2f} / {p95([r[w] for r in rows]):.2f}" for w in range(4)]
        print(f"| {name} | {len(rows)} | " + " | ".join(cells) + f" | {verdict(rows)} |")
        pooled = [p + m / len(suites) for p, m in zip(pooled, means)]
    ratio = pooled[3] / pooled[0]
    print("| pooled mean | | " + " | ".join(f"{p:.2f}" for p in pooled) + f" | ours / pytest-split's: {ratio:.3f} |")


def known_before(folder):
    """For each version the last values and sizes of the functions and files of the versions before."""
    last, before, number = {}, {}, 0
    while os.path.exists(f"{folder}/{number:03d}.json"):
        with open(f"{folder}/{number:03d}.json", encoding="utf-8") as text:
            durations = json.load(text)
        with open(f"{folder}/{number:03d}.bytes", encoding="utf-8") as lines:
            size = {path: int(n) for n, path in (line.rstrip("\n").split("\t") for line in lines)}
        functions = {node.split("[")[0] for node in durations}
        yield number, {f: last[f] for f in functions if f in last}, size
        now = collections.Counter()
        for node, seconds in durations.items():
            if before.get(node) != seconds:
                now[node.split("[")[0]] += seconds
        last.update(now)
        before, number = durations, number + 1


def size_model(known, size):
    """log file seconds on log bytes, least squares."""
    files = collections.Counter()
    for function, seconds in known.items():
        files[function.split("::")[0]] += seconds
    points = [(math.log(size[f]), math.log(max(s, 1e-4))) for f, s in files.items() if size.get(f)]
    if len(points) < 2:
        return lambda n: statistics.median(files.values())
    mx, my = (statistics.mean(p[i] for p in points) for i in (0, 1))
    spread = sum((x - mx) ** 2 for x, _ in points)
    slope = sum((x - mx) * (y - my) for x, y in points) / spread if spread else 0
    return lambda n: math.exp(my + slope * (math.log(n) - mx)) if n else math.exp(my)


def guesses(folder, new):
    by_version = collections.defaultdict(list)
    for row in new:
        by_version[row[0]].append(row)
    for number, known, size in known_before(folder):
        if len({f.split("::")[0] for f in known}) < 4:
            continue
        for _, tests, length, took, ours, _ in by_version[number]:
            if took < 1000:
                continue
            mean, median = statistics.mean(known.values()), statistics.median(known.values())
            yield took / 1e6, [ours / 1e6, mean * tests, median * tests, size_model(known, size)(length)]


def errors(pairs):
    mae = [statistics.mean(abs(g[i] - took) for took, g in pairs) for i in range(4)]
    log = [statistics.median(abs(math.log(max(g[i], 1e-3) / took)) for took, g in pairs) for i in range(4)]
    return [f"{m:.2f} / {e:.2f}" for m, e in zip(mae, log)]


def new_files(suites, folders):
    print("\n| suite | new files | " + " | ".join(NEW) + " |\n|---|---|" + "---|" * 4)
    everything = []
    for name, (_, new) in suites.items():
        pairs = list(guesses(folders[name], new))
        everything += pairs
        if pairs:
            print(f"| {name} | {len(pairs)} | " + " | ".join(errors(pairs)) + " |")
    print(f"| pooled | {len(everything)} | " + " | ".join(errors(everything)) + " |")


def main(paths):
    folders = {os.path.basename(p.rstrip("/")): p for p in sorted(paths)}
    suites = {name: read(folder) for name, folder in folders.items()}
    plans("whole", suites)
    plans("split", suites)
    new_files(suites, folders)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
