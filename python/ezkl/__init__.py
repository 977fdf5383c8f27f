"""Machine-learning models as circuits, and proofs that they ran: with the functions of the published package `ezkl`
23.0.5, and the files that it reads and writes (docs/python.md)."""

from __future__ import annotations

from . import aio
from ._classes import PyCommitments, PyG1, PyG1Affine, PyInputType, PyTestDataSource
from ._errors import ArgumentError, Cancelled, Error, FileError, Hint, MissingFileError, RunError
from ._evm import (
    create_evm_verifier,
    create_evm_vka,
    deploy_evm,
    encode_evm_calldata,
    evm_gas_report,
    register_vka,
    verify_evm,
)
from ._felts import buffer_to_felts, felt_to_big_endian, felt_to_float, felt_to_int, float_to_felt, poseidon_hash
from ._library import compatible_version as _compatible_version
from ._library import version as own_version
from ._pipeline import (
    calibrate_settings,
    choose_settings,
    compile_circuit,
    compile_model,
    default_srs_path,
    gen_random_data,
    gen_settings,
    gen_srs,
    gen_vk_from_pk_single,
    gen_witness,
    get_srs,
    ipa_commit,
    kzg_commit,
    mock,
    print_proof_hex,
    prove,
    setup,
    swap_proof_commitments,
    table,
    verify,
    write_manifest,
)
from ._reports import Accuracy, Check, Report, Verdict, accuracy, verify_report
from ._reports import check_model as check
from ._results import SettingsFile
from ._run_args import PyRunArgs
from ._session import Progress, Session
from ._split import (
    SplitVerdict,
    gen_witness_split,
    prove_split,
    setup_split,
    split_digest,
    split_model,
    verify_split,
)
from .model import (
    Circuit,
    Model,
    Proof,
    Prover,
    Verifier,
    from_lightgbm,
    from_sklearn,
    from_torch,
    from_xgboost,
)

#: The release of the published package that files and functions are those of; own_version() is ours.
__version__ = _compatible_version()

__all__ = [
    "Accuracy", "ArgumentError", "Cancelled", "Check", "Circuit", "Error", "FileError", "Hint", "MissingFileError",
    "Model", "Progress", "Proof", "Prover", "PyCommitments", "PyG1", "PyG1Affine", "PyInputType", "PyRunArgs",
    "PyTestDataSource", "Report", "RunError", "Session", "SettingsFile", "SplitVerdict", "Verdict", "Verifier",
    "__version__", "accuracy", "aio", "buffer_to_felts", "calibrate_settings", "check", "choose_settings",
    "compile_circuit", "compile_model", "create_evm_verifier", "create_evm_vka", "default_srs_path", "deploy_evm",
    "encode_evm_calldata", "evm_gas_report", "felt_to_big_endian", "felt_to_float", "felt_to_int", "float_to_felt",
    "from_lightgbm", "from_sklearn", "from_torch", "from_xgboost", "gen_random_data", "gen_settings", "gen_srs",
    "gen_vk_from_pk_single", "gen_witness", "gen_witness_split", "get_srs", "ipa_commit", "kzg_commit", "mock",
    "own_version", "poseidon_hash", "print_proof_hex", "prove", "prove_split", "register_vka", "setup", "setup_split",
    "split_digest", "split_model", "swap_proof_commitments", "table", "verify", "verify_evm", "verify_report",
    "verify_split", "write_manifest",
]  # fmt: skip

from . import ezkl  # noqa: E402,F401  where the published package's own module has them
