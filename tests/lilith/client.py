"""`ezkl --remote`: python3 client.py EZKL EXAMPLE_FOLDER [LILITH]

Against a service that lies: whatever it gives, only the proof that was asked for is put down. With LILITH also against a real one: every
command as without --remote.
"""
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading

import service as real

EZKL, EXAMPLE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


class Liar(http.server.BaseHTTPRequestHandler):
    """Says that it has every file and that every recipe is done, with this content."""
    content, announced, state, extra = b"", None, "done", []
    asked = []

    def answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Liar.asked.append(self.path)
        if self.path == "/v1/uploads":
            return self.answer(200, b'{"have":true}')
        Liar.keep = json.loads(body)["keep"]
        self.answer(202, b'{"id":"00000000-0000-4000-8000-000000000000"}')

    def do_GET(self):
        Liar.asked.append(self.path)
        if self.path.startswith("/v1/blobs/"):
            return self.answer(200, Liar.content)
        digest = Liar.announced or hashlib.sha256(Liar.content).hexdigest()
        files = [{"path": path, "sha256": digest, "size": len(Liar.content)} for path in [*Liar.keep, *Liar.extra]]
        self.answer(200, json.dumps({"state": Liar.state, "class": "unsatisfied", "detail": "it said so", "progress": 1, "files": files,
                                     "steps": [{"output": "\x1b[31msaid"}]}).encode())

    def log_message(self, *_):
        pass


def prove(folder, url, *more):
    return subprocess.run([EZKL, "-q", "--remote", url, "prove", "--srs-path", "kzg.srs", *more], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "EZKL_API_KEY": "lk_x"})


