"""Surroundings of calls: options, progress, stop. The library reads no variables of the environment, this module
does."""

from __future__ import annotations

import contextvars
import os
import threading
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Union

from ._library import library


class Progress(NamedTuple):
    """How far a call is: its phase, steps of it (total 0: not counted), and the part of the whole, 0 to 1, by
    predicted cost (0: nothing is predicted)."""

    phase: str
    done: int
    total: int
    part: float


class StopToken:
    """Ends calls from any thread, running ones and those that begin later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handles: Set[int] = set()
        self._stopped = False

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            for handle in self._handles:
                library.ezkl_cancel(handle)

    def resume(self) -> None:
        with self._lock:
            self._stopped = False

    def attach(self, handle: int) -> None:
        with self._lock:
            self._handles.add(handle)
            if self._stopped:
                library.ezkl_cancel(handle)

    def detach(self, handle: int) -> None:
        with self._lock:
            self._handles.discard(handle)


PathText = Union[str, "os.PathLike[str]"]


class Session:
    """Options for the calls within `with ezkl.Session(...):`, instead of the variables of the environment.

    threads, kernels, max_memory, max_circuit_area, srs_folder, srs_mirror, key_format, solidity_compiler,
    program_path, private_key: as docs/environment.md says of the option.
    progress: called with a Progress at least every 100 ms on the thread that called; what it raises ends the call and
    leaves it. Without one, a notebook shows a bar; progress=False: nothing is shown.
    """

    def __init__(
        self,
        *,
        threads: Optional[int] = None,
        kernels: Optional[str] = None,
        max_memory: Optional[int] = None,
        max_circuit_area: Optional[int] = None,
        srs_folder: Optional[PathText] = None,
        srs_mirror: Optional[str] = None,
        key_format: Optional[str] = None,
        solidity_compiler: Optional[PathText] = None,
        program_path: Optional[str] = None,
        private_key: Optional[str] = None,
        progress: Union[None, bool, Callable[[Progress], Any]] = None,
    ) -> None:
        given = dict(
            threads=threads, kernels=kernels, max_memory=max_memory, max_circuit_area=max_circuit_area,
            srs_folder=srs_folder, srs_mirror=srs_mirror, key_format=key_format, solidity_compiler=solidity_compiler,
            program_path=program_path, private_key=private_key,
        )  # fmt: skip
        self._given = {name: os.fspath(v) if isinstance(v, os.PathLike) else str(v)
                       for name, v in given.items() if v is not None}  # fmt: skip
        self.progress = progress
        self.token = StopToken()
        self._tokens: List["contextvars.Token[Optional[Session]]"] = []

    def __enter__(self) -> "Session":
        self._tokens.append(_current.set(self))
        return self

    def __exit__(self, *ignored: object) -> None:
        _current.reset(self._tokens.pop())

    def stop(self) -> None:
        """Ends the session's calls, running ones and later ones, with ezkl.Cancelled. From any thread."""
        self.token.stop()

    def resume(self) -> None:
        """Takes `stop` back."""
        self.token.resume()

    def options(self) -> Dict[str, str]:
        return {**_from_environment(), **self._given}


_current: "contextvars.ContextVar[Optional[Session]]" = contextvars.ContextVar("ezkl_session", default=None)
#: What cancelling a task or future stops, beside the session.
task_token: "contextvars.ContextVar[Optional[StopToken]]" = contextvars.ContextVar("ezkl_task", default=None)


def current() -> Session:
    return _current.get() or _usual


_usual = Session()

_VARIABLES = {
    "kernels": "EZKL_CPU",
    "max_circuit_area": "EZKL_MAX_CIRCUIT_AREA",
    "srs_mirror": "EZKL_SRS_MIRROR",
    "key_format": "EZKL_KEY_FORMAT",
    "solidity_compiler": "EZKL_SOLC",
    "program_path": "PATH",
    "private_key": "EZKL_PRIVATE_KEY",
}


def _from_environment() -> Dict[str, str]:
    """As the command line reads it (docs/environment.md)."""
    out = {option: os.environ[name] for option, name in _VARIABLES.items() if os.environ.get(name)}
    threads = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    if threads.isdigit() and int(threads) >= 1:
        out["threads"] = str(min(int(threads), 1024))
    if os.environ.get("EZKL_REPO_PATH"):
        out["srs_folder"] = os.path.join(os.environ["EZKL_REPO_PATH"], "srs")
    elif os.environ.get("HOME"):
        out["srs_folder"] = os.path.join(os.environ["HOME"], ".ezkl", "srs")
    return out
