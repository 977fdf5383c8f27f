"""The published package's functions and classes under the name ezkl.ezkl, where its own module has them."""

from __future__ import annotations

from . import *  # noqa: F401,F403
from . import __all__ as __all__
from . import __version__ as __version__
