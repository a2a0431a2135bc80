"""R22: what was inferred before an edit and is still believed, against a run that knows nothing."""

import sys

from torture_rows.suite import Wrong

SUITES = ("truth:%d", "made:60", "shop")


def edits(torture, size):
    """Any edit of a suite: with what was kept = without it, byte for byte."""
    sys.path.append(str(torture.root / "tools/truth"))
    import tree_differ

    n = 0
    for k in range(size):
        what = SUITES[k % len(SUITES)]
        what = what % (torture.seed * 1000 + k) if "%" in what else what
        done, _, wrong = tree_differ.run(torture.program, torture.seed * 1000 + k, 20, 60, None, what)
        torture.did = n = n + done
        if wrong:
            raise Wrong(wrong)
    return f"{n:,} steps of one to three edits and the runs after them, in {size} suites"
