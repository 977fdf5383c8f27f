#!/usr/bin/env python3
"""Rows of every model, ours and the published package's, at the same run arguments: writes docs/models.md.

usage: rows.py PATH_TO_EZKL FOLDER_OF_MODELS [--out FILE] [--proved LOG]

Needs Python with ezkl==23.0.5. FOLDER_OF_MODELS holds a folder a model with network.onnx; models.json beside this script
gives the arguments. --proved takes what an interoperability check printed (a line a model with the outcome of either
direction), for the last column. Exit status 1 when a model of ours has more rows.
"""
import argparse
import json
import math
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = """# Models

Rows are what proving costs. The table counts the rows of {count} public models with private input and parameters and a public
output, at the same run arguments (`tests/interop/models.json`) with this program and with the published package 23.0.5. `k` is
the smallest logrows at which all rows, tables and range checks fit one block of columns. *Proved* says which way a proof was
made and accepted: **both**: by the published package and verified here, by this program with the published package's settings
and keys of its own, and by this program with its own settings, each verified by the published package; **ours**: by this
program with its own settings.

Written by `tests/interop/rows.py`.

| model | rows, published | rows, ours | ratio | k, published | k, ours | proved |
|---|---:|---:|---:|---:|---:|---|
"""
NATIVE = """
import ezkl, json, shlex, sys
ra = ezkl.PyRunArgs()
ra.input_visibility, ra.output_visibility, ra.param_visibility = "private", "public", "private"
words = shlex.split(sys.argv[1])
while words:
    name, _, value = words.pop(0).partition("=")
    value = value or words.pop(0)
    name = name[2:].replace("-", "_")
    setattr(ra, name, tuple(int(x) for x in value.split("->")) if name == "lookup_range" else int(value))
ezkl.gen_settings("network.onnx", "settings.json", py_run_args=ra)
"""


def least_k(settings):
    tables = settings["run_args"]["lookup_range"] if settings["required_lookups"] else [0, 0]
    longest = max([settings["num_rows"], tables[1] - tables[0] + 1] +
                  [high - low + 1 for low, high in settings["required_range_checks"]])
    return math.ceil(math.log2(longest + 7))


def settings_by(command, folder):
    with tempfile.TemporaryDirectory() as d:
        os.symlink(os.path.abspath(folder) + "/network.onnx", d + "/network.onnx")
        if os.path.exists(folder + "/input.json"):
            os.symlink(os.path.abspath(folder) + "/input.json", d + "/input.json")
        done = subprocess.run(command, cwd=d, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-300:])
        return json.load(open(d + "/settings.json"))


def outcomes(path):
    found = {}
    for line in open(path) if path else []:
        name, _, rest = line.partition(" ")
        if rest.startswith("{"):
            fine = [way for way in ("native", "ours") if f"'{way}': 'ok" in rest]
            if "ours" in fine and "FAILED" not in rest:
                found[name] = "both" if "native" in fine else "ours"
    return found


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("engine")
    p.add_argument("models")
    p.add_argument("--out", default=os.path.join(HERE, "..", "..", "docs", "models.md"))
    p.add_argument("--proved")
    a = p.parse_args()
    engine, proved, worse = os.path.abspath(a.engine), outcomes(a.proved), []
    arguments = json.load(open(HERE + "/models.json"))
    text = HEAD.format(count=len(arguments))
    for name in sorted(arguments, key=str.lower):
        folder = os.path.join(a.models, name)
        mine = settings_by([engine, "gen-settings", "--param-visibility", "private", *shlex.split(arguments[name])], folder)
        theirs = settings_by([sys.executable, "-c", NATIVE, arguments[name]], folder)
        rows, others = mine["num_rows"], theirs["num_rows"]
        if rows > others:
            worse.append(name)
        text += (f"| {name} | {others:,} | {rows:,} | {others / max(rows, 1):.1f} | {least_k(theirs)} | {least_k(mine)} | "
                 f"{proved.get(name, '')} |\n")
        print(name, others, rows, flush=True)
    with open(a.out, "w") as f:
        f.write(text)
    print(f"ours has more rows on {len(worse)} of {len(arguments)} models: {' '.join(worse)}")
    sys.exit(bool(worse))


if __name__ == "__main__":
    main()
