#!/usr/bin/env python3
"""The predictions of `ezkl table --cost` against profiles of `ezkl prove`: what the constants of circuit/cost.cpp come from.

usage: calibrate_cost.py PATH_TO_EZKL FOLDER[:ARGUMENTS] ...      (folders with network.onnx and input.json)

For every model: settings as gen-settings chooses them (or with the ARGUMENTS, like `net:-K 15`), one proof on one thread,
and for each part of the cost model the processor seconds that were predicted and measured. The last line gives the factor,
over all models, by which the constants of each part are off (least squares in the logarithm).
"""
import json
import math
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PARTS = ["commitments", "transforms", "quotient", "other"]
PART_OF = {"commit": "commitments", "random polynomial": "commitments", "coefficients": "transforms",
           "transforms": "transforms", "constraints": "quotient", "rows, transform back": "quotient",
           "combine cosets": "quotient"}


def run(engine, arguments, folder):
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    p = subprocess.run([engine, *arguments], cwd=folder, env=env, capture_output=True, text=True)
    if p.returncode != 0:
        sys.exit(f"{arguments[0]}: {p.stderr}")
    return p.stdout


def measured(trace):
    """Processor seconds by part of everything inside the phase `proof`, and of reading and filling what it needs."""
    phases = [e for e in trace["traceEvents"] if e["ph"] == "X" and e["tid"] == 0]
    seconds = dict.fromkeys(PARTS, 0.0)
    for e in phases:
        part = PART_OF.get(e["name"])
        if part:
            seconds[part] += e["args"]["cpu ms"] / 1000
    whole = sum(e["args"]["cpu ms"] / 1000 for e in phases if e["name"] in ("proof", "read setup and key, fill cells"))
    seconds["other"] = whole - sum(seconds.values())
    peak = max(e["args"]["peak MiB"] for e in phases)
    return seconds, peak


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    engine = os.path.abspath(sys.argv[1])
    logs = {part: [] for part in PARTS + ["sum"]}
    for spec in sys.argv[2:]:
        model, _, more = spec.partition(":")
        words = shlex.split(more)
        with tempfile.TemporaryDirectory() as folder:
            for name in ("network.onnx", "input.json"):
                shutil.copy(os.path.join(model, name), folder)
            table = run(engine, ["table", "--cost", *words], folder)
            run(engine, ["gen-settings", *words], folder)
            k = json.load(open(os.path.join(folder, "settings.json")))["run_args"]["logrows"]
            run(engine, ["compile-circuit"], folder)
            run(engine, ["gen-srs", "--srs-path", "kzg.srs", "--logrows", str(k)], folder)
            run(engine, ["setup", "--srs-path", "kzg.srs"], folder)
            run(engine, ["gen-witness"], folder)
            run(engine, ["prove", "--srs-path", "kzg.srs", "--check-mode", "unsafe", "--profile"], folder)
            got, peak = measured(json.load(open(os.path.join(folder, "profile.json"))))
            size = len(json.load(open(os.path.join(folder, "proof.json")))["proof"])
        line = re.search(r"predicted .*", table).group(0)
        numbers = dict(zip(["sum"] + PARTS, (float(v) for v in re.findall(r"[0-9]+\.[0-9]+", line))))
        memory, points, evaluations, predicted_size = (
            int(v) for v in re.search(r"(\d+) MiB .* (\d+) points and (\d+) evaluations \((\d+) bytes", table).groups())
        got["sum"] = sum(got.values())
        text = ""
        for part in ["sum"] + PARTS:
            text += f"  {part} {numbers[part]:.3f}/{got[part]:.3f}"
            if numbers[part] >= 0.003 and got[part] >= 0.003:
                logs[part].append(math.log(got[part] / numbers[part]))
        print(f"{os.path.basename(model):22} k={k:2}{text}  MiB {memory}/{peak:.0f}  proof {predicted_size}/{size}",
              flush=True)
    print("measured / predicted: " + ", ".join(
        f"{part} x{math.exp(sum(v) / len(v)):.2f}" for part, v in logs.items() if v))


if __name__ == "__main__":
    main()
