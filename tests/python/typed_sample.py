"""A program that a type checker must find nothing in, and must know the types of (.ci/full python)."""

import asyncio
from pathlib import Path
from typing import Any, Dict, List

import ezkl


def prove(folder: Path) -> Dict[str, Any]:
    args = ezkl.PyRunArgs(input_visibility="private")
    args.logrows = 12
    args.variables = [("batch_size", 1)]
    settings: ezkl.SettingsFile = ezkl.gen_settings(folder / "network.onnx", folder / "settings.json", args)
    done: bool = ezkl.compile_circuit(folder / "network.onnx", folder / "model.compiled", settings)
    assert done
    return ezkl.prove(folder / "witness.json", folder / "model.compiled", folder / "pk.key")


def objects(path: str) -> bool:
    prover: ezkl.Prover = ezkl.Model(path).compile("input.json").setup("kzg.srs")
    verdict: ezkl.Verdict = prover.verifier().verify(prover.prove([0.5, 0.25]))
    return verdict.accepted


async def twins() -> bool:
    points: List[ezkl.PyG1Affine] = ezkl.kzg_commit(["00" * 32])
    felt: str = points[0].x
    scale: int = ezkl.PyRunArgs().input_scale
    ezkl.felt_to_float(felt, scale)
    await ezkl.get_srs("settings.json")
    return await ezkl.aio.verify("proof.json")


if __name__ == "__main__":
    asyncio.run(twins())
