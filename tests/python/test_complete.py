"""Every command of the C interface is here, with all its parameters, and every run argument."""

import inspect
import re
import unittest
from pathlib import Path
from unittest import mock

import ezkl
from ezkl import _evm, _felts, _pipeline, _results

SOURCES = Path(__file__).resolve().parent.parent.parent / "src" / "capi"
#: Commands under other names here.
NAMES = {"check_model": "check"}
#: What stands for parameters without a default.
VALUES = {"buffer": [1], "message": ["00" * 32], "logrows": 5, "scale": 1, "input": 1.0}


class Seen(BaseException):
    """Raised in place of a call."""


def of_the_library():
    """Of commands.cpp: `{"name", {"parameter", ...}, [](...`, or a list that is defined by its name."""
    text = (SOURCES / "commands.cpp").read_text()
    defined = re.findall(r"const std::vector<const char\*> (\w+)\{(.*?)\}", text, re.S)
    lists = {name: re.findall(r'"(\w+)"', words) for name, words in defined}
    entries = re.findall(r'\n    \{"(\w+)",\s*(\{[^}]*\}|\w+),\s*\[\]', text.split("const Entry entries[]")[1])
    return {name: set(lists.get(words) or re.findall(r'"(\w+)"', words)) for name, words in entries}


def told_by(function):
    """The parameters that a function of this package tells the library."""
    given = [
        VALUES.get(name, "x")
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    found = []

    def see(command, arguments, *_ignored, **_named):
        found.append(set(arguments))
        raise Seen

    def begin(work, **_named):
        work()

    with mock.patch.object(_pipeline, "run", see), mock.patch.object(_felts, "run", see), mock.patch.object(
        _results, "run", see
    ), mock.patch.object(_pipeline, "start", begin), mock.patch.object(_evm, "start", begin):
        try:
            function(*given)
        except Seen:
            pass
    return found[0]


class Complete(unittest.TestCase):
    def test_commands_and_parameters(self):
        library = of_the_library()
        self.assertGreater(len(library), 40)
        for name in ("version", "own_version"):
            del library[name]  # functions of their own in C
        for name, wanted in library.items():
            if name == "prove_split":
                wanted -= {"manifest"}  # of one key
            function = _results.points if name == "point_coordinates" else getattr(ezkl, NAMES.get(name, name))
            with self.subTest(name):
                self.assertEqual(told_by(function), wanted)

    def test_run_arguments(self):
        library = set(re.findall(r'name == "(\w+)"', (SOURCES / "arguments.cpp").read_text()))
        self.assertGreater(len(library), 20)
        self.assertEqual(set(ezkl.PyRunArgs().arguments()), library)


if __name__ == "__main__":
    unittest.main()