def check_liar(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    proof = os.path.join(folder, "proof.json")
    before = set(os.listdir(folder))

    real.run(EZKL, "prove", "--srs-path", "kzg.srs", "--proof-path", "good.json", cwd=folder)
    good = real.read(folder, "good.json")
    data = json.loads(real.read(folder, "input.json"))
    other = {"input_data": [[(value + 0.5) % 1 for value in list_] for list_ in data["input_data"]]}
    with open(folder + "/other.json", "w") as file:
        json.dump(other, file)
    real.run(EZKL, "gen-witness", "--data", "other.json", "--output", "w2.json", cwd=folder)
    real.run(EZKL, "prove", "--srs-path", "kzg.srs", "--witness", "w2.json", "--proof-path", "other_proof.json", cwd=folder)
    before |= {"good.json", "other.json", "w2.json", "other_proof.json"}

    def refused(what, content, says, announced=None, state="done", extra=()):
        Liar.content, Liar.announced, Liar.state, Liar.extra = content, announced, state, list(extra)
        ended = prove(folder, url)
        assert ended.returncode == 1 and says in ended.stderr, (what, ended.returncode, ended.stderr)
        assert set(os.listdir(folder)) == before, (what, set(os.listdir(folder)) - before)

    # It verifies, and is about another input.
    refused("another input", real.read(folder, "other_proof.json"), "other values than the witness")
    changed = json.loads(good)
    middle = len(changed["proof"]) // 2 if isinstance(changed["proof"], list) else None
    if middle is None:
        text = changed["hex_proof"]
    else:
        changed["proof"][middle] ^= 1
        text = changed.get("hex_proof")
    if text:
        at = 2 + 2 * (len(text) // 4)
        changed["hex_proof"] = text[:at] + ("00" if text[at:at + 2] != "00" else "01") + text[at + 2:]
    refused("a changed byte", json.dumps(changed).encode(), "")
    refused("no proof", b"{}", "")
    refused("other bytes than announced", good, "other bytes", announced="0" * 64)
    refused("a failure", good, "it said so", state="failed")
    Liar.content, Liar.announced, Liar.state, Liar.extra = good, None, "done", ["../../escape", "/etc/x"]
    ended = prove(folder, url)
    assert ended.returncode == 0, ended.stderr
    assert real.read(folder, "proof.json") == good and "\x1b" not in ended.stdout
    os.remove(proof)

    # Nothing is sent before it is known that the answer can be checked.
    os.rename(folder + "/vk.key", folder + "/away")
    Liar.asked.clear()
    ended = prove(folder, url)
    assert ended.returncode == 2 and "vk.key" in ended.stderr and not Liar.asked, ended.stderr
    os.rename(folder + "/away", folder + "/vk.key")
    for bad in ("http://example.com", "ftp://x", "http://127.0.0.1.example.com", "http://localhost@example.com"):
        assert "https://" in prove(folder, bad).stderr, bad
    for word in ("--seed=1", "--split=x", "--profile"):
        ended = prove(folder, url, word)
        assert ended.returncode == 2 and "remotely" in ended.stderr, ended.stderr
    server.shutdown()


def check_equal(folder, lilith):
    """Settings, compiled model and keys byte for byte; a proof that verifies."""
    data = folder + "/service"
    real.LILITH, real.EZKL = lilith, EZKL
    key = real.keys_of(data)["team", "prove"]
    service = real.Service(data).start()
    environment = {**os.environ, "EZKL_REMOTE_URL": f"http://127.0.0.1:{service.port}", "EZKL_API_KEY": key}
    there = folder + "/there"
    os.mkdir(there)
    for name in ("network.onnx", "input.json", "kzg.srs"):
        os.link(f"{folder}/{name}", f"{there}/{name}")
    try:
        for words, files in (
                (["gen-settings", "--input-scale=2", "--param-scale=2", "--input-visibility=public"], ["settings.json"]),
                (["compile-circuit"], ["model.compiled"]),
                (["setup", "--srs-path", "kzg.srs"], ["vk.key", "pk.key", "vk.manifest.json"]),
                (["gen-witness"], ["witness.json"]),
                (["mock"], [])):
            subprocess.run([EZKL, "-q", *words], cwd=there, check=True, capture_output=True, env=environment)
            for name in files:
                one, two = real.read(there, name), real.read(folder, name)
                if name == "settings.json":  # they have the time in them, and all else has their digest
                    assert {**json.loads(one), "timestamp": 0} == {**json.loads(two), "timestamp": 0}
                    one = two
                    with open(f"{there}/{name}", "wb") as file:
                        file.write(two)
                assert one == two, name
        subprocess.run([EZKL, "prove", "--srs-path", "kzg.srs"], cwd=there, check=True, capture_output=True, env=environment)
        assert "verified: true" in real.run(EZKL, "verify", "--srs-path", "kzg.srs", "--input", "input.json", cwd=there)
        wrong = subprocess.run([EZKL, "prove"], cwd=there, capture_output=True, text=True, env={**environment, "EZKL_API_KEY": "lk_no"})
        assert wrong.returncode == 2 and "valid key" in wrong.stderr, wrong.stderr
        service.stop()
    finally:
        if service.process.poll() is None:
            service.process.kill()


def check_table():
    """Every option that src/service/recipe/commands.cpp describes is one of the program, and takes a value there or does not."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with open(root + "/src/service/recipe/commands.cpp") as file:
        text = file.read()
    tables = dict(re.findall(r"constexpr Option (\w+)\[\] = \{(.*?)\};", text, re.S))
    assert len(tables) == 12, tables.keys()
    for name, body in tables.items():
        shown = real.run(EZKL, name.replace("_", "-"), "--help")
        shown = shown[shown.index("\n\n", shown.index("Examples:")):]
        options = re.findall(r'\{\s*"([a-z-]+)"(?:,\s*(\w+))?[^{}]*?(?:\'(\w)\')?\s*\}', body)
        assert options, name
        for option, takes, short in options:
            line = re.search(rf"^ +(?:-(\w), ?)?--{option}(?= |$)(.*)", shown, re.M)
            assert line, (name, option)
            assert (line.group(1) or "") == short, (name, option, short)
            has_type = re.match(r" [A-Z\[]", line.group(2)) is not None
            assert has_type == (takes != "nothing"), (name, option, line.group(0))


def main():
    check_table()
    real.EZKL, real.EXAMPLE = EZKL, EXAMPLE
    with tempfile.TemporaryDirectory() as folder:
        real.make_model(folder)
        real.run(EZKL, "gen-witness", cwd=folder)
        check_liar(folder)
        if len(sys.argv) > 3 and sys.argv[3]:
            check_equal(folder, os.path.abspath(sys.argv[3]))
    print("all as it must be")


if __name__ == "__main__":
    main()
