"""R13, R14: large shapes and bombs."""

from torture_rows import suite
from torture_rows.suite import claim, run


SHAPES = {
    "lines": lambda n: b"x = 1\n" * (n // 6),
    "brackets": lambda n: b"x = " + b"(" * n,
    "string": lambda n: b"x = '" + b"a" * n + b"'\n",
    "open string": lambda n: b'x = """' + b"a\n" * (n // 2),
    "tests": lambda n: b"".join(b"def test_%d(): pass\n" % i for i in range(n // 24)),
    "operators": lambda n: b"x = 1" + b" + 1" * (n // 4) + b"\n",
    "decorators": lambda n: b"@a\n" * (n // 3) + b"def test_a(): pass\n",
    "nul": lambda n: b"\0" * n,
    "continued": lambda n: b"\\\n" * (n // 2),
    "indents": lambda n: b"".join(b" " * i + b"if x:\n" for i in range(int((2 * n) ** 0.5) - 8)),
}


def sizes(torture, size):
    """No crash, no hang, memory in proportion.  Seconds are not looked at, other than a limit no machine misses."""
    n, worst = (2 << 20) * min(size, 5), 0
    for name, shape in SHAPES.items():
        root = suite.make(torture.folder("shape"), 1)
        (root / "tests/test_shape.py").write_bytes(shape(n))
        done = run(torture.dynamic, root, "scan", prefix=("/usr/bin/time", "-f", "%M"), timeout=120)
        peak = int(done.stderr.split()[-1]) / 1024
        claim(peak < 64 + 60 * n / (1 << 20), f"{name}: {peak:.0f} MB for {n >> 20} MB")
        worst = max(worst, peak)
    return f"{len(SHAPES)} shapes of {n >> 20} MB, at most {worst:.0f} MB of memory"


def bombs(torture, size):
    root = suite.make(torture.folder("bombs"), 1)
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "x" * 100}">' for i in range(12))
    for name, text in {"bomb.xml": f"<!DOCTYPE t [{entities}]><testsuite><testcase classname='&a11;' name='a' time='1'/></testsuite>",
                       "deep.xml": "<testsuite>" * 200000, "deep.json": "[" * 1000000, "objects.json": '{"a":' * 200000}.items():
        (root / name).write_text(text)
        done = run(torture.program, root, "record", root / name, timeout=20)
        claim(done.returncode != 0 and done.stderr, f"{name} is taken for a report")
    (root / "lanewright.toml").write_text(suite.CONFIG + "\n[services.slow]\npatterns = ['(a+)+b', '(x*)*y']\n")
    (root / "tests/test_slow.py").write_text("def test_a(): " + "a" * 50000 + "\n" + "x" * 50000 + "\n")
    run(torture.program, root, "needs", timeout=30)
    return "entities, 200,000 nested elements, a million brackets, two patterns without end: all stopped"
