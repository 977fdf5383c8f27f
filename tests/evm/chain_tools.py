"""What the checks of the contracts share: calldata in parts, the in-process EVM, a local node."""
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
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


class Evm:
    """The in-process EVM of evm.mjs; `tools` is a folder made by tools.sh."""

    def __init__(self, tools):
        self.process = subprocess.Popen(["node", os.path.join(tools, "evm.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "failed" in answer:
            sys.exit(f"EVM: {answer['failed']}")
        return answer

    def deploy_source(self, path, contract):
        """(address, what the compiler and the deployment say)."""
        compiled = self.ask(compile=open(path).read(), contract=contract)
        deployed = self.ask(deploy=compiled["init"])
        return deployed["address"], {**compiled, **deployed}

    def call(self, address, data):
        return self.ask(call=address, data=data.hex())


class Node:
    """A local node on a free port of the loopback interface."""

    def __init__(self, program):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen([program, "--host", "127.0.0.1", "--port", str(port), "--silent"],
                                        stdout=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(200):
            try:
                self.rpc("eth_chainId")
                return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        sys.exit("the node does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def post(self, body):
        request = urllib.request.Request(self.url, json.dumps(body).encode(), {"content-type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return json.load(opener.open(request, timeout=120))

    def rpc(self, method, *params):
        return self.post({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})["result"]

    def calls(self, address, datas):
        """Of many calls in one request: whether each returned the word 1."""
        body = [{"jsonrpc": "2.0", "id": i, "method": "eth_call", "params": [{"to": address, "data": "0x" + d.hex()}, "latest"]}
                for i, d in enumerate(datas)]
        answers = {a["id"]: a.get("result") for a in self.post(body)}
        return [(answers[i] or "").startswith("0x" + "0" * 63 + "1") for i in range(len(datas))]


def find_tools(folder):
    """(node, compiler); either may be None. `folder` is made by tools.sh; without one the PATH is searched."""
    node, compiler = shutil.which("anvil"), shutil.which("solc") or shutil.which("solcjs")
    if folder:
        folder = os.path.abspath(folder)
        inside = os.path.join(folder, "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil")
        node = inside if os.path.exists(inside) else node
        script = os.path.join(folder, "solc.mjs")
        compiler = script if os.path.exists(script) else compiler
    return node, compiler


def must(command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def files_of(folder):
    """Arguments that name key, settings and setup of a folder of test data."""
    folder = os.path.abspath(folder)
    return ["--vk-path", f"{folder}/vk.key", "--settings-path", f"{folder}/settings.json", "--srs-path",
            os.path.join(folder, "../kzg4.srs")]
