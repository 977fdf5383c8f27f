"""What functions give back, in the published package's form."""

from __future__ import annotations

import html
import json
import os
from typing import Any, Dict, Iterator, List, Mapping, Sequence

from ._call import run
from ._classes import PyG1Affine


class SettingsFile(Mapping[str, Any]):
    """What gen_settings gives: equal to True, the path of the settings for functions that take one, and what is in
    them, read when it is asked for."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __fspath__(self) -> str:
        return self._path

    def _members(self) -> Dict[str, Any]:
        with open(self._path, encoding="utf-8") as file:
            members: Dict[str, Any] = json.load(file)
        return members

    def __getitem__(self, name: str) -> Any:
        return self._members()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members())

    def __len__(self) -> int:
        return len(self._members())

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SettingsFile):
            return os.path.abspath(self._path) == os.path.abspath(other._path)
        return other is True or (type(other) is int and other == 1)

    def __hash__(self) -> int:
        return hash(True)

    def __repr__(self) -> str:
        return "SettingsFile({!r})".format(self._path)

    def _repr_html_(self) -> str:
        args = self.get("run_args", {})
        rows = "".join("<tr><th>{}</th><td>{}</td></tr>".format(html.escape(str(k)), html.escape(str(v)))
                       for k, v in args.items())  # fmt: skip
        return "<table><caption>{}: 2<sup>{}</sup> rows</caption>{}</table>".format(
            html.escape(self._path), html.escape(str(args.get("logrows"))), rows
        )


def points(compressed: Sequence[str]) -> List[PyG1Affine]:
    found = run("point_coordinates", {"points": list(compressed)}).value
    return [PyG1Affine(point["x"], point["y"]) for point in found]


def _processed(members: Dict[str, Any]) -> Dict[str, Any]:
    out = {name: value for name, value in members.items() if value is not None}
    if "polycommit" in out:
        out["polycommit"] = [points(group) for group in out["polycommit"]]
    return out


def witness_dict(witness: Dict[str, Any]) -> Dict[str, Any]:
    """Of witness.json what the published function gives: values and ranges, and of what was hashed or committed to
    that alone, commitments as points."""
    names = ("inputs", "outputs", "max_lookup_inputs", "min_lookup_inputs", "max_range_size")
    out = {name: witness[name] for name in names}
    for name in ("processed_inputs", "processed_params", "processed_outputs"):
        if witness.get(name) is not None:
            out[name] = _processed(witness[name])
    return out
