"""Data for models: paths, JSON text, numbers in lists, numpy arrays, pandas rows and tables, torch tensors."""

from __future__ import annotations

import io
import json
import os
from typing import Any, Dict, List, Tuple, Union

#: A path, JSON text, numbers (of one input, in lists or an array), a list of arrays or lists (several inputs), a dict
#: of arrays by the inputs' names.
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
            return json.dumps({**data, "input_data": _plain(data["input_data"])}).encode()
        return _npz({name: _array(value) for name, value in data.items()})
    if _is_array(data):
        return _npy(_array(data))
    if isinstance(data, (list, tuple)) and any(_is_array(item) for item in data):
        return _npz({"arr_{}".format(i): _array(item) for i, item in enumerate(data)})
    return json.dumps({"input_data": _lists(data)}).encode()


def as_comparison(data: Data, member: str, memory: List[bytes]) -> Argument:
    """What a proof must be about: a path or JSON text as it is, numbers as JSON text whose `member`, "input_data" or
    "output_data", has a flat list for each tensor, tensors by their names as a file in `memory`."""
    if isinstance(data, str):
        return data
    if isinstance(data, os.PathLike):
        return os.fspath(data)
    if isinstance(data, dict):
        if member not in data:
            memory.append(as_bytes(data))
            return {"memory": len(memory) - 1}
        data = data[member]
    lists = _lists([data] if _is_array(data) else data)
    return json.dumps({member: [_flat(values) for values in lists]})


def _lists(data: Any) -> List[Any]:
    """A list for each tensor: the items where they are lists or arrays, else the whole as the one tensor."""
    plain = _plain(data if isinstance(data, (list, tuple)) else [data])
    return plain if plain and all(isinstance(item, list) for item in plain) else [plain]


def _plain(value: Any) -> Any:
    """What JSON has: lists for arrays, numbers for their scalars."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return _numpy(value).tolist() if _is_numpy_like(value) else value


def _flat(values: List[Any]) -> List[Any]:
    """The elements of nested lists. Lists beside numbers stay, and the library refuses them."""
    if not values or not all(isinstance(item, list) for item in values):
        return values
    return [element for item in values for element in _flat(item)]


def _is_numpy_like(value: Any) -> bool:
    return not isinstance(value, (str, bytes, list, tuple, dict)) and (
        hasattr(value, "__array__") or hasattr(value, "to_numpy") or hasattr(value, "detach")
    )


def _is_array(value: Any) -> bool:
    """Not so a scalar of numpy or torch, which is a number."""
    return _is_numpy_like(value) and getattr(value, "ndim", 1) != 0


def _numpy(value: Any) -> Any:
    import numpy

    if hasattr(value, "detach"):  # torch
        value = value.detach().cpu().numpy()
    elif hasattr(value, "to_numpy"):  # pandas
        value = value.to_numpy()
    out = numpy.asarray(value)
    return out.astype(numpy.float64) if out.dtype == object else out


def _array(value: Any) -> Any:
    """For a file of numpy's; a row of pandas is one of a table."""
    import numpy

    out = _numpy(value)
    if hasattr(value, "to_numpy") and out.ndim == 1:
        out = out.reshape(1, -1)
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
