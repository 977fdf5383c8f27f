#!/usr/bin/env python3
"""Runs the generated contracts in an in-process EVM: valid calldata is accepted, changed calldata refused; gas and code
stay below what is recorded; the compilers have nothing to warn of.

usage: check_contracts.py EZKL TOOLS FOLDER FOLDER...

EZKL is our program. TOOLS is a folder made by tools.sh. Each FOLDER holds settings.json, vk.key and
proof.json; the SRS is FOLDER/../kzg4.srs.
"""
import json
import os
import sys
import tempfile

from chain_tools import Calldata, Evm, Q, R, files_of, must, word

CODE_LIMIT = 24576
# Transaction gas of the dedicated contract for the proof in tests/data/golden/NAME.
RECORDED_GAS = {"default": 475_308, "hashed_input": 576_752, "matmul_freivalds": 722_772}
SLACK = 1.005
LITTLE_GAS = 60_000  # what a bad point may cost beyond what a good one does
FLIPS = 24


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
    for name, at in (("first commitment", 0), ("a commitment", 2), ("W", words - 4), ("W'", words - 2)):
        yield f"{name} on another curve", c.encode(proof=c.proof[:32 * at] + word(4) + word(1) + c.proof[32 * at + 64:])
        yield f"{name} with y plus q", c.replaced(at + 1, c.word(at + 1) + Q)
    for i in range(FLIPS):
        at = (2 * i + 1) * len(c.proof) // (2 * FLIPS)
        flipped = bytearray(c.proof)
        flipped[at] ^= 1 << i % 8
        yield f"bit {i % 8} of proof byte {at} flipped", c.encode(proof=bytes(flipped))
    yield "proof one word longer", c.encode(proof=c.proof + bytes(32))
    yield "proof one word shorter", c.encode(proof=c.proof[:-32])
    yield "calldata one byte short", (full if c.with_vka else full[:-32])[:-1]
    yield "selector only", c.selector
    if c.with_vka:
        other = bytearray(c.tail)
        other[-1] ^= 1
        yield "vka that is not registered", c.encode(tail=bytes(other))
        yield "vka moved to a copy", c.encode(heads=[None, None, end]) + c.tail
        yield "vka one word short", c.encode(tail=word(len(c.tail) // 32 - 2) + c.tail[32:-32])
        yield "no vka", c.encode(tail=word(0))




def check(engine, evm, folder, with_vka, other_vka, d):
    """What is wrong with the contract of a folder."""
    file = lambda n: os.path.join(d, n)
    common = files_of(folder)
    name = os.path.basename(os.path.abspath(folder))
    must([engine, "create-evm-verifier", *common, "--sol-code-path", file("v.sol"), "--abi-path", file("v.abi")]
         + (["--reusable"] if with_vka else []))
    json.load(open(file("v.abi")))
    encode = [engine, "encode-evm-calldata", "--proof-path", f"{folder}/proof.json", "--calldata-path", file("c.bytes")]
    address, built = evm.deploy_source(file("v.sol"), "Halo2VerifierReusable" if with_vka else "Halo2Verifier")
    bad = ["the compiler warns: " + w for w in built["warnings"]]
    if built["size"] > CODE_LIMIT:
        bad.append(f"{built['size']} bytes of code")
    registered = []
    if with_vka:
        must([engine, "create-evm-vka", *common, "--proof-instances", "--vka-path", file("vka.bytes")])
        encode += ["--vka-path", file("vka.bytes")]
        for path in (file("vka.bytes"), other_vka):
            words = open(path, "rb").read()[8:]
            data = bytes.fromhex("dc8b4094") + word(0x20) + word(len(words) // 32) + words
            registered.append(data[36:])
            if not evm.call(address, data)["ok"]:
                bad.append("a vka cannot be registered")
    must(encode)
    raw = open(file("c.bytes"), "rb").read()
    c = Calldata(raw, with_vka)
    assert c.encode() == raw

    good = evm.call(address, raw)
    if not good["accepted"]:
        bad.append("the proof is refused")
    wrong = list(refusals(c))
    if with_vka:
        wrong.append(("registered vka of another circuit", c.encode(tail=registered[1])))
    for what, calldata in wrong:
        answer = evm.call(address, calldata)
        if answer["accepted"]:
            bad.append("accepted: " + what)
        if not with_vka and answer["execution"] > good["execution"] + LITTLE_GAS:
            bad.append(f"{what} costs {answer['execution']} gas")
    accepted = [("with extra words", raw + bytes(64))]
    if not with_vka:
        accepted.append(("without the trailing word", raw[:-32]))
    bad += ["refused: " + what for what, calldata in accepted if not evm.call(address, calldata)["accepted"]]
    if not with_vka and good["gas"] > SLACK * RECORDED_GAS.get(name, good["gas"]):
        bad.append(f"gas rose from {RECORDED_GAS[name]}")
    kind = "reusable" if with_vka else "dedicated"
    print(f"{name}, {kind}: {good['gas']} gas, {built['size']} bytes of code, {len(wrong)} refusals: "
          + ("as it should be" if not bad else "WRONG: " + "; ".join(bad)), flush=True)
    return bool(bad)


def check_counts(engine, evm, folder, d):
    """Proofs of another number of instances than the settings', right in all else: contracts must refuse them, and the
    calldata of a reusable one is not even encoded for more than its vka announces."""
    file = lambda n: os.path.join(d, n)
    bad = []
    settings = json.load(open(os.path.join(folder, "settings.json")))
    for proof, count in (("extra.json", 5), ("drop.json", 2)):
        for claimed in (3, count):
            settings["model_instance_shapes"] = [[1, claimed]]
            json.dump(settings, open(file("settings.json"), "w"))
            common = ["--settings-path", file("settings.json"), "--vk-path", f"{folder}/vk.key", "--srs-path",
                      f"{folder}/kzg.srs"]
            must([engine, "create-evm-vka", *common, "--vka-path", file("vka.bytes")])
            vka = open(file("vka.bytes"), "rb").read()[8:]
            must([engine, "encode-evm-calldata", "--proof-path", f"{folder}/{proof}", "--calldata-path", file("c.bytes")])
            for reusable in (False, True):
                must([engine, "create-evm-verifier", *common, "--sol-code-path", file("v.sol"), "--abi-path",
                      file("v.abi")] + (["--reusable"] if reusable else []))
                address, _ = evm.deploy_source(file("v.sol"), "Halo2VerifierReusable" if reusable else "Halo2Verifier")
                c = Calldata(open(file("c.bytes"), "rb").read(), False)
                if reusable:
                    c.with_vka, c.selector, c.tail = True, bytes.fromhex("3409fc9f"), word(len(vka) // 32) + vka
                    evm.call(address, bytes.fromhex("dc8b4094") + word(0x20) + c.tail)
                accepted = evm.call(address, c.encode())["accepted"]
                if accepted != (claimed == count):
                    bad.append(f"{proof}, {claimed} instances, {'reusable' if reusable else 'dedicated'}: "
                               + ("accepted" if accepted else "refused"))
    print("counts of instances: " + ("as it should be" if not bad else "WRONG: " + "; ".join(bad)), flush=True)
    return bool(bad)


def check_waived(engine, evm, d):
    """Proofs of a circuit that checks no ranges of its inputs and outputs: the commands and the contract's comment say
    so; where an instance is no integer, the contract that gives numbers refuses the proof."""
    here = os.path.join(d, "waived")
    os.mkdir(here)
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data/models/set_membership.onnx")
    run = lambda *words: must([engine, *words], cwd=here)
    run("gen-settings", "-M", data, "-K", "9", "-S", "0", "--param-scale", "0", "--decomp-base", "64", "--decomp-legs",
        "3", "-N", "2", "-B=-10:10", "--input-visibility", "public", "--output-visibility", "public",
        "--ignore-range-check-inputs-outputs")
    run("compile-circuit", "-M", data)
    run("gen-srs", "--srs-path", "kzg.srs", "--logrows", "9")
    run("setup", "--srs-path", "kzg.srs")
    bad, contracts = [], []
    says = lambda what, text: bad.append(f"{what} does not say that ranges are not checked") \
        if "range-checked" not in text else None
    for reusable in (False, True):
        says("create-evm-verifier", run("create-evm-verifier", "--srs-path", "kzg.srs", *["--reusable"][:reusable]))
        if not reusable:
            says("the contract", open(os.path.join(here, "evm_deploy.sol")).read())
        contracts.append(evm.deploy_source(os.path.join(here, "evm_deploy.sol"),
                                           "Halo2VerifierReusable" if reusable else "Halo2Verifier")[0])
    says("create-evm-vka", run("create-evm-vka", "--srs-path", "kzg.srs", "--proof-instances"))
    vka = open(os.path.join(here, "vka.bytes"), "rb").read()[8:]
    if not evm.call(contracts[1], bytes.fromhex("dc8b4094") + word(0x20) + word(len(vka) // 32) + vka)["ok"]:
        bad.append("the vka cannot be registered")
    for what, x, wanted in (("integers", "5", [True, True]), ("a field element", f'"{"77" * 31}00"', [True, False])):
        json.dump({"input_data": [[json.loads(x)], [1, 2, 3, 4]]}, open(os.path.join(here, "input.json"), "w"))
        run("gen-witness")
        run("prove", "--srs-path", "kzg.srs")
        run("verify", "--srs-path", "kzg.srs")
        run("encode-evm-calldata", "--calldata-path", "one.bytes")
        run("encode-evm-calldata", "--vka-path", "vka.bytes", "--calldata-path", "every.bytes")
        found = [evm.call(contract, open(os.path.join(here, calldata), "rb").read())["accepted"]
                 for contract, calldata in zip(contracts, ("one.bytes", "every.bytes"))]
        if found != wanted:
            bad.append(f"instances of {what}: accepted by [one key, every key]: {found}, expected {wanted}")
    print("waived range checks: " + ("as it should be" if not bad else "WRONG: " + "; ".join(bad)), flush=True)
    return bool(bad)


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    engine, folders = os.path.abspath(sys.argv[1]), sys.argv[3:]
    wrong = 0
    with tempfile.TemporaryDirectory() as d, Evm(sys.argv[2]) as evm:
        keys = []
        for i, folder in enumerate(folders):
            keys.append(os.path.join(d, f"{i}.vka"))
            must([engine, "create-evm-vka", *files_of(folder), "--proof-instances", "--vka-path", keys[-1]])
        for i, folder in enumerate(folders):
            for with_vka in (False, True):
                wrong += check(engine, evm, folder, with_vka, keys[i - 1], d)
        wrong += check_waived(engine, evm, d)
        wrong += check_counts(engine, evm, os.path.join(os.path.dirname(__file__), "../data/attacks/instances"), d)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
