#!/usr/bin/env python3
"""All versions of a pytest-split durations file that a repository committed, oldest first.

    extract.py GIT_DIR PATH FOLDER

Writes FOLDER/NNN.json (the file), NNN.bytes (`bytes<TAB>path` of the test files at that commit) and runs.tsv
(version, commit, time, tests, files, seconds).  Merges, versions that are no JSON or equal to the one before, and
versions with fewer than 20 tests are left out.
"""

import collections
import json
import os
import subprocess
import sys


def git(git_dir, *args):
    return subprocess.run(["git", "--git-dir", git_dir, *args], capture_output=True, check=True).stdout


def versions(git_dir, path):
    log = git(git_dir, "log", "--reverse", "--date-order", "--no-merges", "--format=%H %ct", "--", path)
    before = None
    for line in log.decode().splitlines():
        commit, time = line.split()
        try:
            durations = dict(json.loads(git(git_dir, "show", f"{commit}:{path}")))
        except (ValueError, subprocess.CalledProcessError):
            continue
        if len(durations) >= 20 and durations != before:
            yield commit, time, durations
            before = durations


def sizes(git_dir, commit, wanted):
    """Sizes of the wanted files; a path of another root is the one file that ends like it."""
    whole, by_name = {}, collections.defaultdict(list)
    for line in git(git_dir, "ls-tree", "-r", "-l", "-z", commit).decode("utf-8", "replace").split("\0"):
        meta, _, path = line.partition("\t")
        if path.endswith(".py") and meta.split()[3] != "-":
            whole[path] = meta.split()[3]
            by_name[path.rsplit("/", 1)[-1]].append(path)
    for path in sorted(wanted):
        ends = [p for p in by_name[path.rsplit("/", 1)[-1]] if p == path or p.endswith("/" + path)]
        if path in whole or ends:
            yield whole[path if path in whole else ends[0]], path


def main(git_dir, path, folder):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/runs.tsv", "w", encoding="utf-8") as runs:
        for number, (commit, time, durations) in enumerate(versions(git_dir, path)):
            files = {node.split("::")[0] for node in durations}
            with open(f"{folder}/{number:03d}.json", "w", encoding="utf-8") as out:
                json.dump(durations, out)
            with open(f"{folder}/{number:03d}.bytes", "w", encoding="utf-8") as out:
                out.writelines(f"{size}\t{name}\n" for size, name in sizes(git_dir, commit, files))
            seconds = sum(durations.values())
            runs.write(f"{number}\t{commit}\t{time}\t{len(durations)}\t{len(files)}\t{seconds:.1f}\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
