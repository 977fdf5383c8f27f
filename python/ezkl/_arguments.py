"""Arguments as Python hands them, checked as the published package checks them: TypeError, OverflowError,
ValueError."""

from __future__ import annotations

import math
import operator
import os
from typing import Any, List, Optional, Sequence, Union

PathLike = Union[str, "os.PathLike[str]"]

#: Ranges of the engine's integers.
I32 = (-(2**31), 2**31 - 1)
U32 = (0, 2**32 - 1)
U64 = (0, 2**64 - 1)
I128 = (-(2**127), 2**127 - 1)


def wrong_type(name: str, value: object, wanted: str) -> TypeError:
    return TypeError("argument '{}': '{}' object cannot be cast as '{}'".format(name, type(value).__name__, wanted))


def path(name: str, value: PathLike) -> str:
    try:
        out = os.fspath(value)
    except TypeError:
        raise TypeError(
            "argument '{}': expected str, bytes or os.PathLike object, not {}".format(name, type(value).__name__)
        ) from None
    if not isinstance(out, str):
        raise wrong_type(name, value, "str")
    return out


def optional_path(name: str, value: Optional[PathLike]) -> Optional[str]:
    return None if value is None else path(name, value)


def text(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise wrong_type(name, value, "str")
    return value


def optional_text(name: str, value: Optional[str]) -> Optional[str]:
    return None if value is None else text(name, value)


def data(name: str, value: PathLike) -> str:
    """A path or JSON text."""
    return value if isinstance(value, str) else path(name, value)


def flag(name: str, value: bool) -> bool:
    if not isinstance(value, bool):
        raise wrong_type(name, value, "bool")
    return value


def integer(name: str, value: int, limits: Any = U64) -> int:
    try:
        out = operator.index(value)
    except TypeError:
        raise TypeError(
            "argument '{}': '{}' object cannot be interpreted as an integer".format(name, type(value).__name__)
        ) from None
    if not limits[0] <= out <= limits[1]:
        raise OverflowError("argument '{}': {} is not within {} to {}".format(name, out, *limits))
    return out


def optional_integer(name: str, value: Optional[int], limits: Any = U64) -> Optional[int]:
    return None if value is None else integer(name, value, limits)


def real(name: str, value: float) -> float:
    if isinstance(value, str) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        raise TypeError("argument '{}': must be real number, not {}".format(name, type(value).__name__))
    return float(value)


def json_real(name: str, value: float) -> Union[float, str]:
    """A number for JSON, which lacks some."""
    out = real(name, value)
    if math.isnan(out):
        return "NaN"
    if math.isinf(out):
        return "Infinity" if out > 0 else "-Infinity"
    return out


def optional_real(name: str, value: Optional[float]) -> Union[None, float, str]:
    return None if value is None else json_real(name, value)


def sequence(name: str, value: Sequence[Any]) -> List[Any]:
    if isinstance(value, str):
        raise TypeError("argument '{}': Can't extract `str` to `Vec`".format(name))
    try:
        return list(value)
    except TypeError:
        raise wrong_type(name, value, "Sequence") from None


def texts(name: str, value: Sequence[str]) -> List[str]:
    return [text(name, item) for item in sequence(name, value)]


def integers(name: str, value: Sequence[int], limits: Any = U64) -> List[int]:
    return [integer(name, item, limits) for item in sequence(name, value)]


def pair(name: str, value: Any) -> Any:
    if not isinstance(value, tuple):
        raise wrong_type(name, value, "tuple")
    if len(value) != 2:
        raise ValueError(
            "argument '{}': expected tuple of length 2, but got tuple of length {}".format(name, len(value))
        )
    return value


def variables(name: str, value: Sequence[Any]) -> List[Any]:
    out = []
    for item in sequence(name, value):
        symbol, size = pair(name, item)
        out.append((text(name, symbol), integer(name, size)))
    return out
