"""Work on another thread: the coroutines of the published package, which begin when they are called, and ezkl.aio."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import threading
from typing import Any, Callable, Set, TypeVar

from ._session import StopToken, task_token

T = TypeVar("T")

_executor = concurrent.futures.ThreadPoolExecutor(thread_name_prefix="ezkl")
_lock = threading.Lock()
#: Work that writes what others read without being told: get_srs, which some never await.
_fetching: "Set[concurrent.futures.Future[Any]]" = set()


def start(work: Callable[[], T], fetches: bool = False) -> "asyncio.Future[T]":
    """Begins `work` and gives a future of the running loop; cancelling that stops the call. errors: RuntimeError
    without a running loop."""
    loop = asyncio.get_running_loop()
    token = StopToken()
    context = contextvars.copy_context()
    context.run(task_token.set, token)

    begun: "concurrent.futures.Future[T]" = _executor.submit(context.run, work)
    if fetches:
        with _lock:
            _fetching.add(begun)
        begun.add_done_callback(_fetched)
    future = asyncio.wrap_future(begun, loop=loop)

    def stop_if_cancelled(done: "asyncio.Future[T]") -> None:
        if done.cancelled():
            token.stop()

    future.add_done_callback(stop_if_cancelled)
    return future


def _fetched(done: "concurrent.futures.Future[Any]") -> None:
    with _lock:
        _fetching.discard(done)


def wait_for_fetches() -> None:
    """Lets a setup that is being fetched arrive before a call looks for it. A worker may wait too: what it waits
    for was begun before it."""
    with _lock:
        pending = list(_fetching)
    if pending:
        concurrent.futures.wait(pending)
