"""R25: the same sources give the same bytes, in another folder and at another time."""

import os
import shutil
import subprocess

from torture_rows.suite import claim



def installed(root):
    """{path: bytes} of what cmake puts down."""
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def rebuild(torture, size):
    """The release, built and installed twice: paths of different length, with faketime years apart, one process and two."""
    made = []
    for folder, prefix, jobs in (("a", (), "2"), ("another/longer/path", ("faketime", "2031-05-06 07:08:09"), "1")):
        root = torture.folder("rebuild-" + folder)
        shutil.copytree(torture.root, root, ignore=shutil.ignore_patterns("build", ".git"))
        env = {k: v for k, v in os.environ.items() if not k.startswith(("CCACHE", "CMAKE_"))}
        env["CCACHE_DISABLE"] = "1"
        for command in (["cmake", "--preset", "release", "-DCMAKE_INSTALL_PREFIX=/usr"], ["ninja", "-C", "build/release", "-j", jobs],
                        ["cmake", "--install", "build/release"]):
            done = subprocess.run([*prefix, *command], cwd=root, env={**env, "DESTDIR": str(root / "installed")}, capture_output=True, text=True)
            claim(done.returncode == 0, f"{command} in {folder}: {done.stdout[-500:]} {done.stderr[-500:]}")
        made.append(installed(root / "installed"))
    claim(len(made[0]) >= 8 and made[0].keys() == made[1].keys(), f"installed are {sorted(made[0])} and {sorted(made[1])}")
    for name in made[0]:
        claim(made[0][name] == made[1][name], f"{name} is not the same")
    return f"{len(made[0])} files, two folders, two dates, the same bytes"
