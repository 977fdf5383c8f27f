#!/usr/bin/env python3
"""Both ways with the last published release that has IPA.

usage: release22.py PATH_TO_EZKL [--model FOLDER] [--logrows K] [--args '--decomp-base 64 …'] [--commitment ipa|kzg]

Needs Python with ezkl==22.2.1. FOLDER has network.onnx and input.json (default: the small model of the tests).
  ours    gen-settings, compile, setup, gen-witness, prove by us; the release accepts, and refuses the proof once a byte
          of it is changed.
  theirs  the release does the same; we accept, and refuse the changed proof.
Prints how long each step took; exit status 1 when any step fails.
"""
import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import ezkl

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "models")
FILES = ("proof.json", "settings.json", "vk.key", "setup.srs")


class Steps:
    def __init__(self, name):
        self.name, self.taken = name, []

    def run(self, what, body):
        start = time.time()
        result = body()
        self.taken.append(f"{what} {time.time() - start:.1f}s")
        return result

    def report(self):
        print(f"{self.name}: {', '.join(self.taken)}", flush=True)


def release_accepts(folder):
    paths = [os.path.join(folder, f) for f in FILES]
    try:
        return ezkl.verify(*paths)
    except RuntimeError:
        return False


def changed_copy(folder):
    """The same files with one bit of the proof's last but one number changed."""
    out = folder + "_changed"
    os.makedirs(out)
    for name in FILES:
        shutil.copy(os.path.join(folder, name), out)
    path = os.path.join(out, "proof.json")
    proof = json.load(open(path))
    proof["proof"][-33] ^= 1
    proof["hex_proof"] = None
    json.dump(proof, open(path, "w"))
    return out


def ours(program, folder, arguments, check=True):
    run = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)
    if check and run.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: {run.stdout}{run.stderr}")
    return run.returncode == 0


def our_direction(a, folder):
    steps = Steps("ours")
    setup = ["--srs-path", "setup.srs"]
    scheme = ["--commitment", a.commitment]
    ours(a.program, folder, ["gen-settings", "-K", str(a.logrows), "--disable-freivalds", *scheme, *a.args.split()])
    ours(a.program, folder, ["compile-circuit"])
    steps.run("gen-srs", lambda: ours(a.program, folder, ["gen-srs", "--logrows", str(a.logrows), *setup, *scheme]))
    steps.run("setup", lambda: ours(a.program, folder, ["setup", *setup]))
    ours(a.program, folder, ["gen-witness", "--vk-path", "vk.key", *setup])
    steps.run("prove", lambda: ours(a.program, folder, ["prove", *setup]))
    if a.commitment == "kzg":  # the release refuses settings with keys it does not know
        path = os.path.join(folder, "settings.json")
        settings = json.load(open(path))
        del settings["einsum_params"]
        json.dump(settings, open(path, "w"))
    steps.run("our verify", lambda: ours(a.program, folder, ["verify", *setup]))
    if not steps.run("their verify", lambda: release_accepts(folder)):
        sys.exit("the release refuses our proof")
    if release_accepts(changed_copy(folder)):
        sys.exit("the release accepts a changed proof")
    steps.report()


def run_arguments(a):
    """Our arguments as the release has them."""
    out = ezkl.PyRunArgs()
    out.logrows = a.logrows
    out.commitment = ezkl.PyCommitments.IPA if a.commitment == "ipa" else ezkl.PyCommitments.KZG
    words = a.args.replace("=", " ").split()
    for name, value in zip(words[::2], words[1::2]):
        if name.endswith("visibility"):
            parsed = value
        elif "->" in value:
            parsed = tuple(int(v) for v in value.split("->"))
        else:
            parsed = int(value)
        setattr(out, name.lstrip("-").replace("-", "_"), parsed)
    return out


def their_direction(a, folder):
    steps = Steps("theirs")
    here = os.getcwd()
    os.chdir(folder)
    try:
        args = run_arguments(a)
        ezkl.gen_settings("network.onnx", "settings.json", py_run_args=args)
        ezkl.compile_circuit("network.onnx", "model.compiled", "settings.json")

        async def fetch():  # an IPA setup is made, not fetched
            await ezkl.get_srs("settings.json", srs_path="setup.srs", commitment=args.commitment)

        if a.commitment == "ipa":
            steps.run("get_srs", lambda: asyncio.run(fetch()))
            ours(a.program, folder, ["gen-srs", "--logrows", str(a.logrows), "--commitment", "ipa", "--srs-path", "x"])
            if open("setup.srs", "rb").read() != open("x", "rb").read():
                sys.exit("their setup differs from ours")
        else:
            steps.run("gen_srs", lambda: ezkl.gen_srs("setup.srs", a.logrows))
        steps.run("setup", lambda: ezkl.setup("model.compiled", "vk.key", "pk.key", "setup.srs"))
        ezkl.gen_witness("input.json", "model.compiled", "witness.json", "vk.key", "setup.srs")
        steps.run("prove", lambda: ezkl.prove("witness.json", "model.compiled", "pk.key", "proof.json",
                                              srs_path="setup.srs"))
    finally:
        os.chdir(here)
    if not steps.run("their verify", lambda: release_accepts(folder)):
        sys.exit("the release refuses its own proof")
    verify = ["verify", "--srs-path", "setup.srs"]
    if not steps.run("our verify", lambda: ours(a.program, folder, verify, check=False)):
        sys.exit("we refuse a proof of the release")
    if ours(a.program, changed_copy(folder), verify, check=False):
        sys.exit("we accept a changed proof")
    steps.report()


def main():
    parser = argparse.ArgumentParser(description="proofs both ways with ezkl 22.2.1")
    parser.add_argument("program")
    parser.add_argument("--model", help="folder with network.onnx and input.json")
    parser.add_argument("--logrows", type=int, default=8)
    parser.add_argument("--commitment", choices=("ipa", "kzg"), default="ipa")
    parser.add_argument("--args", default="--decomp-base 64 --decomp-legs 4")
    a = parser.parse_args()
    a.program = os.path.abspath(a.program)
    if ezkl.__version__ != "22.2.1":
        sys.exit(f"this Python has ezkl {ezkl.__version__}, 22.2.1 is needed")
    with tempfile.TemporaryDirectory() as folder:
        for name, direction in (("ours", our_direction), ("theirs", their_direction)):
            inside = os.path.join(folder, name)
            os.makedirs(inside)
            model, data = (os.path.join(DATA, "mlp.onnx"), os.path.join(DATA, "mlp_input.json"))
            if a.model:
                model, data = (os.path.join(a.model, f) for f in ("network.onnx", "input.json"))
            shutil.copy(model, os.path.join(inside, "network.onnx"))
            shutil.copy(data, os.path.join(inside, "input.json"))
            direction(a, inside)
    print("both ways accepted")


if __name__ == "__main__":
    main()
