"""One call of the library: arguments in, JSON and bytes out; Ctrl-C, progress and log on the way."""

from __future__ import annotations

import ctypes
import json
import logging
import signal
import threading
from types import FrameType
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from . import _library, _notebook, _session
from ._errors import Failure
from ._library import library

_log = logging.getLogger("ezkl")

_TO_LOGGING = {
    _library.LOG_ERROR: logging.ERROR,
    _library.LOG_WARN: logging.WARNING,
    _library.LOG_INFO: logging.INFO,
    _library.LOG_DEBUG: logging.DEBUG,
    _library.LOG_TRACE: 5,
}


class Result(NamedTuple):
    value: Any
    outputs: List[bytes]


def _wanted_level() -> int:
    """The library's level for what the logger "ezkl" lets through."""
    wanted = _log.getEffectiveLevel()
    return max((level for level, number in _TO_LOGGING.items() if number >= wanted), default=_library.LOG_ERROR)


def _say(_user: object, level: int, module: bytes, text: bytes) -> None:
    try:
        name = "ezkl." + module.decode("utf-8", "replace")
        logging.getLogger(name).log(_TO_LOGGING.get(level, logging.ERROR), "%s", text.decode("utf-8", "replace"))
    except Exception:  # nothing may leave a callback
        pass


_say_function = _library.LogFunction(_say)


class _Interrupt:
    """Ctrl-C while a call runs on the main thread: the handler that there is runs, and what it raises ends the call and
    is raised once the call has come back. An exception inside a callback would only be printed by ctypes."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._before: Any = None
        self.raised: Optional[BaseException] = None

    def __enter__(self) -> "_Interrupt":
        if threading.current_thread() is threading.main_thread():
            before = signal.getsignal(signal.SIGINT)
            if callable(before):
                self._before = before
                signal.signal(signal.SIGINT, self._handler)
        return self

    def __exit__(self, *ignored: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _handler(self, number: int, frame: Optional[FrameType]) -> None:
        try:
            self._before(number, frame)
        except BaseException as e:
            self.raised = e
            library.ezkl_cancel(self._handle)


class _Watcher:
    """Tells progress to who wants to know, and keeps what that raises."""

    def __init__(self, session: _session.Session, command: str) -> None:
        self.raised: Optional[BaseException] = None
        self._bar = _notebook.bar(command) if session.progress is None else None
        self._told = session.progress if callable(session.progress) else None
        self.function = _library.ProgressFunction(self._report)

    def _report(self, _user: object, phase: bytes, done: int, total: int, part: float) -> int:
        try:
            progress = _session.Progress(phase.decode("utf-8", "replace"), done, total, part)
            if self._told is not None:
                self._told(progress)
            if self._bar is not None:
                self._bar.show(progress)
            return 0
        except BaseException as e:
            self.raised = e
            return 1

    def end(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _set_options(handle: int, options: Dict[str, str]) -> None:
    for name, value in options.items():
        if library.ezkl_set_option(handle, name.encode(), _encoded(value)) != _library.OK:
            raise Failure(library.ezkl_error_details(handle).decode("utf-8", "replace"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def run(
    command: str, arguments: Dict[str, Any], memory: Sequence[bytes] = (), outputs: int = 0, log: bool = True
) -> Result:
    """Runs a command of ezkl_run. An argument that is None has the library's default, or is a file that is not written.
    `memory` is what {"memory": i} stands for, and `outputs` the number of {"output": i}. errors: Failure."""
    session = _session.current()
    given = json.dumps(arguments, ensure_ascii=False)
    handle = library.ezkl_session_new()
    if not handle:
        raise MemoryError
    tokens = [token for token in (session.token, _session.task_token.get()) if token is not None]
    watcher = _Watcher(session, command)
    result, out = _library.Bytes(), (_library.Bytes * outputs)()
    kept = [(ctypes.c_char * len(data)).from_buffer_copy(data) if data else None for data in memory]
    inside = (_library.Bytes * len(memory))(
        *(_library.Bytes(ctypes.cast(b, ctypes.c_void_p) if b else None, len(d), None) for b, d in zip(kept, memory))
    )
    try:
        _set_options(handle, session.options())
        library.ezkl_set_progress(handle, watcher.function, None)
        if log:
            library.ezkl_set_log(handle, _say_function, None, _wanted_level())
        with _Interrupt(handle) as interrupt:
            for token in tokens:
                token.attach(handle)
            try:
                code = library.ezkl_run(
                    handle, command.encode(), _encoded(given), inside, len(memory), ctypes.byref(result), out, outputs
                )
            finally:
                for token in tokens:
                    token.detach(handle)
        for raised in (interrupt.raised, watcher.raised):
            if raised is not None:
                raise raised
        if code != _library.OK:
            raise Failure(library.ezkl_error_details(handle).decode("utf-8", "replace"))
        return Result(json.loads(result.copy()), [one.copy() for one in out])
    finally:
        watcher.end()
        for one in (result, *out):
            library.ezkl_bytes_free(ctypes.byref(one))
        library.ezkl_session_free(handle)
