"""PyRunArgs: the arguments of a circuit."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Generic, List, Optional, Tuple, Type, TypeVar, Union, overload

from . import _arguments as check
from ._classes import PyCommitments

T = TypeVar("T")


class _Field(Generic[T]):
    """An attribute that is checked when it is set."""

    def __init__(self, usual: T, read: Callable[[str, Any], T], doc: str) -> None:
        self.usual = usual
        self._read = read
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "_Field[T]": ...

    @overload
    def __get__(self, instance: "PyRunArgs", owner: type) -> T: ...

    def __get__(self, instance: "Optional[PyRunArgs]", owner: type) -> "Union[_Field[T], T]":
        if instance is None:
            return self
        value: T = instance._values[self._name]
        return value

    def __set__(self, instance: "PyRunArgs", value: T) -> None:
        instance._values[self._name] = self._read(self._name, value)

    def __delete__(self, instance: "PyRunArgs") -> None:
        raise AttributeError("can't delete attribute")


def _integer(limits: Tuple[int, int]) -> Callable[[str, Any], int]:
    return lambda name, value: check.integer(name, value, limits)


def _optional_integer(limits: Tuple[int, int]) -> Callable[[str, Any], Optional[int]]:
    return lambda name, value: check.optional_integer(name, value, limits)


_VISIBILITIES = {"private", "public", "fixed", "hashed/public", "polycommit"}


def _visibility(name: str, value: str) -> str:
    word = check.text(name, value).lower()
    word = {"hashed": "hashed/public"}.get(word, word)
    if word in _VISIBILITIES or re.fullmatch(r"hashed/private/\d+(,\d+)*", word):
        return word
    raise ValueError("Invalid value for Visibility")


def _word(kind: str, words: Tuple[str, ...]) -> Callable[[str, Any], str]:
    def read(name: str, value: str) -> str:
        if check.text(name, value).lower() not in words:
            raise ValueError("Invalid value for " + kind)
        return value.lower()

    return read


def _range(name: str, value: Tuple[int, int]) -> Tuple[int, int]:
    low, high = check.pair(name, value)
    return check.integer(name, low, check.I128), check.integer(name, high, check.I128)


def _commitment(name: str, value: Union[PyCommitments, str]) -> PyCommitments:
    if isinstance(value, PyCommitments):
        return value
    found: Optional[PyCommitments] = PyCommitments.__members__.get(check.text(name, value).upper())
    if found is None:
        raise ValueError("Invalid value for Commitments")
    return found


class PyRunArgs:
    """The arguments of a circuit. Attributes may be given as keywords: PyRunArgs(input_scale=7).

    Visibilities: private, public, fixed, hashed (hashed/public), hashed/private/0,2 and polycommit.
    """

    __slots__ = ("_values",)
    _values: Dict[str, Any]

    input_scale = _Field(7, _integer(check.I32), "bits behind the point of inputs")
    param_scale = _Field(7, _integer(check.I32), "bits behind the point of parameters")
    rebase_scale: "_Field[Optional[int]]" = _Field(
        None, _optional_integer(check.I32), "bits behind the point of results; None: the larger of the two scales"
    )
    scale_rebase_multiplier = _Field(1, _integer(check.U32), "products come back to the scale at this multiple of it")
    lookup_range = _Field((-32768, 32768), _range, "what function tables reach")
    logrows = _Field(17, _integer(check.U32), "log2 of the number of rows")
    num_inner_cols = _Field(2, _integer(check.U64), "columns beside each other that a row of a product takes")
    variables: "_Field[List[Tuple[str, int]]]" = _Field(
        [("batch_size", 1)], check.variables, "sizes of named dimensions"
    )
    input_visibility = _Field("public", _visibility, "who sees inputs")
    output_visibility = _Field("public", _visibility, "who sees outputs")
    param_visibility = _Field("fixed", _visibility, "who sees parameters; private: a proof binds no model")
    rebase_frac_zero_constants = _Field(False, check.flag, "constants without a fraction get scale 0")
    check_mode = _Field(
        "unsafe", _word("CheckMode", ("safe", "unsafe")), "safe: a proof is verified before it is given"
    )
    decomp_base = _Field(16384, _integer(check.U64), "base of the digits of range checks")
    decomp_legs = _Field(2, _integer(check.U64), "number of those digits")
    bounded_log_lookup = _Field(False, check.flag, "logarithms by a bounded table")
    ignore_range_check_inputs_outputs = _Field(False, check.flag, "waives range checks of inputs and outputs")
    epsilon = _Field(2.220446049250313e-16, check.real, "what divisors and logarithms are kept away from zero by")
    disable_freivalds = _Field(False, check.flag, "matrix products are checked element by element")
    commitment = _Field(PyCommitments.KZG, _commitment, "PyCommitments.KZG or .IPA (releases up to 22.2.1)")
    semantics = _Field("onnx", _word("Semantics", ("onnx", "published")), "whose meaning operators have")
    proof_system = _Field(
        "plonk", _word("ProofSystem", ("plonk", "sumcheck")), "sumcheck: far cheaper, hides nothing (docs/sumcheck.md)"
    )
    row_bits: "_Field[Optional[int]]" = _Field(
        None, _optional_integer(check.U32), "sumcheck: log2 of the cells of a committed row; None: chosen"
    )
    limb_bits: "_Field[Optional[int]]" = _Field(
        None, _optional_integer(check.U32), "sumcheck: log2 of the largest range table; None: chosen"
    )
    tree_bits: "_Field[Optional[int]]" = _Field(
        None, _optional_integer(check.U32), "sumcheck: log2 of the lookups of one sum of fractions; None: chosen"
    )
    clear = _Field(False, check.flag, "sumcheck: proofs that hide nothing, which has to be said")

    def __init__(self, **values: Any) -> None:
        self._values = {}
        for name, field in _fields(type(self)).items():
            usual = field.usual
            self._values[name] = list(usual) if isinstance(usual, list) else usual
        for name, value in values.items():
            if name not in self._values:
                raise TypeError("PyRunArgs.__new__() got an unexpected keyword argument '{}'".format(name))
            setattr(self, name, value)

    def arguments(self) -> Dict[str, Any]:
        """As the library takes them."""
        out = dict(self._values)
        out["commitment"] = self.commitment.name.lower()
        return out

    def __repr__(self) -> str:
        changed = {n: v for n, v in self._values.items() if v != _fields(type(self))[n].usual}
        return "PyRunArgs({})".format(", ".join("{}={!r}".format(n, v) for n, v in changed.items()))

    def __eq__(self, other: object) -> Any:
        return self._values == other._values if isinstance(other, PyRunArgs) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> Dict[str, Any]:
        return self._values

    def __setstate__(self, values: Dict[str, Any]) -> None:
        self.__init__(**values)  # type: ignore[misc]


def _fields(owner: Type[PyRunArgs]) -> "Dict[str, _Field[Any]]":
    return {name: field for name, field in vars(PyRunArgs).items() if isinstance(field, _Field)}


def run_args(name: str, value: Optional[PyRunArgs]) -> Optional[Dict[str, Any]]:
    if value is None:
        return None
    if not isinstance(value, PyRunArgs):
        raise check.wrong_type(name, value, "PyRunArgs")
    return value.arguments()
