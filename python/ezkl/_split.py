"""A model in parts, each with a circuit and a proof of its own (docs/split.md)."""

from __future__ import annotations

import os
from typing import Any, Dict, NamedTuple, Optional, Sequence, Union

from . import _arguments as check
from ._pipeline import call
from ._run_args import PyRunArgs, run_args

PathLike = Union[str, "os.PathLike[str]"]


class SplitVerdict(NamedTuple):
    """digest: which parts in which order this is the verdict on."""

    accepted: bool
    reason: str
    digest: str

    def __bool__(self) -> bool:
        return self.accepted


def split_model(
    model: PathLike = "network.onnx",
    output: PathLike = "split",
    py_run_args: Optional[PyRunArgs] = None,
    *,
    max_rows: Optional[int] = None,
    parts: Optional[int] = None,
    at: Sequence[str] = (),
    link: str = "hashed",
    max_model_size: int = 0,
) -> str:
    """Cuts a model by exactly one of max_rows, parts and at (names of tensors or nodes), and writes each part's files
    into `output`. `link`: what a proof shows of a tensor that two parts share: hashed, polycommit or public."""
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "output": check.path("output", output),
        "py_run_args": run_args("py_run_args", py_run_args),
        "max_rows": check.optional_integer("max_rows", max_rows),
        "parts": check.optional_integer("parts", parts),
        "at": check.texts("at", at),
        "link": check.text("link", link),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    return str(call("split_model", arguments, "Failed to split model"))


def _of_split(split: PathLike, srs_path: Optional[PathLike]) -> Dict[str, Any]:
    return {"split": check.path("split", split), "srs_path": check.optional_path("srs_path", srs_path)}


def split_digest(split: PathLike = "split") -> str:
    """SHA-256 of a split's keys and settings: which computation its proofs are of."""
    return str(call("split_digest", {"split": check.path("split", split)}, "Failed to read split"))


def setup_split(split: PathLike = "split", srs_path: Optional[PathLike] = None, *, max_model_size: int = 0) -> str:
    """setup of every part; gives the digest of the split."""
    arguments = {**_of_split(split, srs_path), "max_model_size": check.integer("max_model_size", max_model_size)}
    return str(call("setup_split", arguments, "Failed to run setup"))


def gen_witness_split(
    data: PathLike = "input.json",
    split: PathLike = "split",
    srs_path: Optional[PathLike] = None,
    *,
    max_model_size: int = 0,
) -> bool:
    """Runs the parts one after the other."""
    arguments = {
        **_of_split(split, srs_path),
        "data": check.data("data", data),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    call("gen_witness_split", arguments, "Failed to generate witness")
    return True


def prove_split(
    split: PathLike = "split",
    srs_path: Optional[PathLike] = None,
    *,
    check_mode: str = "unsafe",
    seed: Optional[int] = None,
    max_memory: int = 0,
    max_model_size: int = 0,
) -> bool:
    """Proves every part, one after the other. The rest as in prove."""
    arguments = {
        **_of_split(split, srs_path),
        "check_mode": check.text("check_mode", check_mode),
        "seed": check.optional_integer("seed", seed),
        "max_memory": check.integer("max_memory", max_memory),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    call("prove_split", arguments, "Failed to run prove")
    return True


def verify_split(
    split: PathLike = "split",
    srs_path: Optional[PathLike] = None,
    reduced_srs: bool = False,
    *,
    digest: Optional[str] = None,
) -> SplitVerdict:
    """Checks every part's proof, and that each ran on what the one before it gave. Only `digest` says which parts."""
    arguments = {
        **_of_split(split, srs_path),
        "reduced_srs": check.flag("reduced_srs", reduced_srs),
        "digest": check.optional_text("digest", digest),
    }
    return SplitVerdict(**call("verify_split", arguments, "Failed to run verify"))
