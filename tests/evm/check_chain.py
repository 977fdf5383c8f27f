#!/usr/bin/env python3
"""Deploys our contracts to a local node with our program and verifies a proof there; a changed proof is refused.

usage: check_chain.py EZKL FOLDER [TOOLS]

EZKL is our program. FOLDER holds settings.json, vk.key and proof.json, the SRS lies beside it as kzg4.srs. TOOLS is a
folder made by tools.sh; without one, programs called anvil and solc are looked for on the PATH. Ends with 77 when there is no node. Only the loopback interface is used.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from chain_tools import Node, R, find_tools, word

SKIPPED = 77
# the second well-known account of the node, which holds funds; and a key that no one has sent anything to
FUNDED_KEY = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
EMPTY_KEY = "01" * 32


class Check:
    def __init__(self, engine, environment, folder):
        self.engine, self.environment, self.folder = engine, environment, folder

    def run(self, *arguments, **environment):
        done = subprocess.run([self.engine, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=180,
                              env={**self.environment, **environment})
        return done.returncode, done.stdout + done.stderr

    def accepted(self, *arguments, **environment):
        status, text = self.run(*arguments, **environment)
        if status != 0:
            sys.exit(f"{' '.join(arguments)}: exit {status}\n{text}")
        print("accepted:", " ".join(arguments[:1] + arguments[3:]))
        return text

    def refused(self, words, *arguments, **environment):
        """The command fails and says so in these words."""
        status, text = self.run(*arguments, **environment)
        if status == 0 or words not in text:
            sys.exit(f"{' '.join(arguments)}: exit {status}, expected a refusal with '{words}'\n{text}")
        print("refused:", " ".join(arguments[:1] + arguments[3:]), "->", text.strip().splitlines()[-1])
        return text


def mutate(folder):
    """Proofs that must not hold."""
    with open(os.path.join(folder, "proof.json")) as f:
        proof = json.load(f)

    def write(name, **changes):
        with open(os.path.join(folder, name), "w") as f:
            json.dump({**proof, "hex_proof": None, **changes}, f)

    flipped = list(proof["proof"])
    flipped[-33] ^= 1  # a coordinate of the last point
    write("flipped.json", proof=flipped)
    instance = proof["instances"][0][0]
    other = ("00" if instance[:2] != "00" else "01") + instance[2:]
    write("other_output.json", instances=[[other] + proof["instances"][0][1:]])
    pretty = json.loads(json.dumps(proof["pretty_public_inputs"]))
    pretty["rescaled_outputs"][0][0] = "0.25"
    write("other_story.json", pretty_public_inputs=pretty)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    node_program, compiler = find_tools(sys.argv[3] if len(sys.argv) > 3 else None)
    if not node_program or not compiler:
        print("skipped: no local node (anvil) or no Solidity compiler; tests/evm/tools.sh gets both")
        sys.exit(SKIPPED)
    source = os.path.abspath(sys.argv[2])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("EZKL_")}
    environment["EZKL_SOLC"] = compiler
    with tempfile.TemporaryDirectory() as d, Node(node_program) as node:
        for name in ("settings.json", "vk.key", "proof.json"):
            shutil.copy(os.path.join(source, name), d)
        shutil.copy(os.path.join(source, "../kzg4.srs"), d)
        mutate(d)
        check = Check(os.path.abspath(sys.argv[1]), environment, d)
        at = ["--rpc-url", node.url]

        # the contract of one key; defaults for all files
        check.accepted("create-evm-verifier", "--srs-path", "kzg4.srs")
        check.accepted("deploy-evm", *at)
        address = open(os.path.join(d, "contract.address")).read()
        assert len(address) == 42 and address.startswith("0x") and address == address.lower(), address
        assert "estimated gas" in check.accepted("verify-evm", *at, "--addr-verifier", address)
        check.accepted("verify-evm", *at)
        check.accepted("encode-evm-calldata")
        check.accepted("verify-evm", *at, "--encoded-calldata", "calldata.bytes")
        check.refused("the contract reverts: InvalidPoint", "verify-evm", *at, "--proof-path", "flipped.json")
        check.refused("the contract reverts: InvalidProof", "verify-evm", *at, "--proof-path", "other_output.json")
        with open(os.path.join(d, "calldata.bytes"), "rb") as whole, open(os.path.join(d, "large.bytes"), "wb") as large:
            raw = whole.read()
            value = int.from_bytes(raw[-64:-32], "big") + R
            large.write(raw[:-64] + word(value) + raw[-32:])
        check.refused("the contract reverts: InvalidCalldata", "verify-evm", *at, "--encoded-calldata", "large.bytes")

        # the contract of all keys, paid for by another account
        paid = {"EZKL_PRIVATE_KEY": FUNDED_KEY}
        check.accepted("create-evm-verifier", "--srs-path", "kzg4.srs", "--reusable")
        check.accepted("create-evm-vka", "--srs-path", "kzg4.srs", "--vka-path", "vka.bytes")
        check.accepted("deploy-evm", *at, "--contract-type", "verifier/reusable", "--addr-path", "all.address", **paid)
        everyone = ["--addr-verifier", "all.address"]
        by_key = [*everyone, "--vka-path", "vka.bytes"]
        check.refused("VKA not registered", "verify-evm", *at, *everyone, "--vka-path", "vka.bytes")
        check.accepted("register-vka", *at, *everyone, "--private-key", FUNDED_KEY)
        digest = open(os.path.join(d, "vka.digest")).read()
        values = [int(line.strip(" ,")) for line in digest.splitlines()[1:-1]]
        assert len(values) == 32 and digest == "[\n" + "".join(f"    {v},\n" for v in values) + "]", digest
        check.accepted("verify-evm", *at, *everyone, "--vka-path", "vka.bytes")
        check.refused("reverts", "verify-evm", *at, *by_key, "--proof-path", "flipped.json")
        check.refused("value 0", "verify-evm", *at, *by_key, "--proof-path", "other_story.json")
        check.accepted("create-evm-vka", "--srs-path", "kzg4.srs", "--vka-path", "short.bytes", "--decimals", "2")
        check.accepted("register-vka", *at, *everyone, "--vka-path", "short.bytes", "--vka-digest-path", "short.digest")
        check.accepted("verify-evm", *at, *everyone, "--vka-path", "short.bytes")

        # what people get wrong
        nobody = "0x" + "12" * 20
        deploy = ["deploy-evm", *at, "--addr-path", "none.address"]
        check.refused("no contract", "verify-evm", *at, "--addr-verifier", nobody)
        check.refused("is no address", "verify-evm", *at, "--addr-verifier", "0x1234")
        check.refused("no node answers", "verify-evm", "--rpc-url", "http://127.0.0.1:1", "--addr-verifier", address)
        check.refused("URL of a node", "verify-evm", "--rpc-url", "contract.address", "--addr-verifier", address)
        check.refused("insufficient funds", *deploy, "-C", "verifier/reusable", "--private-key", EMPTY_KEY)
        text = check.refused("64 hexadecimal digits", *deploy, "--private-key", EMPTY_KEY[:-1])
        assert EMPTY_KEY[:-1] not in text, "the message repeats the key"
        text = check.refused("--max-fee allows 0.000001 ETH", *deploy, "-C", "verifier/reusable", "--max-fee", "0.000001")
        assert "gas, each for up to" in text, text
        check.refused("is no amount of ETH", *deploy, "-C", "verifier/reusable", "--max-fee", "much")
        check.refused("nothing was signed", "register-vka", *at, *everyone, "--vka-digest-path", "none.digest",
                      "--max-fee", "0")
        check.refused("no contract Halo2Verifier", *deploy)
        check.refused("contract type", *deploy, "-C", "other")
        check.refused("no Solidity compiler", *deploy, "-C", "verifier/reusable", EZKL_SOLC="", PATH="")
        with open(os.path.join(d, "broken.sol"), "w") as f:
            f.write("contract Halo2Verifier { function }")
        check.refused("does not compile", *deploy, "--sol-code-path", "broken.sol")
        for name in ("none.address", "none.digest"):
            assert not os.path.exists(os.path.join(d, name)), "a failed transaction left " + name
    print("as it should be")


if __name__ == "__main__":
    main()
