"""The service from outside, over HTTP, with the real program: python3 service.py LILITH EZKL EXAMPLE_FOLDER

Real proofs of a small model; the service killed behind each of its writes; keys, tenants, hostile requests.
"""
import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

LILITH, EZKL, EXAMPLE = (os.path.abspath(path) for path in (*sys.argv[1:], "", "", "")[:3])


def run(*words, cwd=None):
    return subprocess.run(words, cwd=cwd, check=True, capture_output=True, text=True).stdout


class Service:
    def __init__(self, data, **environment):
        self.data, self.environment, self.process = data, environment, None

    def start(self, **environment):
        self.log = open(self.data + ".log", "a+")
        begin = self.log.tell()
        self.process = subprocess.Popen(
            [LILITH, "serve", "--data", self.data, "--ezkl", EZKL, "--port", "0", "--memory", "4G", "--cores", "2",
             "--recipe-memory", "300M", "--recipe-cores", "1"],
            stderr=self.log, env={**os.environ, **environment})
        while True:
            text = open(self.data + ".log").read()[begin:]
            if " port " in text:
                self.port = int(text.split(" port ")[1].split(",")[0])
                return self
            if self.process.poll() is not None:
                return None  # it died before it listened
            time.sleep(0.01)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0

    def ask(self, method, path, body=None, key=None, headers={}, timeout=70):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {**({"X-API-KEY": key} if key else {}), **headers})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def send(self, content, key):
        digest = hashlib.sha256(content).hexdigest()
        status, body, _ = self.ask("POST", "/v1/uploads", json.dumps({"sha256": digest, "size": len(content)}), key)
        answer = json.loads(body)
        assert status in (200, 201), body
        if not answer["have"]:
            status, body, _ = self.ask("PATCH", "/v1/uploads/" + answer["id"], content, key, {"Upload-Offset": "0"})
            assert status == 204, body
        return digest

    def recipe(self, commands, files, key, idempotency=None, **more):
        status, body, _ = self.ask("POST", "/v1/recipes", json.dumps({"commands": commands, "files": files, **more}), key,
                                   {"Idempotency-Key": idempotency} if idempotency else {})
        assert status in (200, 202), (status, body)
        return json.loads(body)["id"]

    def wait(self, recipe, key):
        while True:
            status, body, _ = self.ask("GET", f"/v1/recipes/{recipe}?wait_s=20", key=key)
            assert status == 200, body
            found = json.loads(body)
            if found["state"] in ("done", "failed", "cancelled"):
                return found


def keys_of(data):
    out = {}
    for tenant, scope in (("team", "prove"), ("team", "read"), ("others", "prove")):
        run(LILITH, "tenant", "--data", data, tenant)
        out[tenant, scope] = run(LILITH, "key", "create", "--data", data, "--tenant", tenant, "--scope", scope).strip()
    return out


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


COMMANDS = [{"ezkl_command": {"GenWitness": {"data": "input.json", "compiled_circuit": "model.compiled",
                                             "output": "witness.json", "vk_path": None, "srs_path": None}}},
            {"ezkl_command": {"Prove": {"witness": "witness.json", "compiled_circuit": "model.compiled",
                                        "pk_path": "pk.key", "proof_path": "proof.json", "srs_path": "kzg.srs",
                                        "proof_type": "Single", "check_mode": "UNSAFE"}}}]


def make_model(folder):
    """Keys of a small circuit, made here: what a client holds itself."""
    for name in ("network.onnx", "input.json"):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(read(EXAMPLE, name))
    run(EZKL, "gen-settings", "--input-scale=2", "--param-scale=2", "--input-visibility=public", cwd=folder)
    rows = json.loads(read(folder, "settings.json"))["run_args"]["logrows"]
    run(EZKL, "compile-circuit", cwd=folder)
    run(EZKL, "gen-srs", "--srs-path", "kzg.srs", "--logrows", str(rows), cwd=folder)
    run(EZKL, "setup", "--srs-path", "kzg.srs", cwd=folder)


def check_proofs(service, keys, folder, count):
    """So many clients at once; each proof is of its own input."""
    key = keys["team", "prove"]
    files = {name: service.send(read(folder, name), key) for name in ("model.compiled", "pk.key", "kzg.srs")}
    shape = json.loads(read(folder, "input.json"))["input_data"]

    def one(number):
        data = {"input_data": [[(index * 7 + number * 13) % 5 / 4 for index in range(len(list_))] for list_ in shape]}
        own = {**files, "input.json": service.send(json.dumps(data).encode(), key)}
        found = service.wait(service.recipe(COMMANDS, own, key), key)
        assert found["state"] == "done", found
        assert [file["path"] for file in found["files"]] == ["proof.json"], found["files"]
        status, proof, _ = service.ask("GET", f"/v1/recipes/{found['id']}/files/proof.json", key=key)
        assert status == 200 and hashlib.sha256(proof).hexdigest() == found["files"][0]["sha256"]
        place = tempfile.mkdtemp(dir=folder)
        with open(place + "/proof.json", "wb") as file:
            file.write(proof)
        with open(place + "/input.json", "w") as file:
            json.dump(data, file)
        said = run(EZKL, "verify", "--proof-path", place + "/proof.json", "--srs-path", "kzg.srs", "--input",
                   place + "/input.json", cwd=folder)
        assert "verified: true" in said

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(count)))


