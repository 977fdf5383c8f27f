"""On chain. What talks to a node or a compiler begins when it is called and is to be awaited, as in the published
package."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Dict, Optional, Union

from . import _arguments as check
from ._background import start
from ._pipeline import call

PathLike = Union[str, "os.PathLike[str]"]


def _started(command: str, arguments: Dict[str, Any], failure: str) -> "asyncio.Future[bool]":
    def work() -> bool:
        call(command, arguments, failure)
        return True

    return start(work)


def create_evm_verifier(
    vk_path: PathLike = "vk.key",
    settings_path: PathLike = "settings.json",
    sol_code_path: PathLike = "evm_deploy.sol",
    abi_path: PathLike = "verifier_abi.json",
    srs_path: Optional[PathLike] = None,
    reusable: bool = False,
    *,
    manifest: Optional[PathLike] = None,
    digest: Optional[str] = None,
) -> "asyncio.Future[bool]":
    """Writes the Solidity verifier of a key, or with `reusable` the one that serves every key, and its ABI."""
    arguments = {
        "vk_path": check.path("vk_path", vk_path),
        "settings_path": check.path("settings_path", settings_path),
        "sol_code_path": check.path("sol_code_path", sol_code_path),
        "abi_path": check.path("abi_path", abi_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "reusable": check.flag("reusable", reusable),
        "manifest": check.optional_path("manifest", manifest),
        "digest": check.optional_text("digest", digest),
    }
    return _started("create_evm_verifier", arguments, "Failed to run create_evm_verifier")


def create_evm_vka(
    vk_path: PathLike = "vk.key",
    settings_path: PathLike = "settings.json",
    vka_path: PathLike = "vka.bytes",
    srs_path: Optional[PathLike] = None,
    decimals: int = 18,
    *,
    proof_instances: bool = False,
    manifest: Optional[PathLike] = None,
    digest: Optional[str] = None,
) -> "asyncio.Future[bool]":
    """Writes a key as words for the reusable verifier. `decimals`: how far rescaled instances are spelled out."""
    arguments = {
        "vk_path": check.path("vk_path", vk_path),
        "settings_path": check.path("settings_path", settings_path),
        "vka_path": check.path("vka_path", vka_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "decimals": check.integer("decimals", decimals),
        "proof_instances": check.flag("proof_instances", proof_instances),
        "manifest": check.optional_path("manifest", manifest),
        "digest": check.optional_text("digest", digest),
    }
    return _started("create_evm_vka", arguments, "Failed to run create_evm_verifier")


def evm_gas_report(
    vk_path: PathLike = "vk.key",
    settings_path: PathLike = "settings.json",
    srs_path: Optional[PathLike] = None,
    *,
    manifest: Optional[PathLike] = None,
    digest: Optional[str] = None,
) -> str:
    """A table of where the gas of one verification goes."""
    arguments = {
        "vk_path": check.path("vk_path", vk_path),
        "settings_path": check.path("settings_path", settings_path),
        "srs_path": check.optional_path("srs_path", srs_path),
        "manifest": check.optional_path("manifest", manifest),
        "digest": check.optional_text("digest", digest),
    }
    return str(call("evm_gas_report", arguments, "Failed to run evm_gas_report"))


def encode_evm_calldata(
    proof: PathLike = "proof.json",
    calldata: PathLike = "calldata.bytes",
    vka_path: Optional[PathLike] = None,
    *,
    settings_path: Optional[PathLike] = None,
) -> bytes:
    """The calldata of a proof for the verifier, or with `vka_path` for the reusable one; also written to `calldata`."""
    arguments = {
        "proof": check.path("proof", proof),
        "calldata": check.path("calldata", calldata),
        "vka_path": check.optional_path("vka_path", vka_path),
        "settings_path": check.optional_path("settings_path", settings_path),
    }
    return bytes(call("encode_evm_calldata", arguments, "Failed to generate calldata"))


def deploy_evm(
    addr_path: PathLike,
    rpc_url: str,
    sol_code_path: PathLike = "evm_deploy.sol",
    contract_type: str = "verifier",
    optimizer_runs: int = 1,
    private_key: Optional[str] = None,
    *,
    max_fee: str = "0.1",
    chain_id: Optional[int] = None,
) -> "asyncio.Future[bool]":
    """Compiles a contract and deploys it; its address goes to `addr_path`. `max_fee`: the most ETH that it may cost.
    `chain_id`: refuse a node of another chain."""
    if check.text("contract_type", contract_type) not in ("verifier", "verifier/reusable"):
        raise ValueError("Invalid value for ContractType")
    arguments = {
        "addr_path": check.path("addr_path", addr_path),
        "rpc_url": check.text("rpc_url", rpc_url),
        "sol_code_path": check.path("sol_code_path", sol_code_path),
        "contract_type": contract_type,
        "optimizer_runs": check.integer("optimizer_runs", optimizer_runs, check.U32),
        "private_key": check.optional_text("private_key", private_key),
        "max_fee": check.text("max_fee", max_fee),
        "chain_id": check.optional_integer("chain_id", chain_id),
    }
    return _started("deploy_evm", arguments, "Failed to run deploy_evm")


def verify_evm(
    addr_verifier: PathLike,
    rpc_url: str,
    proof_path: PathLike = "proof.json",
    vka_path: Optional[PathLike] = None,
    encoded_calldata: Optional[PathLike] = None,
    *,
    settings_path: Optional[PathLike] = None,
    vka_digest: Optional[str] = None,
    chain_id: Optional[int] = None,
) -> "asyncio.Future[bool]":
    """Asks a deployed verifier about a proof, or with `encoded_calldata` about that instead. `addr_verifier`: an address,
    or a file that holds one. `vka_digest`: the key that a reusable verifier has to verify against."""
    instead = encoded_calldata is not None and proof_path == "proof.json"  # the default, which nobody gave
    arguments = {
        "addr_verifier": check.path("addr_verifier", addr_verifier),
        "rpc_url": check.text("rpc_url", rpc_url),
        "proof_path": None if instead else check.path("proof_path", proof_path),
        "vka_path": check.optional_path("vka_path", vka_path),
        "encoded_calldata": check.optional_path("encoded_calldata", encoded_calldata),
        "settings_path": check.optional_path("settings_path", settings_path),
        "vka_digest": check.optional_text("vka_digest", vka_digest),
        "chain_id": check.optional_integer("chain_id", chain_id),
    }
    return _started("verify_evm", arguments, "Failed to run verify_evm")


def register_vka(
    addr_verifier: PathLike,
    rpc_url: str,
    vka_path: PathLike = "vka.bytes",
    vka_digest_path: PathLike = "vka.digest",
    private_key: Optional[str] = None,
    *,
    max_fee: str = "0.1",
    chain_id: Optional[int] = None,
) -> "asyncio.Future[bool]":
    """Registers a key with a deployed reusable verifier."""
    arguments = {
        "addr_verifier": check.path("addr_verifier", addr_verifier),
        "rpc_url": check.text("rpc_url", rpc_url),
        "vka_path": check.path("vka_path", vka_path),
        "vka_digest_path": check.path("vka_digest_path", vka_digest_path),
        "private_key": check.optional_text("private_key", private_key),
        "max_fee": check.text("max_fee", max_fee),
        "chain_id": check.optional_integer("chain_id", chain_id),
    }
    return _started("register_vka", arguments, "Failed to run register_vka")
