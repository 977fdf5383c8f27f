"""The functions of this package for asyncio: `await ezkl.aio.prove(...)`. Each runs on a thread of its own while the
loop goes on; cancelling its task stops the call."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Awaitable, Callable, TypeVar

from . import _pipeline, _reports
from ._background import start
from ._evm import create_evm_vka, create_evm_verifier, deploy_evm, register_vka, verify_evm
from ._pipeline import get_srs

if sys.version_info >= (3, 10):
    from typing import ParamSpec

    P = ParamSpec("P")
elif TYPE_CHECKING:
    from typing_extensions import ParamSpec

    P = ParamSpec("P")
T = TypeVar("T")


def _twin(function: "Callable[P, T]") -> "Callable[P, Awaitable[T]]":
    @functools.wraps(function)
    def begin(*args: "P.args", **named: "P.kwargs") -> "Awaitable[T]":
        return start(lambda: function(*args, **named))

    return begin


gen_settings = _twin(_pipeline.gen_settings)
choose_settings = _twin(_pipeline.choose_settings)
calibrate_settings = _twin(_pipeline.calibrate_settings)
compile_circuit = _twin(_pipeline.compile_circuit)
compile_model = _twin(_pipeline.compile_model)
gen_srs = _twin(_pipeline.gen_srs)
gen_witness = _twin(_pipeline.gen_witness)
mock = _twin(_pipeline.mock)
setup = _twin(_pipeline.setup)
prove = _twin(_pipeline.prove)
verify = _twin(_pipeline.verify)
accuracy = _twin(_reports.accuracy)
check = _twin(_reports.check_model)
verify_report = _twin(_reports.verify_report)

__all__ = [
    "accuracy", "calibrate_settings", "check", "choose_settings", "compile_circuit", "compile_model",
    "create_evm_verifier", "create_evm_vka", "deploy_evm", "gen_settings", "gen_srs", "gen_witness", "get_srs", "mock",
    "prove", "register_vka", "setup", "verify", "verify_evm", "verify_report",
]  # fmt: skip
