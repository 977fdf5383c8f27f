#!/usr/bin/env python3
"""Every visibility mixture of the stored samples, proved by ours from the stored settings and checked by the published package.

    python tests/interop/visibility.py PROGRAM SHARED [NAME...]

PROGRAM is a built ezkl, SHARED the folder that holds vectors/golden, vectors/modules and models/onnx, NAME limits the run
to those samples. The interpreter must have ezkl 23.0.5. For each sample:
  * ours compiles the model with the stored settings, sets up, makes the witness and proves;
  * the published verifier accepts proof, key and settings;
  * inputs, outputs, hashes, commitments and their readable forms in the witness are those stored, and so are the
    proof's instances, its public elements and where commitments stand;
  * the proof leads with the witness's commitments, so swapping them in changes nothing;
  * the stored proof is accepted by ours, and its calldata comes out as stored.
Then two models without parameters, whose parameters are asked to be committed to or hashed: both sides take the
whole way, and the same holds (there is no commitment and no hash, and nothing else in the files either).
"""
import json
import shutil
import subprocess
import sys
import tempfile
from itertools import chain
from pathlib import Path

import ezkl

WITNESS_FIELDS = ("inputs", "outputs", "pretty_elements", "processed_inputs", "processed_params", "processed_outputs",
                  "max_lookup_inputs", "min_lookup_inputs", "max_range_size")
PROOF_FIELDS = ("instances", "pretty_public_inputs", "split")


class Failed(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Failed(text)


class Sample:
    def __init__(self, program, stored, work, srs):
        self.program, self.stored, self.work, self.srs = program, stored, work, str(srs)

    def run(self, *arguments, refused=False):
        """What the program says in the end: on standard error if it must refuse, else on standard output."""
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.work, capture_output=True, text=True)
        expect((done.returncode != 0) == refused, f"{' '.join(map(str, arguments))}: {done.stderr.strip()[-300:]}")
        return done.stderr if refused else done.stdout

    def ours(self, name):
        return json.loads((self.work / name).read_text())

    def theirs(self, name):
        return json.loads((self.stored / name).read_text())

    def take_files(self):
        for name in ("network.onnx", "input.json", "settings.json"):
            shutil.copy(self.stored / name, self.work)

    def visibility(self, group):
        return self.theirs("settings.json")["run_args"][f"{group}_visibility"]

    def prove(self):
        self.run("compile-circuit")
        values = []
        if "Fixed" in (self.visibility("input"), self.visibility("output")):
            self.run("gen-witness")
            values = ["--witness", "witness.json"]
        self.run("setup", "--srs-path", self.srs, *values)
        self.run("gen-witness", "--vk-path", "vk.key", "--srs-path", self.srs)
        self.run("mock")
        self.run("prove", "--srs-path", self.srs)
        self.run("verify", "--srs-path", self.srs)

    def check_published_verifier(self):
        files = [str(self.work / name) for name in ("proof.json", "settings.json", "vk.key")]
        expect(ezkl.verify(*files, srs_path=self.srs), "the published verifier refuses the proof")

    def check_fields(self):
        for file, names in (("witness.json", WITNESS_FIELDS), ("proof.json", PROOF_FIELDS)):
            ours, theirs = self.ours(file), self.theirs(file)
            for name in names:
                expect(ours.get(name) == theirs.get(name),
                       f"{file}: {name} is {str(ours.get(name))[:300]}, stored {str(theirs.get(name))[:300]}")

    def check_commitments(self):
        before = (self.work / "proof.json").read_bytes()
        self.run("swap-proof-commitments")
        expect((self.work / "proof.json").read_bytes() == before, "swap-proof-commitments changed the proof")

    def check_stored_proof(self):
        stored = self.stored
        self.run("verify", "--proof-path", stored / "proof.json", "--settings-path", stored / "settings.json",
                 "--vk-path", stored / "vk.key", "--srs-path", self.srs)
        for calldata, extra in (("calldata.bytes", []), ("calldata_vka.bytes", ["--vka-path", stored / "vka.bytes"])):
            if not (stored / calldata).exists():
                continue
            self.run("encode-evm-calldata", "--proof-path", stored / "proof.json", "--calldata-path", calldata, *extra)
            expect((self.work / calldata).read_bytes() == (stored / calldata).read_bytes(), f"another {calldata}")


    def check(self):
        """Everything the file's head says. Gives what to report of a sample that holds."""
        self.take_files()
        self.check_stored_proof()
        self.prove()
        self.check_published_verifier()
        self.check_fields()
        self.check_commitments()
        return "holds"


