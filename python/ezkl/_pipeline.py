"""From a model to a checked proof: the published package's functions, with its arguments, results and errors. What this
package adds is keyword-only."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Dict, List, NoReturn, Optional, Sequence, Tuple, Type, Union

from . import _arguments as check
from ._background import start, wait_for_fetches
from ._call import Result, run
from ._classes import PyCommitments, PyG1Affine
from ._errors import ArgumentError, Error, Failure, FileError, MissingFileError, RunError
from ._results import SettingsFile, points, witness_dict
from ._run_args import PyRunArgs, run_args

PathLike = Union[str, "os.PathLike[str]"]


def call(command: str, arguments: Dict[str, Any], failure: str, kind: Type[Error] = RunError) -> Any:
    """A command whose errors begin with `failure`."""
    return call_with(command, arguments, failure, kind).value


def call_with(
    command: str,
    arguments: Dict[str, Any],
    failure: str,
    kind: Type[Error] = RunError,
    memory: Sequence[bytes] = (),
    outputs: int = 0,
) -> Result:
    wait_for_fetches()
    try:
        return run(command, arguments, memory, outputs)
    except Failure as failed:
        error = failed.raised(kind, failure)
    raise error


def commitment_name(commitment: Union[None, PyCommitments, str]) -> Optional[str]:
    if commitment is None:
        return None
    return commitment.name.lower() if isinstance(commitment, PyCommitments) else check.text("commitment", commitment)


def gen_settings(
    model: PathLike = "network.onnx",
    output: PathLike = "settings.json",
    py_run_args: Optional[PyRunArgs] = None,
    *,
    max_model_size: int = 0,
) -> SettingsFile:
    """Reads a model and writes the settings of its circuit, with the run arguments as they are. The result is equal to
    True, stands for `output` where a path is wanted, and shows what is in it. choose_settings chooses them."""
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "output": check.path("output", output),
        "py_run_args": run_args("py_run_args", py_run_args),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    call("gen_settings", arguments, "Failed to generate settings")
    return SettingsFile(arguments["output"])


def choose_settings(
    model: PathLike = "network.onnx",
    output: PathLike = "settings.json",
    data: Optional[PathLike] = None,
    *,
    target: str = "prove",
    lookup_safety_margin: float = 2.0,
    max_model_size: int = 0,
    **given: Any,
) -> SettingsFile:
    """gen_settings with a circuit chosen for the model, that does on the samples of `data` what the model does. Run
    arguments given as keywords stay. `target`: what to make small: prove (the time), size, gas or memory."""
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "output": check.path("output", output),
        "data": None if data is None else check.data("data", data),
        "py_run_args": _given(given),
        "target": check.text("target", target),
        "lookup_safety_margin": check.json_real("lookup_safety_margin", lookup_safety_margin),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    call("choose_settings", arguments, "Failed to generate settings")
    return SettingsFile(arguments["output"])


def _given(given: Dict[str, Any]) -> Dict[str, Any]:
    """Of run arguments those that were named."""
    all_of_them = PyRunArgs(**given).arguments()
    return {name: all_of_them[name] for name in given}


def calibrate_settings(
    data: PathLike = "calibration.json",
    model: PathLike = "network.onnx",
    settings: PathLike = "settings.json",
    target: str = "resources",
    lookup_safety_margin: float = 2.0,
    scales: Optional[Sequence[int]] = None,
    scale_rebase_multiplier: Sequence[int] = (1, 10),
    max_logrows: Optional[int] = None,
    *,
    max_model_size: int = 0,
) -> bool:
    """Chooses scales, lookup range and logrows by running the model on `data` (a path or JSON text), and rewrites the
    settings. `target`: resources, resources/col-overflow or accuracy."""
    if check.text("target", target) not in ("resources", "resources/col-overflow", "accuracy"):
        raise ValueError("Invalid value for CalibrationTarget")
    arguments: Dict[str, Any] = {
        "data": check.data("data", data),
        "model": check.path("model", model),
        "settings": check.path("settings", settings),
        "target": target,
        "lookup_safety_margin": check.json_real("lookup_safety_margin", lookup_safety_margin),
        "scales": None if scales is None else check.integers("scales", scales, check.I32),
        "scale_rebase_multiplier": check.integers("scale_rebase_multiplier", scale_rebase_multiplier, check.U32),
        "max_logrows": check.optional_integer("max_logrows", max_logrows, check.U32),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    call("calibrate_settings", arguments, "Failed to calibrate settings")
    return True


def compile_circuit(
    model: PathLike = "network.onnx",
    compiled_circuit: PathLike = "model.compiled",
    settings_path: PathLike = "settings.json",
    *,
    max_model_size: int = 0,
    keep_float: bool = True,
) -> bool:
    """Quantizes the model with the settings and lays out its circuit. `keep_float`: the float model goes along, and
    gen_witness compares its outputs with it."""
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "compiled_circuit": check.path("compiled_circuit", compiled_circuit),
        "settings_path": check.path("settings_path", settings_path),
        "max_model_size": check.integer("max_model_size", max_model_size),
        "keep_float": check.flag("keep_float", keep_float),
    }
    call("compile_circuit", arguments, "Failed to compile circuit")
    return True


def compile_model(
    model: PathLike = "network.onnx",
    compiled_circuit: PathLike = "model.compiled",
    settings_path: PathLike = "settings.json",
    *,
    max_model_size: int = 0,
    keep_float: bool = True,
) -> bool:
    """compile_circuit under its older name."""
    return compile_circuit(model, compiled_circuit, settings_path, max_model_size=max_model_size, keep_float=keep_float)


def gen_srs(srs_path: PathLike, logrows: int, *, commitment: Union[None, PyCommitments, str] = None) -> None:
    """A setup for tests: whoever made one can forge proofs. With IPA there is no secret, and all make the same."""
    arguments: Dict[str, Any] = {
        "srs_path": check.path("srs_path", srs_path),
        "logrows": check.integer("logrows", logrows, check.U32),
        "commitment": commitment_name(commitment),
    }
    folder = os.path.dirname(arguments["srs_path"])
    kind = MissingFileError if folder and not os.path.isdir(folder) else FileError
    call("gen_srs", arguments, "", kind)


def _get_srs(arguments: Dict[str, Any]) -> bool:
    try:
        run("get_srs", arguments)
        return True
    except Failure as failed:
        error = failed.raised(RunError, "Failed to get srs")
    raise error


def get_srs(
    settings_path: PathLike = "settings.json",
    logrows: Optional[int] = None,
    srs_path: Optional[PathLike] = None,
    *,
    mirror: Optional[str] = None,
    commitment: Union[None, PyCommitments, str] = None,
) -> "asyncio.Future[bool]":
    """Begins to fetch the setup of the public ceremony, unless it is there, and compares it with the published list; to
    be awaited. Functions called before it is there wait for it. `mirror`: a URL whose folder holds kzg{k}.srs."""
    arguments: Dict[str, Any] = {
        "settings_path": check.path("settings_path", settings_path),
        "logrows": check.optional_integer("logrows", logrows, check.U32),
        "srs_path": check.optional_path("srs_path", srs_path),
        "mirror": check.optional_text("mirror", mirror),
        "commitment": commitment_name(commitment),
    }
    return start(lambda: _get_srs(arguments), fetches=True)


def default_srs_path(logrows: int, *, commitment: Union[None, PyCommitments, str] = None) -> str:
    """Where a setup of that size is looked for when no path is given."""
    arguments: Dict[str, Any] = {
        "logrows": check.integer("logrows", logrows, check.U32),
        "commitment": commitment_name(commitment),
    }
    return str(call("default_srs_path", arguments, "Failed to find srs"))


def gen_witness(
    data: PathLike = "input.json",
    model: PathLike = "model.compiled",
    output: Optional[PathLike] = "witness.json",
    vk_path: Optional[PathLike] = None,
    srs_path: Optional[PathLike] = None,
    *,
    max_error: Optional[float] = None,
    same_class: bool = False,
    max_model_size: int = 0,
) -> Dict[str, Any]:
    """Runs the circuit on `data` (a path or JSON text), writes the witness to `output` and gives it. Models with
    committed values want the key and the setup. `max_error`, `same_class`: refuse outputs further from the float
    model's, or of another class; by default that is a warning."""
    arguments: Dict[str, Any] = {
        "data": check.data("data", data),
        "model": check.path("model", model),
        "output": check.optional_path("output", output),
        "vk_path": check.optional_path("vk_path", vk_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "max_error": check.optional_real("max_error", max_error),
        "same_class": check.flag("same_class", same_class),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    return witness_dict(call("gen_witness", arguments, "Failed to generate witness"))


def mock(
    witness: PathLike = "witness.json",
    model: PathLike = "model.compiled",
    *,
    max_model_size: int = 0,
    max_memory: int = 0,
) -> bool:
    """Checks every constraint of the circuit, without a proof. `max_memory`: refuse what would take more bytes."""
    arguments: Dict[str, Any] = {
        "witness": check.path("witness", witness),
        "model": check.path("model", model),
        "max_model_size": check.integer("max_model_size", max_model_size),
        "max_memory": check.integer("max_memory", max_memory),
    }
    call("mock", arguments, "Failed to run mock")
    return True


def setup(
    model: PathLike = "model.compiled",
    vk_path: PathLike = "vk.key",
    pk_path: PathLike = "pk.key",
    srs_path: Optional[PathLike] = None,
    witness_path: Optional[PathLike] = None,
    disable_selector_compression: bool = False,
    *,
    max_memory: int = 0,
    max_model_size: int = 0,
) -> bool:
    """Makes the verifying and the proving key, and beside the first its manifest (write_manifest gives its digest).
    `witness_path`: the values of fixed inputs and outputs."""
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "vk_path": check.path("vk_path", vk_path),
        "pk_path": check.path("pk_path", pk_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "witness_path": check.optional_path("witness_path", witness_path),
        "disable_selector_compression": check.flag("disable_selector_compression", disable_selector_compression),
        "max_memory": check.integer("max_memory", max_memory),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    call("setup", arguments, "Failed to run setup")
    return True


def write_manifest(
    settings_path: PathLike = "settings.json",
    vk_path: PathLike = "vk.key",
    srs_path: Optional[PathLike] = None,
    *,
    compiled_circuit: Optional[PathLike] = None,
    model: Optional[PathLike] = None,
    output: Optional[PathLike] = None,
    max_model_size: int = 0,
) -> str:
    """Writes the manifest of a key that is there already, and gives its digest, which a verifier has to know."""
    arguments: Dict[str, Any] = {
        "settings_path": check.path("settings_path", settings_path),
        "vk_path": check.path("vk_path", vk_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "compiled_circuit": check.optional_path("compiled_circuit", compiled_circuit),
        "model": check.optional_path("model", model),
        "output": check.optional_path("output", output),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    return str(call("write_manifest", arguments, "Failed to write manifest"))


def prove(
    witness: PathLike = "witness.json",
    model: PathLike = "model.compiled",
    pk_path: PathLike = "pk.key",
    proof_path: Optional[PathLike] = None,
    srs_path: Optional[PathLike] = None,
    *,
    check_mode: str = "unsafe",
    seed: Optional[int] = None,
    max_memory: int = 0,
    manifest: Optional[PathLike] = None,
    max_model_size: int = 0,
) -> Dict[str, Any]:
    """Proves the run that the witness is of. Gives its instances and the proof's bytes in hexadecimal; proof.json is
    written only to `proof_path`. `check_mode="safe"`: it is verified first. `seed`: for tests, hides nothing."""
    arguments: Dict[str, Any] = {
        "witness": check.path("witness", witness),
        "model": check.path("model", model),
        "pk_path": check.path("pk_path", pk_path),
        "proof_path": check.optional_path("proof_path", proof_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "check_mode": check.text("check_mode", check_mode),
        "seed": check.optional_integer("seed", seed),
        "max_memory": check.integer("max_memory", max_memory),
        "manifest": check.optional_path("manifest", manifest),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    made = call("prove", arguments, "Failed to run prove")
    return {"instances": made["instances"], "proof": made["hex_proof"]}


def verify(
    proof_path: PathLike = "proof.json",
    settings_path: PathLike = "settings.json",
    vk_path: PathLike = "vk.key",
    srs_path: Optional[PathLike] = None,
    reduced_srs: bool = False,
    *,
    manifest: Optional[PathLike] = None,
    digest: Optional[str] = None,
) -> bool:
    """True, or RuntimeError for a proof that does not hold. Only with `manifest` or `digest`, from the model's owner,
    is it known what was proved (docs/trust.md); verify_report says what."""
    arguments: Dict[str, Any] = {
        "proof_path": check.path("proof_path", proof_path),
        "settings_path": check.path("settings_path", settings_path),
        "vk_path": check.path("vk_path", vk_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "reduced_srs": check.flag("reduced_srs", reduced_srs),
        "manifest": check.optional_path("manifest", manifest),
        "digest": check.optional_text("digest", digest),
    }
    call("verify", arguments, "Failed to run verify")
    return True


def swap_proof_commitments(proof_path: PathLike = "proof.json", witness_path: PathLike = "witness.json") -> None:
    """Puts the witness's commitments at the front of the proof."""
    arguments: Dict[str, Any] = {
        "proof_path": check.path("proof_path", proof_path),
        "witness_path": check.path("witness_path", witness_path),
    }
    call("swap_proof_commitments", arguments, "Failed to swap commitments", FileError)


def print_proof_hex(proof_path: PathLike = "proof.json") -> str:
    """Each instance column and the proof in hexadecimal, a line each."""
    return str(call("print_proof_hex", {"proof_path": check.path("proof_path", proof_path)}, "Failed to read proof"))


def table(
    model: PathLike = "network.onnx",
    py_run_args: Optional[PyRunArgs] = None,
    *,
    format: str = "text",
    max_model_size: int = 0,
) -> str:
    """The model's nodes: operator, inputs, shape, scale. `format`: text, svg (a picture) or dot (for Graphviz)."""
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "py_run_args": run_args("py_run_args", py_run_args),
        "format": check.text("format", format),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    try:
        return str(run("table", arguments).value)
    except Failure as failed:
        opened = failed.fault != "io"
        error = failed.raised(FileError, "Failed to import model" if opened else "Failed to open model")
    raise error


def gen_random_data(
    model: PathLike = "network.onnx",
    output: PathLike = "input.json",
    variables: Sequence[Tuple[str, int]] = (("batch_size", 1),),
    seed: int = 21242,
    min: Optional[float] = None,
    max: Optional[float] = None,
    *,
    max_model_size: int = 0,
) -> bool:
    """Writes random inputs for a model."""
    arguments: Dict[str, Any] = {
        "model": check.path("model", model),
        "output": check.path("output", output),
        "variables": check.variables("variables", variables),
        "seed": check.integer("seed", seed),
        "min": check.optional_real("min", min),
        "max": check.optional_real("max", max),
        "max_model_size": check.integer("max_model_size", max_model_size),
    }
    call("gen_random_data", arguments, "Failed to generate settings")
    return True


def _raise_of(failed: Failure, files: Sequence[Tuple[str, str]]) -> NoReturn:
    """An error by the file that it is about: (path, what failed) in the order in which they are used; the last for all
    else."""
    for path, failure in files:
        if failed.speaks_of(path):
            break
    raise failed.raised(FileError, failure)


def gen_vk_from_pk_single(
    path_to_pk: PathLike = "pk.key",
    circuit_settings_path: PathLike = "settings.json",
    vk_output_path: PathLike = "vk.key",
) -> bool:
    """Writes the verifying key that a proving key holds."""
    arguments: Dict[str, Any] = {
        "path_to_pk": check.path("path_to_pk", path_to_pk),
        "circuit_settings_path": check.path("circuit_settings_path", circuit_settings_path),
        "vk_output_path": check.path("vk_output_path", vk_output_path),
    }
    try:
        run("gen_vk_from_pk_single", arguments)
        return True
    except Failure as e:
        failed = e
    _raise_of(
        failed,
        [
            (arguments["circuit_settings_path"], "Failed to load circuit settings"),
            (arguments["vk_output_path"], "Failed to save vk"),
            (arguments["path_to_pk"], "Failed to load pk"),
        ],
    )


def _commit(
    command: str, message: Sequence[str], vk_path: PathLike, settings_path: PathLike, srs_path: Optional[PathLike]
) -> List[PyG1Affine]:
    wait_for_fetches()
    arguments: Dict[str, Any] = {
        "message": check.texts("message", message),
        "vk_path": check.path("vk_path", vk_path),
        "settings_path": check.path("settings_path", settings_path),
        "srs_path": check.optional_path("srs_path", srs_path),
    }
    try:
        return points(run(command, arguments).value)
    except Failure as e:
        failed = e
    if any(frame.startswith("element ") for frame in failed.frames):
        raise failed.raised(ArgumentError, "")
    _raise_of(
        failed,
        [
            (arguments["settings_path"], "Failed to load circuit settings"),
            (arguments["vk_path"], "Failed to load vk"),
            (arguments["srs_path"] or "srs", "Failed to load srs"),
        ],
    )


def kzg_commit(
    message: Sequence[str],
    vk_path: PathLike = "vk.key",
    settings_path: PathLike = "settings.json",
    srs_path: Optional[PathLike] = None,
) -> List[PyG1Affine]:
    """The commitments of field elements, as a circuit of these settings makes them."""
    return _commit("kzg_commit", message, vk_path, settings_path, srs_path)


def ipa_commit(
    message: Sequence[str],
    vk_path: PathLike = "vk.key",
    settings_path: PathLike = "settings.json",
    srs_path: Optional[PathLike] = None,
) -> List[PyG1Affine]:
    """The same for settings that say IPA."""
    return _commit("ipa_commit", message, vk_path, settings_path, srs_path)
