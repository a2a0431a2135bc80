"""tools/emit-roundtrip: hostile texts come back from five readers as they went in, and one that does not is noticed.

BUILD_DIR is a build tree with emit_test_samples in it, SOURCE_DIR the source tree, CLIENTS what install.sh filled.
"""

import pathlib
import subprocess
import tempfile
import unittest

from judge import CLIENTS
from checkout import SAMPLES, SOURCE


def run(build):
    return subprocess.run([SOURCE / "tools/emit-roundtrip", build, CLIENTS, "3000", "42"], capture_output=True, text=True)


class RoundTrip(unittest.TestCase):
    def test_thousands_of_texts_come_back(self):
        done = run(SAMPLES.parent)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("4000 from shells", done.stdout)

    def test_a_text_that_comes_back_as_another_is_named(self):
        for file, edit, reader in (("fuzz.yml", r"s/\\x01/\\x02/", "PyYAML"), ("fuzz.sh", "s/\x7f/x/", "sh"), ("fuzz.mk", "s/[$][$]/$$$$/", "make")):
            with tempfile.TemporaryDirectory() as folder:
                writer = pathlib.Path(folder) / "emit_test_samples"
                writer.write_text(f"#!/bin/sh\n{SAMPLES.parent}/emit_test_samples \"$@\" && exec sed -i '{edit}' \"$1/{file}\"\n")
                writer.chmod(0o755)
                done = run(folder)
            self.assertEqual(done.returncode, 1, file)
            self.assertIn(f"{reader}: ", done.stderr)
            self.assertIn("comes out as", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
