#!/usr/bin/env python3
"""Every visibility mixture of the stored samples, proved by ours from the stored settings and checked by the published package.

    python tests/interop/visibility.py PROGRAM SHARED [NAME...]

PROGRAM is a built ezkl, SHARED the folder that holds vectors/golden and vectors/modules, NAME limits the run to those
samples. The interpreter must have ezkl 23.0.5. For each sample:
  * ours compiles the model with the stored settings, sets up, makes the witness and proves;
  * the published verifier accepts proof, key and settings;
  * inputs, outputs, hashes, commitments and their readable forms in the witness are those stored, and so are the
    proof's instances, its public elements and where commitments stand;
  * the proof leads with the witness's commitments, so swapping them in changes nothing;
  * the stored proof is accepted by ours, and its calldata comes out as stored.
Of hashed/private, where the published circuit binds no hash, ours checks stored proofs and refuses circuits.
"""
import json
import shutil
import subprocess
import sys
import tempfile
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
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.work, capture_output=True, text=True)
        expect((done.returncode != 0) == refused, f"{' '.join(map(str, arguments))}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def ours(self, name):
        return json.loads((self.work / name).read_text())

    def theirs(self, name):
        return json.loads((self.stored / name).read_text())

    def take_files(self):
        for name in ("network.onnx", "input.json", "settings.json"):
            shutil.copy(self.stored / name, self.work)

    def has_unbound_hash(self):
        arguments = self.theirs("settings.json")["run_args"]
        visibilities = [arguments[f"{group}_visibility"] for group in ("input", "param", "output")]
        return any(isinstance(v, dict) and not v["Hashed"]["hash_is_public"] for v in visibilities)

    def prove(self):
        self.run("compile-circuit")
        self.run("setup", "--srs-path", self.srs)
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
    for stored, srs in samples(shared):
        if names and stored.name not in names:
            continue
        total += 1
        with tempfile.TemporaryDirectory() as work:
            sample = Sample(program, stored, Path(work), srs)
            try:
                sample.take_files()
                sample.check_stored_proof()
                if sample.has_unbound_hash():
                    sample.run("compile-circuit", refused=True)
                    print(f"{stored.name}: refused, as it should be", flush=True)
                    continue
                sample.prove()
                sample.check_published_verifier()
                sample.check_fields()
                sample.check_commitments()
                print(f"{stored.name}: holds", flush=True)
            except (Failed, RuntimeError) as e:
                failures += 1
                print(f"{stored.name}: FAILED {e}", flush=True)
    print(f"{total - failures} of {total} samples hold")
    sys.exit(failures != 0 or total == 0)


if __name__ == "__main__":
    main()
