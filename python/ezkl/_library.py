"""libezkl.so.1 as ctypes sees it (include/ezkl/ezkl.h): functions, their types, codes, and nothing else."""

from __future__ import annotations

import ctypes
import os
from typing import Any, List, Optional

ABI_VERSION = 1

OK = 0
CANCELLED = 1

LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_TRACE = range(5)


class Bytes(ctypes.Structure):
    """ezkl_bytes."""

    data: Optional[int]
    size: int
    owner: Optional[int]
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("owner", ctypes.c_void_p)]

    def copy(self) -> bytes:
        return ctypes.string_at(self.data, self.size) if self.data is not None else b""


ProgressFunction = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_double
)
LogFunction = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p)


def _places() -> List[str]:
    """Where the library may lie: named by EZKL_LIBRARY, in the wheel, or where the system looks."""
    named = os.environ.get("EZKL_LIBRARY")
    if named:
        return [named]
    return [os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib", "libezkl.so.1"), "libezkl.so.1"]


def _open() -> ctypes.CDLL:
    reason: Optional[OSError] = None
    for place in _places():
        if os.path.isabs(place) and not os.path.exists(place):
            continue
        try:
            return ctypes.CDLL(place)
        except OSError as e:
            reason = e
    raise ImportError("libezkl.so.1 cannot be loaded (EZKL_LIBRARY may name it): {}".format(reason))


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    session, text, count = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t
    bytes_pointer = ctypes.POINTER(Bytes)

    def function(name: str, result: Any, *arguments: Any) -> None:
        try:
            entry = getattr(library, name)
        except AttributeError:
            raise ImportError("libezkl.so.1 has no {}: it is older than this package".format(name)) from None
        entry.restype, entry.argtypes = result, list(arguments)

    function("ezkl_abi_version", ctypes.c_uint32)
    function("ezkl_version", text)
    function("ezkl_compatible_version", text)
    function("ezkl_session_new", session)
    function("ezkl_session_free", None, session)
    function("ezkl_set_progress", ctypes.c_int, session, ProgressFunction, ctypes.c_void_p)
    function("ezkl_set_log", ctypes.c_int, session, LogFunction, ctypes.c_void_p, ctypes.c_int)
    function("ezkl_set_option", ctypes.c_int, session, text, text)
    function("ezkl_cancel", None, session)
    function("ezkl_error_details", text, session)
    function("ezkl_run", ctypes.c_int, session, text, text, bytes_pointer, count, bytes_pointer, bytes_pointer, count)
    function("ezkl_bytes_free", None, bytes_pointer)
    if library.ezkl_abi_version() < ABI_VERSION:
        raise ImportError("libezkl.so.1 is older than this package")
    return library


library = _declare(_open())


def version() -> str:
    return str(library.ezkl_version().decode())


def compatible_version() -> str:
    return str(library.ezkl_compatible_version().decode())
