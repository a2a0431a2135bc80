"""R25: the same sources give the same bytes, in another folder and at another time."""

import os
import shutil
import subprocess

from torture_rows.suite import claim

MADE = ("lanewright", "lanewright.1", "lanewright.bash", "_lanewright", "lanewright.fish", "liblanewright.a")


def rebuild(torture, size):
    """The release, built twice: paths of different length, with faketime a year apart, one process and two."""
    made = []
    for folder, prefix, jobs in (("a", (), "2"), ("another/longer/path", ("faketime", "2031-05-06 07:08:09"), "1")):
        root = torture.folder("rebuild-" + folder)
        shutil.copytree(torture.root, root, ignore=shutil.ignore_patterns("build", ".git"))
        env = {k: v for k, v in os.environ.items() if not k.startswith(("CCACHE", "CMAKE_"))}
        env["CCACHE_DISABLE"] = "1"
        for command in (["cmake", "--preset", "release"], ["ninja", "-C", "build/release", "-j", jobs]):
            done = subprocess.run([*prefix, *command], cwd=root, env=env, capture_output=True, text=True)
            claim(done.returncode == 0, f"{command} in {folder}: {done.stdout[-500:]} {done.stderr[-500:]}")
        made.append(root / "build/release")
    for name in MADE:
        claim((made[0] / name).read_bytes() == (made[1] / name).read_bytes(), f"{name} is not the same: {made[0]} and {made[1]}")
    return f"{', '.join(MADE)}: two folders, two dates, the same bytes"
