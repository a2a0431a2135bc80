"""Each rule of the evidence engine earns its place: with it left out, annotations of corpus/shop no longer hold."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import expectations

SHOP = pathlib.Path(os.environ["SOURCE_DIR"]) / "corpus/shop"
PROGRAM = str(pathlib.Path(os.environ["BUILD_DIR"]) / "resolve_rules")


def rules():
    lines = subprocess.run([PROGRAM], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return [line.split("\t")[0] for line in lines]


def problems_without(*rule):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PROGRAM, str(SHOP), folder, *rule], check=True)
        files = [os.path.join(folder, name) for name in ("tests.csv", "files.csv", "ids")]
        return expectations.compare(SHOP, *files)


class Rules(unittest.TestCase):
    def test_with_all_of_them_every_annotation_holds(self):
        checked, problems = problems_without()
        self.assertEqual(problems, [])
        self.assertGreater(checked, 350)

    def test_without_any_one_of_them_some_annotation_does_not(self):
        self.assertEqual(problems_without()[1], [])
        for rule in rules():
            with self.subTest(rule=rule):
                _, problems = problems_without(rule)
                self.assertNotEqual(problems, [], f"nothing in corpus/shop shows what the rule '{rule}' is for")


if __name__ == "__main__":
    unittest.main(verbosity=2)