def publish(folder, visibilities, arguments, srs):
    """The published package takes network.onnx and input.json of the folder the whole way. Raises what it raises."""
    run_args = ezkl.PyRunArgs()
    for group, value in zip(("input", "param", "output"), visibilities):
        setattr(run_args, f"{group}_visibility", value)
    for name, value in arguments.items():
        setattr(run_args, name, value)
    at = {name: str(folder / name) for name in ("network.onnx", "input.json", "settings.json", "model.compiled", "vk.key",
                                                "pk.key", "witness.json", "proof.json")}
    ezkl.gen_settings(at["network.onnx"], at["settings.json"], py_run_args=run_args)
    ezkl.compile_circuit(at["network.onnx"], at["model.compiled"], at["settings.json"])
    values = {}
    if "fixed" in (visibilities[0], visibilities[2]):
        ezkl.gen_witness(at["input.json"], at["model.compiled"], at["witness.json"])
        values = {"witness_path": at["witness.json"]}
    ezkl.setup(at["model.compiled"], at["vk.key"], at["pk.key"], srs, **values)
    commitments = (at["vk.key"], srs) if "polycommit" in visibilities else ()
    ezkl.gen_witness(at["input.json"], at["model.compiled"], at["witness.json"], *commitments)
    ezkl.prove(at["witness.json"], at["model.compiled"], at["pk.key"], at["proof.json"], srs)


WITHOUT_PARAMETERS = ("1l_relu", "1l_softmax")
SMALL = {"logrows": 12, "input_scale": 4, "param_scale": 4, "decomp_base": 128, "decomp_legs": 3,
         "lookup_range": (-256, 256)}


def without_parameters(shared, names, folder):
    """Samples of the published package, made here: (name, folder, setup)."""
    srs = folder / "kzg12.srs"
    for model in WITHOUT_PARAMETERS:
        for visibility in ("polycommit", "hashed"):
            name = f"{model} without parameters, {visibility}"
            if names and name not in names and model not in names:
                continue
            if not srs.exists():
                ezkl.gen_srs(str(srs), SMALL["logrows"])
            stored = folder / f"{model}_{visibility}"
            stored.mkdir()
            for file in ("network.onnx", "input.json"):
                shutil.copy(shared / "models" / "onnx" / model / file, stored)
            publish(stored, ("private", visibility, "public"), SMALL, str(srs))
            yield name, stored, srs


def samples(shared):
    for folder in sorted((shared / "vectors" / "golden").iterdir()):
        if (folder / "settings.json").exists():
            logrows = json.loads((folder / "settings.json").read_text())["run_args"]["logrows"]
            yield folder, shared / "vectors" / "golden" / "srs" / f"kzg{10 if logrows <= 10 else 13}.srs"
    for folder in sorted((shared / "vectors" / "modules").iterdir()):
        if (folder / "settings.json").exists():
            logrows = json.loads((folder / "settings.json").read_text())["run_args"]["logrows"]
            yield folder, shared / "vectors" / "modules" / f"kzg{logrows}.srs"


def main():
    program, shared, names = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve(), sys.argv[3:]
    failures = total = 0
    with tempfile.TemporaryDirectory() as made:
        stored_samples = [(s.name, s, srs) for s, srs in samples(shared) if not names or s.name in names]
        for name, stored, srs in chain(stored_samples, without_parameters(shared, names, Path(made))):
            total += 1
            with tempfile.TemporaryDirectory() as work:
                try:
                    print(f"{name}: {Sample(program, stored, Path(work), srs).check()}", flush=True)
                except (Failed, RuntimeError) as e:
                    failures += 1
                    print(f"{name}: FAILED {e}", flush=True)
    print(f"{total - failures} of {total} samples hold")
    sys.exit(failures != 0 or total == 0)


if __name__ == "__main__":
    main()
