"""Field elements: texts of 64 hexadecimal digits, least significant byte first."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Type

from . import _arguments as check
from ._call import run
from ._classes import PyInputType
from ._errors import ArgumentError, Error, Failure, FileError


def _value(command: str, arguments: Dict[str, Any], kind: Type[Error] = ArgumentError, failure: str = "") -> Any:
    try:
        return run(command, arguments).value
    except Failure as failed:
        error = failed.raised(kind, failure)
    raise error


def felt_to_int(felt: str) -> int:
    """The signed integer of 128 bits that a field element stands for."""
    return int(_value("felt_to_int", {"felt": check.text("felt", felt)}))


def felt_to_float(felt: str, scale: int) -> float:
    """felt_to_int / 2^scale."""
    arguments = {"felt": check.text("felt", felt), "scale": check.integer("scale", scale, check.I32)}
    return float(_value("felt_to_float", arguments))


def felt_to_big_endian(felt: str) -> str:
    """0x and 64 digits, most significant first."""
    return str(_value("felt_to_big_endian", {"felt": check.text("felt", felt)}))


def float_to_felt(input: float, scale: int, input_type: PyInputType = PyInputType.F64) -> str:
    """The field element of input * 2^scale, rounded as an input of that type is."""
    if not isinstance(input_type, PyInputType):
        raise check.wrong_type("input_type", input_type, "PyInputType")
    arguments = {
        "input": check.json_real("input", input),
        "scale": check.integer("scale", scale, check.I32),
        "input_type": input_type.name,
    }
    return str(_value("float_to_felt", arguments, FileError, "Failed to quantize input"))


def buffer_to_felts(buffer: Sequence[int]) -> List[str]:
    """16 bytes an element, read little-endian, the last one filled up with zeros."""
    return list(_value("buffer_to_felts", {"buffer": check.integers("buffer", buffer, (0, 255))}))


def poseidon_hash(message: Sequence[str]) -> List[str]:
    """One element; none for an empty message."""
    return list(_value("poseidon_hash", {"message": check.texts("message", message)}))
