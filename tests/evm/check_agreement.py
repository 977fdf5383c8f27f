#!/usr/bin/env python3
"""The dedicated contract on a local node and our verifier agree on thousands of changed proofs.

usage: check_agreement.py EZKL VERDICTS TOOLS COUNT FOLDER...

EZKL is our program, VERDICTS the program proof_verdicts, TOOLS a folder made by tools.sh, COUNT the
number of proofs altogether. FOLDER as in check_contracts.py. The changes follow from a fixed seed. Ends with 77 when
there is no node.
"""
import os
import random
import subprocess
import sys
import tempfile

from chain_tools import Calldata, Node, Q, R, files_of, find_tools, must, word

SKIPPED = 77
BATCH = 100


def changed(rng, c):
    """(proof, instances) after one change or, now and then, none or one that means nothing."""
    proof, instances = bytearray(c.proof), list(c.instances)
    words = len(proof) // 32
    at = rng.randrange(words)

    def put(i, value):
        proof[32 * i:32 * i + 32] = (value % 2**256).to_bytes(32, "big")

    kind = rng.randrange(12)
    if kind == 0:
        pass
    elif kind in (1, 2, 3):
        proof[rng.randrange(len(proof))] ^= 1 << rng.randrange(8)
    elif kind == 4:
        put(at, c.word(at) + rng.choice((1, -1, R, Q, -R, -Q, 2**255)))
    elif kind == 5:
        put(at, rng.choice((0, 1, R - 1, R, Q - 1, Q, 2**256 - 1, rng.randrange(R))))
    elif kind == 6:  # y negated where the word is one, else some other number
        put(at, Q - c.word(at))
    elif kind == 7:  # a point twice, or two words in each other's place
        other = rng.randrange(words)
        proof[32 * at:32 * at + 32], proof[32 * other:32 * other + 32] = c.proof[32 * other:32 * other + 32], c.proof[32 * at:32 * at + 32]
    elif kind == 8:
        pair = at // 2 * 2
        proof[32 * pair:32 * pair + 64] = rng.choice((bytes(64), word(1) + word(2), word(1) + word(Q - 2), c.proof[:64], c.proof[-64:]))
    elif kind == 9 and instances:
        i = rng.randrange(len(instances))
        instances[i] = rng.choice((0, 1, R - 1, R, instances[i] + R, instances[i] ^ 1, rng.randrange(R)))
    elif kind == 10:
        instances = rng.choice((instances + [0], instances[:-1], instances[::-1], instances))
    else:
        proof = proof[:-32] if rng.randrange(2) else proof + bytes(32)
    return bytes(proof), instances


def check(engine, verdicts, node, folder, count, d):
    common = files_of(folder)
    must([engine, "create-evm-verifier", *common, "--sol-code-path", f"{d}/v.sol", "--abi-path", f"{d}/v.abi"])
    must([engine, "encode-evm-calldata", "--proof-path", f"{folder}/proof.json", "--calldata-path", f"{d}/c.bytes"])
    must([engine, "deploy-evm", "--rpc-url", node.url, "--sol-code-path", f"{d}/v.sol", "--addr-path", f"{d}/address"])
    address = open(f"{d}/address").read()
    c = Calldata(open(f"{d}/c.bytes", "rb").read(), False)
    rng = random.Random(f"{os.path.basename(os.path.abspath(folder))} {count}")
    cases = [changed(rng, c) for _ in range(count)]
    lines = "".join(" ".join([p.hex()] + [(v % 2**256).to_bytes(32, "big").hex() for v in i]) + "\n" for p, i in cases)
    settings, vk, srs = common[3], common[1], common[5]
    ours = subprocess.run([verdicts, settings, vk, srs], input=lines, capture_output=True, text=True, timeout=600)
    if ours.returncode:
        sys.exit(f"{verdicts}: {ours.stderr}")
    ours = [line == "1" for line in ours.stdout.split()]
    theirs = []
    for first in range(0, count, BATCH):
        batch = cases[first:first + BATCH]
        theirs += node.calls(address, [c.encode(proof=p, instances=i) for p, i in batch])
    differ = [i for i in range(count) if ours[i] != theirs[i]]
    print(f"{os.path.basename(os.path.abspath(folder))}: {count} proofs, {sum(ours)} hold, "
          f"{len(differ)} disagreements", flush=True)
    return len(ours) != count or bool(differ) or not any(ours) or all(ours)


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    engine, verdicts = map(os.path.abspath, sys.argv[1:3])
    program, compiler = find_tools(sys.argv[3])
    if not program or not compiler:
        print("skipped: no local node (anvil) or no Solidity compiler; tests/evm/tools.sh gets both")
        sys.exit(SKIPPED)
    os.environ["EZKL_SOLC"] = compiler
    folders = sys.argv[5:]
    with tempfile.TemporaryDirectory() as d, Node(program) as node:
        wrong = [check(engine, verdicts, node, f, -(-int(sys.argv[4]) // len(folders)), d) for f in folders]
    sys.exit(any(wrong))


if __name__ == "__main__":
    main()
