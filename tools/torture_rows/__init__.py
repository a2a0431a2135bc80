"""The rows of tools/torture: each a function (torture, size) that returns how much it did, as words, and raises Wrong at
the first promise that was not kept.  `size` is 1 in CI and larger in the campaign.  Rows take any randomness from
torture.rng, which is seeded, so that a failure comes again, and keep torture.did up to date for when a limit ends them."""

from torture_rows import edits, faults, fuzz, index, leaks, names, rebuild, same, sizes

# name: (scorecard rows, function, is part of ci, times larger in the campaign)
ROWS = {
    "racy": ("R22", index.racy_edits, True, 150),
    "edits": ("R22", edits.edits, True, 60),
    "index": ("R5", index.damaged_index, True, 250),
    "names": ("R10", names.names, True, 4),
    "injection": ("R11", names.injection, True, 60),
    "memory": ("R6", faults.no_memory, True, 30),
    "calls": ("R7", faults.failing_calls, True, 12),
    "kill": ("R8", faults.killed, True, 30),
    "together": ("R9", faults.together, True, 60),
    "containment": ("R12 R17", names.containment, True, 1),
    "sizes": ("R13", sizes.sizes, True, 5),
    "bombs": ("R14", sizes.bombs, True, 1),
    "determinism": ("R16", same.determinism, True, 1),
    "partitions": ("R23", same.partitions, True, 30),
    "leaks": ("R24", leaks.leaks, True, 10),
    "rebuild": ("R25", rebuild.rebuild, False, 1),
    "fuzz": ("R1 R2 R4", fuzz.fuzz, True, 14),
}
ELSEWHERE = {
    "R3": "tools/tokens-differ and tools/ast-differ compare with every interpreter found; tests/python has the cases",
    "R15": "tests/python/test_encoding.c",
    "R18": "tools/test runs every test under ASan and UBSan, the preset tsan under TSan; MSan needs every library rebuilt",
    "R19": "tools/coverage",
    "R21": ".ci/run: gcc and clang -Werror, clang-tidy, cppcheck, shellcheck",
}
