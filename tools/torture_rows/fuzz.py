"""R1, R2, R4: fuzz targets under ASan and UBSan."""

import os
import re
import subprocess

from torture_rows.suite import claim


def fuzz(torture, size):
    """Every target on its seeds, under ASan and UBSan; fuzz_python compares both lexers (R2)."""
    targets = sorted(p for p in (torture.build / "fuzz").glob("fuzz_*") if p.is_file() and os.access(p, os.X_OK))
    claim(targets, "no fuzz targets: preset fuzz")
    runs = 0
    for target in targets:
        found = torture.work / "found" / target.name
        found.mkdir(parents=True, exist_ok=True)
        seeds = torture.root / "tests/fuzz" / target.name
        done = subprocess.run([target, f"-max_total_time={3 * size}", "-max_len=4096", "-timeout=10", "-print_final_stats=1",
                               f"-artifact_prefix={found}/", found, *([seeds] if seeds.is_dir() else [])], capture_output=True, text=True)
        claim(done.returncode == 0, f"{target.name}: {done.stderr[-1500:]}")
        torture.did = runs = runs + int(re.search(r"number_of_executed_units: (\d+)", done.stderr).group(1))
    return f"{runs:,} inputs, {len(targets)} targets"
