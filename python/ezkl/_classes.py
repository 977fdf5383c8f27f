"""Classes of the published package that hold a value and do nothing."""

from __future__ import annotations

import enum
from typing import Any, NamedTuple


class _Word(enum.Enum):
    """A word with a number of its own, which it is not equal to."""

    def __int__(self) -> int:
        return int(self.value)

    def __repr__(self) -> str:
        return "{}.{}".format(type(self).__name__, self.name)

    __str__ = __repr__


class PyInputType(_Word):
    """What a tensor's elements are."""

    Bool = 0
    F16 = 1
    F32 = 2
    F64 = 3
    Int = 4
    TDim = 5
    Unknown = 6


class PyTestDataSource(_Word):
    """Where test data lies. No function takes it any more."""

    File = 0
    OnChain = 1


class PyCommitments(_Word):
    """Commitment scheme: KZG, or IPA, which needs no trusted setup."""

    KZG = 0
    IPA = 1


class PyG1Affine:
    """A point of BN254: coordinates as 64 hexadecimal digits, least significant byte first."""

    __slots__ = ("x", "y")
    x: str
    y: str

    def __init__(self, x: str, y: str) -> None:
        self.x = x
        self.y = y

    def __repr__(self) -> str:
        return "PyG1Affine(x={!r}, y={!r})".format(self.x, self.y)

    def __eq__(self, other: object) -> Any:
        return (self.x, self.y) == (other.x, other.y) if isinstance(other, PyG1Affine) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.x, self.y))


class PyG1(NamedTuple):
    """A point in projective coordinates. No function gives one."""

    x: str
    y: str
    z: str