def check_published(service, keys, folder):
    """Lists in, lists out, as older clients have it."""
    key = keys["team", "prove"]
    names = ("model.compiled", "pk.key", "kzg.srs", "input.json")
    manifest = {name: {"sha256": service.send(read(folder, name), key)} for name in names}
    status, body, _ = service.ask("PUT", "/v1/artifacts/digits", json.dumps({"files": manifest}), key)
    assert status == 201 and json.loads(body)["version"] == 1, body
    assert service.ask("PUT", "/v1/artifacts/digits", json.dumps({"files": manifest}), key)[0] == 409
    assert service.ask("GET", "/v1/artifacts/digits", key=keys["others", "prove"])[0] == 404
    status, body, _ = service.ask("POST", "/recipe", json.dumps([{**c, "working_dir": "digits"} for c in COMMANDS]), key)
    assert status == 200, body
    recipe = json.loads(body)["id"]
    service.wait(recipe, key)
    results = json.loads(service.ask("GET", "/recipe/" + recipe, key=key)[1])
    assert [result["status"] for result in results] == ["Complete", "Complete"], results
    assert json.loads(results[1]["output"])["instances"], "the proof as text"
    status, body, _ = service.ask("POST", "/recipe", json.dumps([{"ezkl_command": {"Prove": {"witness": "none.json"}},
                                                                  "working_dir": "digits"}]), key)
    found = service.wait(json.loads(body)["id"], key)
    assert found["state"] == "failed" and found["class"] == "input" and "none.json" in found["detail"], found


def check_refusals(service, keys):
    good, reads, others = keys["team", "prove"], keys["team", "read"], keys["others", "prove"]
    blob = service.send(b"a secret model", good)
    paths = ["/v1/blobs/" + blob, "/v1/uploads/" + str(uuid.uuid4()), "/v1/artifacts", "/v1/artifacts/digits", "/v1/recipes",
             "/v1/recipes/" + str(uuid.uuid4()), "/v1/usage", "/v1/capacity", "/recipe", "/spell/x", "/nothing"]
    for path in paths:
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            for key in (None, "lk_" + "0" * 64, "x", good[:-1] + ("0" if good[-1] != "0" else "1")):
                status, body, headers = service.ask(method, path, b"{}", key)
                assert status == 401, (method, path, status)
                assert method == "HEAD" or headers["Content-Type"] == "application/problem+json"
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert service.ask(method, path, b"{}", reads)[0] == 403, (method, path)
    for method in ("GET", "HEAD", "DELETE"):
        assert service.ask(method, "/v1/blobs/" + blob, key=others)[0] == 404
    assert service.ask("GET", "/v1/blobs/" + blob, key=reads)[1] == b"a secret model"
    for path in ("/v1/blobs/../../etc/passwd", "/v1/blobs/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/v1/recipes/../ledger.db",
                 "/v1/artifacts/..%2f", "/v1/uploads/..", "//etc/passwd", "/v1/recipes/%00", "/v1/%zz"):
        assert service.ask("GET", path, key=good)[0] in (400, 404, 405), path
    status, body, _ = service.ask("POST", "/v1/recipes", json.dumps({"commands": COMMANDS, "files": {"x": "0" * 64}}), good)
    assert status == 422, body
    assert service.ask("POST", "/v1/recipes", b"[" * 100000, good)[0] == 400
    assert service.ask("POST", "/v1/recipes", json.dumps({"commands": COMMANDS, "memory": 1 << 43}), good)[0] == 422
    assert service.ask("PUT", "/v1/blobs/" + "0" * 64, b"other bytes", good)[0] == 409
    assert service.ask("POST", "/v1/recipes?callback_url=http://169.254.169.254/", json.dumps(COMMANDS), good)[0] == 400
    one = json.dumps({"commands": COMMANDS, "files": {"model.compiled": blob}})
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: service.ask("POST", "/v1/recipes", one, good, {"Idempotency-Key": "k"}), range(32)))
    assert len({json.loads(body)["id"] for _, body, _ in answers}) == 1, answers
    assert service.ask("POST", "/v1/recipes", json.dumps(COMMANDS), good, {"Idempotency-Key": "k"})[0] == 409


