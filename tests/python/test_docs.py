"""Runs what docs/python.md says, snippet by snippet, in one folder."""

import contextlib
import io
import os
import re
import shutil
import unittest
from pathlib import Path

from base import DATA, InFolder

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "python.md"


class Snippets(InFolder):
    def test_page(self):
        snippets = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.M | re.S)
        self.assertGreaterEqual(len(snippets), 3)
        for number, snippet in enumerate(snippets):
            shutil.copy(str(DATA / "models" / "mlp.onnx"), "network.onnx")
            printed = io.StringIO()
            with self.subTest(number), contextlib.redirect_stdout(printed):
                exec(compile(snippet, "{}:{}".format(PAGE.name, number), "exec"), {})
            if number == 0:
                self.assertIn("can be proved", printed.getvalue())
        self.assertTrue(os.path.exists("proof.json"))


if __name__ == "__main__":
    unittest.main()
