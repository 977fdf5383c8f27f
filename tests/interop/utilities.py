#!/usr/bin/env python3
"""The field and commitment helpers of the command line against those of the published package, on edges and at random.

usage: utilities.py PROGRAM

The interpreter must have ezkl 23.0.5. A value that one side refuses must be refused by the other, but for the form 0x. Prints a line a helper;
exit status 1 when any answer differs.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import ezkl

R = 0x30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000001
DATA = Path(__file__).resolve().parent.parent / "data" / "models"
TYPES = ("Bool", "F16", "F32", "F64", "Int", "TDim", "Unknown")
REFUSED = "refused"


class Helpers:
    def __init__(self, program, folder):
        self.program, self.folder, self.failures = str(Path(program).resolve()), Path(folder), 0
        self.random = random.Random(1)

    def ours(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, text=True)
        if done.returncode in (1, 2):
            return REFUSED
        if done.returncode != 0:
            sys.exit(f"{arguments}: exit {done.returncode}: {done.stderr}")
        return done.stdout.rstrip("\n")

    @staticmethod
    def theirs(function, *arguments, **named):
        try:
            return function(*arguments, **named)
        except BaseException as e:  # panics are no Exception
            if isinstance(e, KeyboardInterrupt):
                raise
            return REFUSED

    def compare(self, name, cases):
        wrong = [(what, ours, theirs) for what, ours, theirs in cases if ours != theirs]
        for what, ours, theirs in wrong[:5]:
            print(f"  {name} {what}: ours {str(ours)[:200]}, theirs {str(theirs)[:200]}")
        self.failures += len(wrong)
        print(f"{name}: {len(cases) - len(wrong)} of {len(cases)} equal", flush=True)

    def felts(self, count):
        edges = [0, 1, 5, R - 1, R - 5, R // 2, R // 2 + 1, 2**64, 2**127 - 1, 2**127, 2**127 + 1, R - 2**127,
                 R - 2**127 + 1, R - 2**127 - 1, 2**128 - 1, 2**128, 2**128 + 7, 2**200 + 3, R - 2**128, R - 2**129 - 1]
        return [felt(v) for v in edges] + [felt(self.random.randrange(R)) for _ in range(count)]


def felt(value):
    return value.to_bytes(32, "little").hex()


def conversions(h):
    felts = h.felts(20)
    # 0x and 64 digits is the form of felt-to-big-endian to this program, which the published one refuses to read.
    bad = ["", "01", "0x" + felt(1)[:-1], felt(1)[:-1] + "g", R.to_bytes(32, "little").hex(), "f" * 64, felt(255).upper()]
    h.compare("felt-to-int", [(f, h.ours("felt-to-int", f"--felt={f}"), as_text(h.theirs(ezkl.felt_to_int, f)))
                              for f in felts + bad])
    h.compare("felt-to-big-endian", [(f, h.ours("felt-to-big-endian", f"--felt={f}"),
                                      h.theirs(ezkl.felt_to_big_endian, f)) for f in felts + bad])
    h.compare("felt-to-float", [((f, s), as_number(h.ours("felt-to-float", f"--felt={f}", f"--scale={s}")),
                                 as_number(h.theirs(ezkl.felt_to_float, f, s)))
                                for f in felts for s in (-5, 0, 7, 60)])
    numbers = [0.0, -0.0, 0.5, -0.5, 1.0, 1.5, 2.5, -2.5, 1e-30, 0.1, 123456.789, 65504.0, 65519.9, 1e10, 1e18, 1e30,
               -1e30, 1.7e38, -1.7e38, 1.8e38, 1e300, float("inf"), float("-inf"), 3.4e38, 9.3e18, -2.9]
    numbers += [h.random.uniform(-1000, 1000) for _ in range(10)]
    h.compare("float-to-felt", [((x, s, t), h.ours("float-to-felt", f"--input={x!r}", f"--scale={s}", f"--input-type={t}"),
                                 h.theirs(ezkl.float_to_felt, x, s, getattr(ezkl.PyInputType, t)))
                                for x in numbers for s in (-3, 0, 7, 30, 120) for t in TYPES])
    buffers = [bytes(h.random.randrange(256) for _ in range(n)) for n in (0, 1, 15, 16, 17, 31, 32, 33, 1000)]
    buffers += [b"\xff" * 48, b"\0" * 16]
    h.compare("buffer-to-felts", [(b.hex(), h.ours("buffer-to-felts", "--buffer", b.hex()),
                                   lines(h.theirs(ezkl.buffer_to_felts, b))) for b in buffers])


def hashes(h):
    messages = [[], h.felts(0), *([felt(h.random.randrange(R)) for _ in range(n)] for n in (1, 2, 3, 8, 65, 300))]
    messages += [[felt(0)] * n for n in (1, 2, 3)] + [["01"], [felt(1), "f" * 64]]
    h.compare("poseidon-hash", [(len(m), h.ours("poseidon-hash", *(["--message=" + ",".join(m)] if m else [])),
                                 lines(h.theirs(ezkl.poseidon_hash, m))) for m in messages])


def pipeline(h):
    """A proof of ours with commitments in it."""
    for name, target in (("mlp.onnx", "network.onnx"), ("mlp_input.json", "input.json")):
        (h.folder / target).write_bytes((DATA / name).read_bytes())
    (h.folder / "other.json").write_text('{"input_data": [[1, 1, 1, 1]]}')
    visible = [w for v in ("input", "param", "output") for w in (f"--{v}-visibility", "polycommit")]
    for step in (["gen-settings", "-K", 8, "--decomp-base", 64, "--decomp-legs", 4, *visible], ["compile-circuit"],
                 ["gen-srs", "--srs-path", "kzg.srs", "--logrows", 8], ["setup", "--srs-path", "kzg.srs"],
                 ["gen-witness", "--vk-path", "vk.key", "--srs-path", "kzg.srs"],
                 ["gen-witness", "-D", "other.json", "-O", "other_witness.json", "--vk-path", "vk.key", "--srs-path",
                  "kzg.srs"],
                 ["prove", "--srs-path", "kzg.srs"]):
        if h.ours(*step) == REFUSED:
            sys.exit(f"{step} failed")


def commitments(h):
    def affine(points):
        if points == REFUSED:
            return REFUSED
        out = []
        for p in points:
            raw = bytearray.fromhex(p.x)
            raw[31] |= (bytes.fromhex(p.y)[0] & 1) << 7
            out.append(bytes(raw).hex())
        return "\n".join(out)

    cases = []
    for n in (1, 2, 3, 100, 249, 250, 251, 500, 600):
        m = [felt(h.random.randrange(R)) for _ in range(n)]
        cases.append((n, h.ours("kzg-commit", "--srs-path", "kzg.srs", "--message=" + ",".join(m)),
                      affine(h.theirs(ezkl.kzg_commit, m, "vk.key", "settings.json", "kzg.srs"))))
    h.compare("kzg-commit", cases)

    cases = []
    for witness in ("witness.json", "other_witness.json"):
        for copy in ("ours.json", "theirs.json"):
            (h.folder / copy).write_bytes((h.folder / "proof.json").read_bytes())
        h.ours("swap-proof-commitments", "--proof-path", "ours.json", "--witness-path", witness)
        h.theirs(ezkl.swap_proof_commitments, "theirs.json", witness)
        keys = ("instances", "proof", "hex_proof", "split", "pretty_public_inputs")
        cases.append((witness, *([json.loads((h.folder / f).read_text()).get(k) for k in keys]
                                 for f in ("ours.json", "theirs.json"))))
    h.compare("swap-proof-commitments", cases)


def proofs(h):
    h.ours("encode-evm-calldata", "--calldata-path", "ours.bytes")
    h.theirs(ezkl.encode_evm_calldata, "proof.json", "theirs.bytes")
    h.compare("encode-evm-calldata", [("", (h.folder / "ours.bytes").read_bytes(),
                                       (h.folder / "theirs.bytes").read_bytes())])
    proof = json.loads((h.folder / "proof.json").read_text())
    h.compare("print-proof-hex", [("", h.ours("print-proof-hex").replace("0x", "").split()[-1],
                                   bytes(proof["proof"]).hex())])
    h.ours("gen-vk-from-pk", "--vk-path", "again.key")
    h.compare("gen-vk-from-pk", [("", (h.folder / "again.key").read_bytes(), (h.folder / "vk.key").read_bytes())])
    cases = []
    for seed in (0, 1, 21242, 2**63):
        for low, high in ((0.0, 1.0), (-3.0, 7.5)):
            h.ours("gen-random-data", "--overwrite", "--data", "ours.json", "--seed", seed, f"--min={low}", f"--max={high}")
            h.theirs(ezkl.gen_random_data, "network.onnx", "theirs.json", [("batch_size", 1)], seed, low, high)
            cases.append(((seed, low, high), *(json.loads((h.folder / f).read_text())
                                               for f in ("ours.json", "theirs.json"))))
    h.compare("gen-random-data", cases)


def as_text(value):
    return str(value)


def as_number(value):
    return value if value == REFUSED else float(value)


def lines(values):
    return values if values == REFUSED else "\n".join(values)


def main():
    with tempfile.TemporaryDirectory() as folder:
        h = Helpers(sys.argv[1], folder)
        os.chdir(folder)
        sys.stderr.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the panics of the package
        conversions(h)
        hashes(h)
        pipeline(h)
        commitments(h)
        proofs(h)
    print("all answers are equal" if h.failures == 0 else f"{h.failures} answers differ")
    sys.exit(h.failures != 0)


if __name__ == "__main__":
    main()
