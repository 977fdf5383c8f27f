"""A progress bar in the output of a notebook's cell."""

from __future__ import annotations

import html
import sys
import time
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from ._session import Progress


def in_notebook() -> bool:
    """Whether a kernel runs us that shows HTML: one that has IPython loaded has it in sys.modules."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return shell is not None and getattr(shell, "kernel", None) is not None


class Bar:
    """Appears once a call has taken half a second, and is gone when it is done."""

    _delay_s, _step_s = 0.5, 0.2

    def __init__(self, command: str) -> None:
        self._command = command
        self._start = self._last = time.monotonic()
        self._display: Any = None

    def show(self, progress: "Progress") -> None:
        now = time.monotonic()
        if now - self._start < self._delay_s or (self._display is not None and now - self._last < self._step_s):
            return
        self._last = now
        from IPython.display import HTML, display

        page = HTML(bar_html(self._command, progress))
        if self._display is None:
            self._display = display(page, display_id=True)
        else:
            self._display.update(page)

    def close(self) -> None:
        if self._display is not None:
            from IPython.display import HTML

            self._display.update(HTML(""))


def bar_html(command: str, progress: "Progress") -> str:
    part = progress.part or (progress.done / progress.total if progress.total else 0.0)
    label = html.escape("{}: {}".format(command, progress.phase))
    value = ' value="{:.3f}"'.format(part) if part else ""
    return '<label>{} <progress max="1"{}></progress></label>'.format(label, value)


def bar(command: str) -> Optional[Bar]:
    return Bar(command) if in_notebook() else None
