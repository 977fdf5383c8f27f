"""Reports: whether a model can be proved, how exact its circuit is, and what a proof says."""

from __future__ import annotations

import html
import os
from typing import Any, Dict, Iterator, List, Mapping, Optional, Union

from . import _arguments as check
from ._data import Data, as_argument, as_comparison
from ._pipeline import _given, call_with

PathLike = Union[str, "os.PathLike[str]"]


class Report(Mapping[str, Any]):
    """What the library says, as a mapping; its text for a terminal is str(report), and a notebook shows the page."""

    def __init__(self, members: Dict[str, Any], text: str, page: Optional[str] = None) -> None:
        self._members = members
        self._text = text
        self._page = page

    def __getitem__(self, name: str) -> Any:
        return self._members[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __bool__(self) -> bool:
        return bool(self._members.get("ok", self._members.get("accepted", True)))

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "<{}: {}>".format(type(self).__name__, self._text.strip().split("\n")[0])

    def _repr_html_(self) -> str:
        if self._page is None:
            return "<pre>{}</pre>".format(html.escape(self._text))
        # A page of its own, with styles that must not reach the notebook's.
        return '<iframe style="width:100%;height:40em;border:0" srcdoc="{}"></iframe>'.format(
            html.escape(self._page, quote=True)
        )

    @property
    def html(self) -> str:
        """A page that needs nothing else."""
        return self._page if self._page is not None else self._repr_html_()


class Accuracy(Report):
    """The circuit's arithmetic beside the float model's."""


class Check(Report):
    """Whether a model can be proved: true when it can. `problems` are errors with all nodes that they are about."""

    @property
    def problems(self) -> List[Dict[str, Any]]:
        return list(self["problems"])


class Verdict(Report):
    """Whether a proof holds: true when it does; and what it says."""

    @property
    def accepted(self) -> bool:
        return bool(self["accepted"])

    @property
    def reason(self) -> Optional[str]:
        reason = self["reason"]
        return None if reason is None else str(reason)


def accuracy(
    data: Data = "input.json",
    model: PathLike = "network.onnx",
    settings_path: PathLike = "settings.json",
    *,
    max_model_size: int = 0,
) -> Accuracy:
    """Compares the circuit's arithmetic with the float model, node by node, on samples: a path, JSON text or arrays."""
    given, memory = as_argument(data)
    arguments: Dict[str, Any] = {
        "data": given,
        "model": check.path("model", model),
        "settings_path": check.path("settings_path", settings_path),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    said = {
        form: call_with("accuracy", {**arguments, "format": form}, "Failed to compare", memory=memory).value
        for form in ("json", "text", "html")
    }
    return Accuracy(said["json"], said["text"], said["html"])


def check_model(
    model: PathLike = "network.onnx",
    data: Optional[Data] = None,
    *,
    target: str = "prove",
    lookup_safety_margin: float = 2.0,
    max_model_size: int = 0,
    **run_args: Any,
) -> Check:
    """Whether a model can be proved and what that takes, on samples if there are some; nothing is written. Run
    arguments given as keywords stay, the rest is chosen. Also under the name ezkl.check."""
    given, memory = (None, []) if data is None else as_argument(data)
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "data": given,
        "py_run_args": _given(run_args),
        "target": check.text("target", target),
        "lookup_safety_margin": check.json_real("lookup_safety_margin", lookup_safety_margin),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    found: Dict[str, Any] = call_with("check_model", arguments, "Failed to check model", memory=memory).value
    return Check(found, _check_text(found))


def _check_text(found: Dict[str, Any]) -> str:
    lines = ["{}: {}".format(found["model"], "can be proved" if found["ok"] else "cannot be proved as it is")]
    lines += [said["message"] for said in found["problems"] + found["notes"]]
    circuit = found.get("circuit")
    if circuit:
        lines.append(
            "2^{logrows} rows, {columns} columns; about {seconds:.2g} s and {peak_mib:.0f} MiB to prove on one core, a "
            "proof of {proof_bytes} bytes".format(**circuit)
        )
        if circuit["samples"]:
            lines.append(
                "{} of {samples} samples are as the float model has them; largest error {largest_error:.3g}".format(
                    circuit["samples"] - circuit["beyond"], **circuit
                )
            )
    return "\n".join(lines)


def verify_report(
    proof_path: PathLike = "proof.json",
    settings_path: PathLike = "settings.json",
    vk_path: PathLike = "vk.key",
    srs_path: Optional[PathLike] = None,
    reduced_srs: bool = False,
    *,
    manifest: Optional[PathLike] = None,
    digest: Optional[str] = None,
    input: Optional[Data] = None,
    output: Optional[Data] = None,
) -> Verdict:
    """verify, as a report of what was proved instead of an error. `input`, `output` (paths, JSON text, numbers): what
    the proof must be about."""
    memory: List[bytes] = []
    arguments: Dict[str, Any] = {
        "proof_path": check.path("proof_path", proof_path),
        "settings_path": check.path("settings_path", settings_path),
        "vk_path": check.path("vk_path", vk_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "reduced_srs": check.flag("reduced_srs", reduced_srs),
        "manifest": check.optional_path("manifest", manifest),
        "digest": check.optional_text("digest", digest),
        "input": None if input is None else as_comparison(input, "input_data", memory),
        "output": None if output is None else as_comparison(output, "output_data", memory),
    }
    said = {
        form: call_with("verify_report", {**arguments, "format": form}, "Failed to run verify", memory=memory).value
        for form in ("json", "text")
    }
    return Verdict(said["json"], said["text"])
