#!/usr/bin/env python3
"""Runs the generated contracts in an EVM: valid calldata is accepted, changed calldata refused.

usage: check_contracts.py EZKL ORACLE FOLDER...

EZKL is our program. ORACLE is the folder of the EVM oracle after `npm ci` (run.mjs). Each FOLDER holds settings.json,
vk.key and proof.json; the SRS is FOLDER/../kzg4.srs or the newest *.srs beside the folders.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

R = 0x30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000001
Q = 0x30644E72E131A029B85045B68181585D97816A916871CA8D3C208C16D87CFD47


def word(value):
    return value.to_bytes(32, "big")


class Calldata:
    """The parts of canonical calldata, to be put together again in other ways."""

    def __init__(self, raw, with_vka):
        self.selector, self.with_vka = raw[:4], with_vka
        head = 4 + 32 * (3 if with_vka else 2)
        size = int.from_bytes(raw[head:head + 32], "big")
        self.proof = raw[head + 32:head + 32 + size]
        at = head + 32 + size
        count = int.from_bytes(raw[at:at + 32], "big")
        self.instances = [int.from_bytes(raw[at + 32 + 32 * i:at + 64 + 32 * i], "big") for i in range(count)]
        self.tail = raw[at + 32 + 32 * count:]

    def encode(self, proof=None, instances=None, tail=None, heads=None):
        proof = self.proof if proof is None else proof
        instances = self.instances if instances is None else instances
        tail = self.tail if tail is None else tail
        n = 3 if self.with_vka else 2
        at = 32 * n
        offsets = [at, at + 32 + len(proof), at + 64 + len(proof) + 32 * len(instances)][:n]
        offsets = [offsets[i] if not heads or heads[i] is None else heads[i] for i in range(n)]
        return (self.selector + b"".join(map(word, offsets)) + word(len(proof)) + proof + word(len(instances))
                + b"".join(map(word, instances)) + tail)

    def replaced(self, i, value):
        return self.encode(proof=self.proof[:32 * i] + word(value) + self.proof[32 * i + 32:])

    def word(self, i):
        return int.from_bytes(self.proof[32 * i:32 * i + 32], "big")


def refusals(c):
    """(what, calldata) that no contract may accept."""
    words = len(c.proof) // 32
    full = c.encode()
    end = len(full) - 4
    none = [None] * 3
    copy = word(len(c.proof)) + c.proof
    forged = bytearray(copy)
    forged[-1] ^= 1
    yield "proof moved to an identical copy", c.encode(heads=[end] + none[1:]) + copy
    yield "proof moved to another copy", c.encode(heads=[end] + none[1:]) + bytes(forged)
    moved = word(len(c.instances)) + b"".join(map(word, c.instances))
    yield "instances moved", c.encode(heads=[None, end, None]) + moved
    if c.instances:
        yield "instance changed", c.encode(instances=[(c.instances[0] + 1) % R] + c.instances[1:])
        yield "instance plus r", c.encode(instances=[c.instances[0] + R] + c.instances[1:])
        yield "instance dropped", c.encode(instances=c.instances[:-1])
    yield "instance added", c.encode(instances=c.instances + [0])
    # the last evaluation stands before the two points of the opening
    yield "evaluation plus r", c.replaced(words - 5, c.word(words - 5) + R)
    yield "evaluation changed", c.replaced(words - 5, (c.word(words - 5) + 1) % R)
    yield "coordinate plus q", c.replaced(0, c.word(0) + Q)
    for name, at in (("first commitment", 0), ("W", words - 4), ("W'", words - 2)):
        yield f"{name} negated", c.replaced(at + 1, Q - c.word(at + 1))
        yield f"{name} at infinity", c.encode(proof=c.proof[:32 * at] + bytes(64) + c.proof[32 * at + 64:])
        yield f"{name} off the curve", c.replaced(at, (c.word(at) + 1) % Q)
    yield "proof one word longer", c.encode(proof=c.proof + bytes(32))
    yield "proof one word shorter", c.encode(proof=c.proof[:-32])
    yield "calldata one byte short", (full if c.with_vka else full[:-32])[:-1]
    yield "selector only", c.selector
    if c.with_vka:
        other = bytearray(c.tail)
        other[-1] ^= 1
        yield "vka that is not registered", c.encode(tail=bytes(other))


def run(command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def must(command, cwd=None):
    status, text = run(command, cwd)
    if status:
        sys.exit(f"{' '.join(command)}: exit {status}\n{text}")
    return text


def check(engine, oracle, folder, with_vka, d):
    folder = os.path.abspath(folder)
    srs = next(p for p in [os.path.join(folder, "../kzg4.srs")] + sorted(glob.glob(folder + "/../*.srs")) if os.path.exists(p))
    file = lambda n: os.path.join(d, n)
    common = ["--vk-path", f"{folder}/vk.key", "--settings-path", f"{folder}/settings.json", "--srs-path", srs]
    must([engine, "create-evm-verifier", *common, "--sol-code-path", file("v.sol"), "--abi-path", file("v.abi")]
         + (["--reusable"] if with_vka else []))
    encode = [engine, "encode-evm-calldata", "--proof-path", f"{folder}/proof.json", "--calldata-path", file("c.bytes")]
    extra = []
    if with_vka:
        must([engine, "create-evm-vka", *common, "--vka-path", file("vka.bytes")])
        encode += ["--vka-path", file("vka.bytes")]
        extra = ["--vka", file("vka.bytes")]
    must(encode)
    json.load(open(file("v.abi")))
    must(["node", "run.mjs", "--sol", file("v.sol"), "--calldata", file("c.bytes"), "--write-init", file("v.bin"),
          "--expect", "accept", *extra], oracle)
    raw = open(file("c.bytes"), "rb").read()
    c = Calldata(raw, with_vka)
    assert c.encode() == raw

    def verdict(calldata):
        with open(file("x.bytes"), "wb") as f:
            f.write(calldata)
        status, text = run(["node", "run.mjs", "--init", file("v.bin"), "--calldata", file("x.bytes"), *extra], oracle)
        if "ACCEPTED" not in text and "REJECTED" not in text:
            sys.exit(f"the oracle failed:\n{text}")
        return "ACCEPTED" in text

    bad = [what for what, calldata in refusals(c) if verdict(calldata)]
    accepted = [("with extra words", raw + bytes(64))]
    if not with_vka:
        accepted.append(("without the trailing word", raw[:-32]))
    bad += [what for what, calldata in accepted if not verdict(calldata)]
    kind = "reusable" if with_vka else "dedicated"
    print(f"{os.path.basename(folder)}, {kind}: " + ("as it should be" if not bad else "WRONG: " + "; ".join(bad)))
    return bool(bad)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    engine, oracle = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    wrong = 0
    for folder in sys.argv[3:]:
        for with_vka in (False, True):
            with tempfile.TemporaryDirectory() as d:
                wrong += check(engine, oracle, folder, with_vka, d)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
