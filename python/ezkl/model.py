"""Models, circuits, provers and verifiers as objects. Each lies in a folder with the usual file names, so that the
functions and the command line work on it too; a folder that nobody names is gone with the last object that uses it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import weakref
from typing import Any, Dict, List, Optional, Union

from . import _convert, _pipeline
from ._data import Data, as_argument, tensor
from ._pipeline import PathLike, call_with
from ._reports import Accuracy, Check, Verdict, accuracy, check_model, verify_report
from ._results import SettingsFile


class Folder:
    """A folder that was named, or one of our own that only this user can enter. `there`: it is read, so it has to be
    there. errors: FileNotFoundError."""

    def __init__(self, path: Optional[PathLike] = None, *, there: bool = False) -> None:
        if path is None:
            self.path = tempfile.mkdtemp(prefix="ezkl-")
            weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
            return
        self.path = os.fspath(path)
        if not there:
            os.makedirs(self.path, exist_ok=True)
        elif not os.path.isdir(self.path):
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", self.path)

    def file(self, name: str) -> str:
        return os.path.join(self.path, name)


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _json(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Model:
    """An ONNX model: a path, its bytes, or a fitted model of scikit-learn, xgboost, lightgbm or torch with an example
    of its input."""

    def __init__(self, model: Any, example: Any = None) -> None:
        self._folder: Optional[Folder] = None
        if isinstance(model, (str, os.PathLike)):
            self.path = os.fspath(model)
            return
        data = bytes(model) if isinstance(model, (bytes, bytearray)) else _convert.to_onnx(model, example)[0]
        self._folder = Folder()
        self.path = self._folder.file("network.onnx")
        _write(self.path, data)

    def __repr__(self) -> str:
        return "Model({!r})".format(self.path)

    def _repr_html_(self) -> str:
        return _pipeline.table(self.path, format="svg")

    def check(self, data: Optional[Data] = None, *, target: str = "prove", **run_args: Any) -> Check:
        """As ezkl.check."""
        return check_model(self.path, data, target=target, **run_args)

    def compile(
        self,
        data: Optional[Data] = None,
        *,
        folder: Optional[PathLike] = None,
        target: str = "prove",
        keep_float: bool = True,
        **run_args: Any,
    ) -> "Circuit":
        """A circuit for the model that does on the samples of `data` what the model does. Run arguments given as
        keywords stay (input_visibility="private"), the rest is chosen; visibilities are as in PyRunArgs."""
        place = Folder(folder)
        given, memory = (None, []) if data is None else as_argument(data)
        arguments = {
            "model": self.path,
            "output": place.file("settings.json"),
            "data": given,
            "py_run_args": _pipeline._given(run_args),
            "target": target,
        }
        call_with("choose_settings", arguments, "Failed to generate settings", memory=memory)
        _pipeline.compile_circuit(
            self.path, place.file("model.compiled"), place.file("settings.json"), keep_float=keep_float
        )
        circuit = Circuit(place)
        circuit.model = self
        return circuit


def from_sklearn(model: Any, X: Any) -> Model:
    """A fitted estimator or pipeline of scikit-learn; `X`: rows as it takes them."""
    return Model(_convert.from_sklearn(model, X))


def from_xgboost(model: Any, X: Any) -> Model:
    """A fitted model of xgboost; `X`: rows as it takes them."""
    return Model(_convert.from_xgboost(model, X))


def from_lightgbm(model: Any, X: Any) -> Model:
    """A fitted model of lightgbm; `X`: rows as it takes them."""
    return Model(_convert.from_lightgbm(model, X))


def from_torch(model: Any, x: Any) -> Model:
    """A torch module; `x`: an example of its input, a tuple of several."""
    return Model(_convert.from_torch(model, x))


class _InFolder:
    def __init__(self, folder: Union[Folder, PathLike]) -> None:
        self._folder = folder if isinstance(folder, Folder) else Folder(folder, there=True)

    @property
    def folder(self) -> str:
        return self._folder.path

    def _file(self, name: str) -> str:
        return self._folder.file(name)

    @property
    def settings(self) -> SettingsFile:
        """A mapping of what settings.json says."""
        return SettingsFile(self._file("settings.json"))

    @property
    def logrows(self) -> int:
        """log2 of the number of rows, which is the size of the setup that it needs."""
        return int(self.settings["run_args"]["logrows"])

    def __repr__(self) -> str:
        return "{}({!r})".format(type(self).__name__, self.folder)


class Circuit(_InFolder):
    """A compiled model: settings.json and model.compiled of a folder."""

    model: Optional[Model] = None

    def run(self, x: Data) -> Any:
        """What the circuit computes, as numbers: an array, or a list of them for several outputs."""
        witness = self.witness(x)
        outputs = witness["pretty_elements"]["rescaled_outputs"]
        tensors = [tensor(values, shape) for values, shape in zip(outputs, self._output_shapes(len(outputs)))]
        return tensors[0] if len(tensors) == 1 else tensors

    def witness(self, x: Data, *, max_error: Optional[float] = None, same_class: bool = False) -> Dict[str, Any]:
        """What witness.json holds for an input."""
        return _witness(self._folder, x, {"max_error": max_error, "same_class": same_class or None})

    def accuracy(self, data: Data) -> Accuracy:
        """The circuit's arithmetic beside the float model's, node by node."""
        if self.model is None:
            raise ValueError("this circuit was opened without its model: ezkl.accuracy(data, model, settings_path)")
        return accuracy(data, self.model.path, self._file("settings.json"))

    def mock(self, x: Data) -> bool:
        """Checks every constraint for an input, without a proof."""
        given = [json.dumps(self.witness(x)).encode()]
        arguments = {"witness": {"memory": 0}, "model": self._file("model.compiled")}
        call_with("mock", arguments, "Failed to run mock", memory=given)
        return True

    def setup(self, srs: Optional[PathLike] = None, *, max_memory: int = 0) -> "Prover":
        """Makes the keys. `srs`: the setup's file; without it the one of that size in the usual folder, which
        ezkl.get_srs fetches."""
        digest = call_with(
            "setup",
            {
                "model": self._file("model.compiled"),
                "vk_path": self._file("vk.key"),
                "pk_path": self._file("pk.key"),
                "srs_path": None if srs is None else os.fspath(srs),
                "max_memory": max_memory,
            },
            "Failed to run setup",
        ).value
        return Prover(self._folder, srs, digest=str(digest))

    def _output_shapes(self, count: int) -> List[Any]:
        settings = self.settings
        shapes = settings["model_instance_shapes"] if settings["run_args"]["output_visibility"] == "Public" else []
        return list(shapes[-count:]) if count and len(shapes) >= count else [None] * count


def _witness(folder: Folder, x: Data, more: Dict[str, Any]) -> Dict[str, Any]:
    given, memory = as_argument(x)
    arguments = {"data": given, "model": folder.file("model.compiled"), "output": None, **more}
    found: Dict[str, Any] = call_with("gen_witness", arguments, "Failed to generate witness", memory=memory).value
    return found


class Proof:
    """What proof.json holds. Its bytes, or a path of it, are taken wherever a Proof is."""

    def __init__(self, data: bytes, outputs: Any = None) -> None:
        self.data = data
        #: What the circuit computed, as numbers; of a proof that was read, None.
        self.outputs = outputs

    @classmethod
    def load(cls, path: PathLike) -> "Proof":
        return cls(_read(os.fspath(path)))

    def save(self, path: PathLike) -> None:
        _write(os.fspath(path), self.data)

    @property
    def instances(self) -> List[List[str]]:
        """What it shows, as field elements."""
        instances: List[List[str]] = json.loads(self.data)["instances"]
        return instances

    def __len__(self) -> int:
        return len(json.loads(self.data)["hex_proof"]) // 2 - 1

    def __repr__(self) -> str:
        return "<Proof of {} bytes>".format(len(self))


class Prover(_InFolder):
    """A circuit with its keys. `digest` is that of the key's manifest: a verifier has to know it from the model's
    owner."""

    def __init__(
        self, folder: Union[Folder, PathLike], srs: Optional[PathLike] = None, *, digest: Optional[str] = None
    ) -> None:
        super().__init__(folder)
        self._srs = None if srs is None else os.fspath(srs)
        self._digest = digest

    @property
    def digest(self) -> str:
        if self._digest is None:
            self._digest = _manifest_digest(self._file("vk.manifest.json"))
        return self._digest

    def prove(self, x: Data, *, check_mode: str = "unsafe", max_memory: int = 0) -> Proof:
        """Runs the circuit on an input and proves the run."""
        circuit = Circuit(self._folder)
        groups = (self.settings["run_args"][group + "_visibility"] for group in ("input", "param", "output"))
        committed = {"vk_path": self._file("vk.key"), "srs_path": self._srs} if "KZGCommit" in groups else {}
        witness = _witness(self._folder, x, committed)
        arguments = {
            "witness": {"memory": 0},
            "model": self._file("model.compiled"),
            "pk_path": self._file("pk.key"),
            "proof_path": {"output": 0},
            "srs_path": self._srs,
            "check_mode": check_mode,
            "max_memory": max_memory,
        }
        made = call_with("prove", arguments, "Failed to run prove", memory=[json.dumps(witness).encode()], outputs=1)
        outputs = witness["pretty_elements"]["rescaled_outputs"]
        tensors = [tensor(values, shape) for values, shape in zip(outputs, circuit._output_shapes(len(outputs)))]
        return Proof(made.outputs[0], tensors[0] if len(tensors) == 1 else tensors)

    def verifier(self) -> "Verifier":
        return Verifier(self._folder, self._srs, digest=self.digest)

    def export(self, folder: PathLike) -> str:
        """Copies what a verifier needs into a folder: settings.json, vk.key, vk.manifest.json. Gives the digest, which
        is to be told another way."""
        place = Folder(folder)
        for name in ("settings.json", "vk.key", "vk.manifest.json"):
            _write(place.file(name), _read(self._file(name)))
        return self.digest


def _manifest_digest(path: str) -> str:
    import hashlib

    return hashlib.sha256(_read(path)).hexdigest()


class Verifier(_InFolder):
    """settings.json and vk.key of a folder. `digest`: of the key's manifest, as the model's owner tells it; without one
    nobody knows of what a proof is."""

    def __init__(
        self,
        folder: Union[Folder, PathLike],
        srs: Optional[PathLike] = None,
        *,
        digest: Optional[str] = None,
        reduced_srs: bool = False,
    ) -> None:
        super().__init__(folder)
        self._srs = None if srs is None else os.fspath(srs)
        self._reduced = reduced_srs
        self.digest = digest

    def verify(
        self, proof: Union[Proof, bytes, PathLike], *, input: Optional[Data] = None, output: Optional[Data] = None
    ) -> Verdict:
        """A verdict, true when the proof holds, that says what was proved. `input`, `output`: what it must be about, as
        `prove` takes and `Proof.outputs` gives it."""
        path = self._proof_path(proof)
        try:
            return verify_report(
                path.name if isinstance(path, _Temporary) else path,
                self._file("settings.json"),
                self._file("vk.key"),
                self._srs,
                self._reduced,
                digest=self.digest,
                input=input,
                output=output,
            )
        finally:
            if isinstance(path, _Temporary):
                path.remove()

    @staticmethod
    def _proof_path(proof: Union[Proof, bytes, PathLike]) -> "Union[str, _Temporary]":
        if isinstance(proof, Proof):
            return _Temporary(proof.data)
        if isinstance(proof, bytes):
            return _Temporary(proof)
        return os.fspath(proof)


class _Temporary:
    def __init__(self, data: bytes) -> None:
        handle, self.name = tempfile.mkstemp(prefix="ezkl-", suffix=".json")
        with os.fdopen(handle, "wb") as file:
            file.write(data)

    def remove(self) -> None:
        os.unlink(self.name)
