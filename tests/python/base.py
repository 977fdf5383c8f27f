"""What the tests share: a folder for each class, the models of tests/data, the arguments of a small circuit."""

import logging
import os
import shutil
import tempfile
import unittest
from pathlib import Path

import ezkl

DATA = Path(os.environ.get("EZKL_TEST_DATA") or Path(__file__).resolve().parent.parent / "data")
#: The same tests run against the published package, where behaviour must be equal.
OURS = hasattr(ezkl, "own_version")
ONE = "01" + "0" * 62
logging.getLogger("ezkl").addHandler(logging.NullHandler())  # warnings of setups for tests and the like


def small_arguments(**more):
    args = ezkl.PyRunArgs()
    values = dict(input_visibility="private", logrows=9, lookup_range=(-256, 256), decomp_base=64, decomp_legs=4)
    for name, value in {**values, **more}.items():
        setattr(args, name, value)
    return args


class InFolder(unittest.TestCase):
    """Works in a folder of its own, in which network.onnx and input.json lie."""

    @classmethod
    def setUpClass(cls):
        cls.before = os.getcwd()
        cls.folder = tempfile.mkdtemp(prefix="ezkl-test-")
        os.chdir(cls.folder)
        shutil.copy(str(DATA / "models" / "mlp.onnx"), "network.onnx")
        shutil.copy(str(DATA / "models" / "mlp_input.json"), "input.json")
        os.environ["EZKL_REPO_PATH"] = cls.folder

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls.before)
        shutil.rmtree(cls.folder)

    def raises(self, kind, start, function, *args, **named):
        """That the call raises exactly this published class or one of its own below it, with a text that begins so."""
        with self.assertRaises(kind) as caught:
            function(*args, **named)
        self.assertTrue(str(caught.exception).startswith(start), str(caught.exception))
        return caught.exception
