#!/usr/bin/env python3
"""Errors of default settings against onnxruntime: ours (gen-settings) and the published package's (calibrated).

usage: default_accuracy.py PATH_TO_EZKL FOLDER ... [--samples 16]      (folders with network.onnx and input.json)

Each side makes its own settings from input.json; then both run the quantized model on the sample of input.json and on
others around it, and the outputs are compared with the floats of onnxruntime. Printed are the mean and the largest absolute error
over all samples and outputs. Needs Python with `ezkl==23.0.5`, `onnx`, `onnxruntime` and `numpy`.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime


def published(body, folder):
    p = subprocess.run([sys.executable, "-c", "import ezkl, json\n" + body], cwd=folder, capture_output=True, text=True)
    if p.returncode != 0:
        sys.exit(p.stderr[-800:])


def ours(engine, folder, *arguments):
    p = subprocess.run([engine, *arguments], cwd=folder, capture_output=True, text=True)
    if p.returncode != 0:
        sys.exit(f"{arguments[0]}: {p.stderr}")


def samples(data, count):
    """The given input, then others: every value times a factor between -1.2 and 1.2 where all are fractions, else kept."""
    rng = np.random.default_rng(1)
    yield data
    fractions = all(isinstance(v, float) for group in data for v in group)
    for _ in range(count - 1 if fractions else 0):
        yield [[float(v * rng.uniform(-1.2, 1.2)) for v in group] for group in data]


def floats(session, data):
    feeds = {}
    for slot, values in zip(session.get_inputs(), data):
        shape = [d if isinstance(d, int) else 1 for d in slot.shape]
        kind = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(double)": np.float64,
                "tensor(bool)": bool, "tensor(int32)": np.int32}[slot.type]
        feeds[slot.name] = np.asarray(values, dtype=kind).reshape(shape)
    return [np.asarray(v, dtype=np.float64).ravel() for v in session.run(None, feeds)]


def outputs(folder):
    rescaled = json.load(open(os.path.join(folder, "witness.json")))["pretty_elements"]["rescaled_outputs"]
    return [np.asarray([float(v) for v in group]) for group in rescaled]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("engine")
    p.add_argument("models", nargs="+")
    p.add_argument("--samples", type=int, default=16)
    a = p.parse_args()
    engine = os.path.abspath(a.engine)
    for model in a.models:
        with tempfile.TemporaryDirectory() as theirs, tempfile.TemporaryDirectory() as mine:
            for folder in (theirs, mine):
                for name in ("network.onnx", "input.json"):
                    shutil.copyfile(os.path.join(model, name), os.path.join(folder, name))
            published("a = ezkl.PyRunArgs()\n"
                      "a.input_visibility = a.param_visibility = 'private'; a.output_visibility = 'public'\n"
                      "ezkl.gen_settings('network.onnx', 'settings.json', py_run_args=a)\n"
                      "ezkl.calibrate_settings('input.json', 'network.onnx', 'settings.json', 'resources')\n"
                      "ezkl.compile_circuit('network.onnx', 'model.compiled', 'settings.json')\n", theirs)
            ours(engine, mine, "gen-settings", "--param-visibility", "private")
            ours(engine, mine, "compile-circuit")
            session = onnxruntime.InferenceSession(os.path.join(model, "network.onnx"))
            errors = {"ours": [], "published": []}
            data = json.load(open(os.path.join(model, "input.json")))["input_data"]
            for sample in samples(data, a.samples):
                expected = floats(session, sample)
                for folder in (theirs, mine):
                    json.dump({"input_data": sample}, open(os.path.join(folder, "input.json"), "w"))
                published("ezkl.gen_witness('input.json', 'model.compiled', 'witness.json')\n", theirs)
                ours(engine, mine, "gen-witness")
                for name, folder in (("ours", mine), ("published", theirs)):
                    got = outputs(folder)
                    errors[name] += [np.abs(g - e) for g, e in zip(got, expected)]
            scales = [json.load(open(os.path.join(f, "settings.json")))["run_args"]["input_scale"]
                      for f in (mine, theirs)]
            text = "; ".join(f"{name} mean {np.concatenate(e).mean():.3g} largest {np.concatenate(e).max():.3g}"
                             for name, e in errors.items())
            print(f"{os.path.basename(model.rstrip('/')):22} {text}  (scales {scales[0]}, {scales[1]})", flush=True)


if __name__ == "__main__":
    main()
