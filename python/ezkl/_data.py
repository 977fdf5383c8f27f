"""Data for models: paths, JSON text, numbers in lists, numpy arrays, pandas rows and tables, torch tensors."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any, Dict, List, Tuple, Union

#: A path, JSON text, an array (one input), a list of arrays (several), a dict of arrays by the inputs' names.
Data = Union[str, "os.PathLike[str]", List[Any], Tuple[Any, ...], Dict[str, Any], Any]
Argument = Union[str, Dict[str, int]]


def as_argument(data: Data) -> Tuple[Argument, List[bytes]]:
    """What stands for the data in a call's arguments, and the bytes in memory that it names."""
    if isinstance(data, str):
        return data, []
    if isinstance(data, os.PathLike):
        return os.fspath(data), []
    return {"memory": 0}, [as_bytes(data)]


def as_bytes(data: Data) -> bytes:
    """The data as a file of a form that the library reads (docs/settings.md): npy, npz or JSON."""
    if isinstance(data, dict):
        if "input_data" in data:
            return json.dumps(data).encode()
        return _npz({name: _array(value) for name, value in data.items()})
    if isinstance(data, (list, tuple)) and data and any(_is_array(item) for item in data):
        return _npz({"arr_{}".format(i): _array(item) for i, item in enumerate(data)})
    if isinstance(data, (list, tuple)):
        return json.dumps({"input_data": data if _is_nested(data) else [data]}).encode()
    return _npy(_array(data))


def _is_nested(data: Any) -> bool:
    return bool(data) and all(isinstance(item, (list, tuple)) for item in data)


def _is_array(value: Any) -> bool:
    return not isinstance(value, (str, bytes, list, tuple, dict)) and (
        hasattr(value, "__array__") or hasattr(value, "to_numpy") or hasattr(value, "detach")
    )


def _array(value: Any) -> Any:
    import numpy

    if hasattr(value, "detach"):  # torch
        value = value.detach().cpu().numpy()
    elif hasattr(value, "to_numpy"):  # pandas
        value = value.to_numpy()
        value = value.reshape(1, -1) if value.ndim == 1 else value
    out = numpy.asarray(value)
    if out.dtype == object:
        out = out.astype(numpy.float64)
    return numpy.ascontiguousarray(out)


def _npy(array: Any) -> bytes:
    import numpy

    out = io.BytesIO()
    numpy.save(out, array, allow_pickle=False)
    return out.getvalue()


def _npz(arrays: Dict[str, Any]) -> bytes:
    import numpy

    out = io.BytesIO()
    numpy.savez(out, **arrays)
    return out.getvalue()


def tensor(values: List[str], shape: Any) -> Any:
    """Decimal texts as a numpy array, or as a list where there is no numpy. `shape` None: a vector."""
    numbers = [float(value) for value in values]
    try:
        import numpy
    except ImportError:
        return numbers
    out = numpy.array(numbers)
    return out if shape is None else out.reshape(shape)


def is_loaded(package: str) -> bool:
    """Whether a package is there because the caller uses it."""
    return package in sys.modules
