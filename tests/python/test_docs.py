"""Runs what README.md and docs/python.md say, snippet by snippet, each page in a folder of its own."""

import contextlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import ezkl
from base import DATA, InFolder

PROJECT = Path(__file__).resolve().parent.parent.parent
#: Packages that snippets may need and that need not be there.
OTHERS = ("torch", "skl2onnx")
PROGRAM = Path(ezkl.__file__).parent / "bin" / "ezkl"


def snippets(page, language):
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", (PROJECT / page).read_text(encoding="utf-8"), re.M | re.S)
    return [text for of, text in fenced if of == language]


class Snippets(InFolder):
    def run_page(self, page):
        """Gives what each snippet printed."""
        printed = []
        for number, snippet in enumerate(snippets(page, "python")):
            if any(name in snippet and importlib.util.find_spec(name) is None for name in OTHERS):
                continue
            shutil.copy(str(DATA / "models" / "mlp.onnx"), "network.onnx")
            said = io.StringIO()
            with self.subTest(number), contextlib.redirect_stdout(said):
                exec(compile(snippet, "{}:{}".format(page, number), "exec"), {})
            printed.append(said.getvalue())
        return printed

    def test_python(self):
        printed = self.run_page("docs/python.md")
        self.assertGreaterEqual(len(printed), 3)
        self.assertIn("can be proved", printed[0])
        self.assertTrue(os.path.exists("proof.json"))

    def test_readme(self):
        printed = self.run_page("README.md")
        self.assertIn("for_verifiers", os.listdir("."))
        self.assertIn("private", printed[-1])

    @unittest.skipUnless(PROGRAM.exists(), "the package is not from a wheel")
    def test_readme_in_a_shell(self):
        block = next(text for text in snippets("README.md", "") if "ezkl check" in text)
        shutil.copy(str(DATA / "models" / "mlp.onnx"), "network.onnx")
        digest, said = "", ""
        for line in block.splitlines():
            words = line.partition("#")[0].replace("DIGEST", digest).split()
            done = subprocess.run(
                [str(PROGRAM), *words[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True
            )
            self.assertEqual(done.returncode, 0, line)
            said = done.stdout
            digest = "".join(re.findall(r"^digest: (\w+)$", said, re.M)) or digest
        self.assertIn('"accepted":true', said)


class Links(unittest.TestCase):
    def test_readme_names_files_that_are_there(self):
        named = re.findall(r"\]\(([^)#:]+)\)", (PROJECT / "README.md").read_text(encoding="utf-8"))
        self.assertGreater(len(named), 15)
        self.assertEqual([name for name in named if not (PROJECT / name).exists()], [])


if __name__ == "__main__":
    unittest.main()