def check_connections(service, keys):
    """Slow and endless ones hold nobody up; a body behind a refusal is no request."""
    slow = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(500)]
    for peer in slow:
        peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    begin = time.monotonic()
    assert service.ask("GET", "/healthz")[0] == 200
    took = time.monotonic() - begin
    endless = socket.create_connection(("127.0.0.1", service.port))
    endless.settimeout(20)
    sent = 0
    try:
        while sent < 64 << 20:
            sent += endless.send(b"a" * 65536)
    except OSError:
        pass
    assert sent < 16 << 20, "an endless request line is cut off"
    hidden = socket.create_connection(("127.0.0.1", service.port))
    body = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    hidden.sendall(b"POST /v1/recipes HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    hidden.shutdown(socket.SHUT_WR)
    said = b""
    while part := hidden.recv(65536):
        said += part
    assert said.count(b"HTTP/1.1 ") == 1 and b" 401 " in said, said
    with open(f"/proc/{service.process.pid}/status") as file:
        resident = int(next(line for line in file if line.startswith("VmRSS")).split()[1]) / 1024
    print(f"/healthz beside 500 slow connections: {took * 1000:.0f} ms; the service has {resident:.0f} MiB")
    assert resident < 64
    for peer in slow:
        peer.close()


def check_upload(service, keys):
    """Broken off and resumed."""
    key, content = keys["team", "prove"], os.urandom(3 << 20)
    digest = hashlib.sha256(content).hexdigest()
    upload = json.loads(service.ask("POST", "/v1/uploads", json.dumps({"sha256": digest, "size": len(content)}), key)[1])["id"]
    peer = socket.create_connection(("127.0.0.1", service.port))
    peer.sendall((f"PATCH /v1/uploads/{upload} HTTP/1.1\r\nHost: x\r\nX-API-KEY: {key}\r\nUpload-Offset: 0\r\n"
                  f"Content-Length: {len(content)}\r\n\r\n").encode() + content[:1 << 20])
    time.sleep(0.3)
    peer.close()
    for _ in range(100):
        offset = int(service.ask("HEAD", "/v1/uploads/" + upload, key=key)[2]["Upload-Offset"])
        status, _, _ = service.ask("PATCH", "/v1/uploads/" + upload, content[offset:], key, {"Upload-Offset": str(offset)})
        if status == 204:
            break
        assert status == 409
        time.sleep(0.05)
    assert 0 < offset < len(content), offset
    assert service.ask("GET", "/v1/blobs/" + digest, key=key)[1] == content


def check_cancel(service, keys, folder):
    key = keys["team", "prove"]
    files = {"network.onnx": service.send(read(folder, "network.onnx"), key)}
    recipe = service.recipe([{"GenSrs": {"srs_path": "kzg.srs", "logrows": 22}}], files, key)
    time.sleep(0.5)
    assert service.ask("DELETE", "/v1/recipes/" + recipe, key=key)[0] in (200, 202)
    assert service.wait(recipe, key)["state"] == "cancelled"


def check_kills(service, keys, folder, step):
    """Killed behind every `step`th write, while recipes run: each ends, with one result."""
    key = keys["team", "prove"]
    service.start()
    names = ("model.compiled", "pk.key", "kzg.srs", "input.json")
    files = {name: service.send(read(folder, name), key) for name in names}
    wanted = {str(uuid.uuid4()) for _ in range(6)}
    ids, kills = {}, 0
    service.stop()
    for writes in range(1, 60, step):
        if not service.start(LILITH_DIES_BEHIND=str(writes)):
            kills += 1
            continue
        try:
            for name in wanted:  # a client that does not know what was heard sends again
                ids.setdefault(name, set()).add(service.recipe(COMMANDS, files, key, name))
            for name in wanted:
                service.wait(next(iter(ids[name])), key)
            break
        except (OSError, http.client.HTTPException):
            assert service.process.wait(10) == -signal.SIGKILL
            kills += 1
    if service.process.poll() is None:
        service.process.kill()
        service.process.wait()
    service.start()
    for name in wanted:
        ids.setdefault(name, set()).add(service.recipe(COMMANDS, files, key, name))
        assert len(ids[name]) == 1, "one recipe for a key"
        found = service.wait(next(iter(ids[name])), key)
        assert found["state"] == "done" and len(found["attempts"]) == 1 and len(found["files"]) == 1, found
    print(f"killed {kills} times, {len(wanted)} recipes done once each")
    assert kills > 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        make_model(folder)
        data = folder + "/service"
        keys = keys_of(data)
        service = Service(data)
        service.start()
        try:
            second = subprocess.run([LILITH, "serve", "--data", data, "--ezkl", EZKL, "--port", "0"], capture_output=True)
            assert second.returncode == 1 and b"another service" in second.stderr
            check_proofs(service, keys, folder, 8)
            check_published(service, keys, folder)
            check_refusals(service, keys)
            check_connections(service, keys)
            check_upload(service, keys)
            check_cancel(service, keys, folder)
            metrics = service.ask("GET", "/metrics")[1].decode()
            assert 'lilith_recipes{state="done"}' in metrics
            service.stop()
            check_kills(service, keys, folder, 5)
            service.stop()
            assert "whole" in run(LILITH, "check", "--data", data)
            log = open(data + ".log").read()
            for key in keys.values():
                assert key not in log and key[20:] not in log
            refused = subprocess.run([LILITH, "serve", "--data", data, "--ezkl", EZKL, "--listen", "0.0.0.0"], capture_output=True)
            assert refused.returncode == 2 and b"loopback" in refused.stderr
        finally:
            if service.process.poll() is None:
                service.process.kill()
    print("all as it must be")


if __name__ == "__main__":
    main()
