"""What a failed call raises: the class that the published package raises, and what the library says of it."""

from __future__ import annotations

import json
from typing import Any, List, NamedTuple, Tuple, Type


class Hint(NamedTuple):
    """What to do about an error: a parameter, and advice in which {} stands for it."""

    parameter: str
    advice: str

    def __str__(self) -> str:
        return self.advice.replace("{}", self.parameter + "=", 1)


class Error(Exception):
    """What every failed call is, beside RuntimeError, OSError or ValueError.

    fault: io, format, unsupported, range, unsatisfied, limit, out_of_memory, disk_full, usage, cancelled or internal.
    frames: where, the outermost first. text: what was found. hints: what to do.
    """

    fault: str = "internal"
    code: int = 70
    frames: Tuple[str, ...] = ()
    text: str = ""
    hints: Tuple[Hint, ...] = ()


class RunError(Error, RuntimeError):
    """A step of the pipeline failed."""


class FileError(Error, OSError):
    """A helper failed, where the published package raises OSError."""


class MissingFileError(Error, FileNotFoundError):
    """A file or folder is not there."""


class ArgumentError(Error, ValueError):
    """An argument is no field element, point or word that the function takes."""


class Cancelled(Error, RuntimeError):
    """The session was stopped."""


class Failure(Exception):
    """A failed call before anybody said what it means; never leaves the package."""

    def __init__(self, details: str) -> None:
        said = json.loads(details or '{"fault":"out_of_memory","code":8,"frames":[],"text":"no memory","hints":[]}')
        super().__init__(said["text"])
        self.fault: str = said["fault"]
        self.code: int = said["code"]
        self.frames: List[str] = said["frames"]
        self.text: str = said["text"]
        self.hints = tuple(Hint(h["parameter"], h["advice"]) for h in said["hints"])

    def speaks_of(self, path: str) -> bool:
        return any(path in part for part in (*self.frames, self.text))

    def sentence(self) -> str:
        """The text, where it was found, and advice. A text that begins with its file gives that up to the places."""
        text, places = self.text, self.frames[1:]
        if self.fault == "unsatisfied" and ": " in text and "The constraint system" in text:
            file, found, rest = text.partition(": The constraint system")
            if found and " " not in file:
                text, places = "The constraint system" + rest, [*places, file]
        out = text + (" ({})".format(": ".join(places)) if places else "")
        for i, hint in enumerate(self.hints):
            goes_on = i > 0 and hint.advice.startswith(("and ", "or ", "with "))
            out += (" " if goes_on else "; ") + str(hint)
        return out

    def raised(self, kind: Type[Error], prefix: str) -> Error:
        tag = {"unsatisfied": "[halo2] ", "io": "[io] "}.get(self.fault, "") if kind is RunError else ""
        if self.fault == "cancelled":
            kind = Cancelled
        message = prefix + ": " + tag + self.sentence() if prefix else self.sentence()
        error: Any = kind(message)
        error.fault, error.code, error.frames = self.fault, self.code, tuple(self.frames)
        error.text, error.hints = self.text, self.hints
        assert isinstance(error, Error)
        return error
