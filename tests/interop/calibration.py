#!/usr/bin/env python3
"""Calibrates models with this program and with the published package on the same data: writes docs/calibration.md.

usage: calibration.py PATH_TO_EZKL FOLDER_OF_MODELS [MODEL ...] [--target resources] [--out FILE]

Needs Python with ezkl==23.0.5, onnxruntime and numpy. Both calibrate with their defaults from their own default
settings. The errors of both are measured alike: the witness's outputs against ONNX Runtime's, on the model's input.json.
Exit status 1 when ours needs a larger k or has a larger error (by more than a tenth).
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

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = ["1l_mlp", "1l_sigmoid", "1l_gelu_noappx", "1l_softmax", "softplus", "gru", "lstm", "layernorm", "ltsf", "4l_relu_conv_fc",
          "2l_relu_sigmoid_conv", "lightgbm", "xgboost", "lenet_5"]
HEAD = """# Calibration

`calibrate-settings` by this program and by the published package 23.0.5, each from its own default settings, with its default
candidates and target `{target}`, on the same data. The error is the mean distance of the circuit's outputs from ONNX Runtime's,
measured alike for both on the same input. Input and parameters are private, the output public.

Written by `tests/interop/calibration.py`.

| model | k, published | k, ours | rows, published | rows, ours | scales, published | scales, ours | mean error, published | mean error, ours |
|---|---:|---:|---:|---:|---|---|---:|---:|
"""
NATIVE = """
import ezkl, sys
ra = ezkl.PyRunArgs()
ra.input_visibility, ra.output_visibility, ra.param_visibility = "private", "public", "private"
ezkl.gen_settings("network.onnx", "settings.json", py_run_args=ra)
ezkl.calibrate_settings("input.json", "network.onnx", "settings.json", sys.argv[1])
ezkl.compile_circuit("network.onnx", "model.compiled", "settings.json")
ezkl.gen_witness("input.json", "model.compiled", "witness.json")
"""
TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(double)": np.float64, "tensor(bool)": bool}


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:2])}: {done.stderr[-300:]}")


def float_outputs(folder):
    session = onnxruntime.InferenceSession(folder + "/network.onnx")
    lists = json.load(open(folder + "/input.json"))["input_data"]
    feed = {i.name: np.array(x).astype(TYPES[i.type]).reshape([d if isinstance(d, int) else 1 for d in i.shape])
            for i, x in zip(session.get_inputs(), lists)}
    return [np.asarray(o, np.float64).flatten() for o in session.run(None, feed)]


def signed(felt):
    q = 0x30644E72E131A029B85045B68181585D2833E84879B9709143E1F593F0000001
    v = int.from_bytes(bytes.fromhex(felt), "little")
    return v if v < q // 2 else v - q


def measured(folder):
    settings = json.load(open(folder + "/settings.json"))
    witness = json.load(open(folder + "/witness.json"))
    errors = []
    for felts, scale, want in zip(witness["outputs"], settings["model_output_scales"], float_outputs(folder)):
        errors += list(np.abs(np.array([signed(f) / 2 ** scale for f in felts]) - want))
    a = settings["run_args"]
    return dict(k=a["logrows"], rows=settings["num_rows"], error=float(np.mean(errors)),
                scales=f"{a['input_scale']} / {a['param_scale']} x{a['scale_rebase_multiplier']}")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("engine")
    p.add_argument("folder")
    p.add_argument("models", nargs="*")
    p.add_argument("--target", default="resources")
    p.add_argument("--out", default=os.path.join(HERE, "..", "..", "docs", "calibration.md"))
    a = p.parse_args()
    engine, text, worse = os.path.abspath(a.engine), HEAD.format(target=a.target), []
    for name in a.models or MODELS:
        found = {}
        for who in ("published", "ours"):
            with tempfile.TemporaryDirectory() as d:
                for f in ("network.onnx", "input.json"):
                    shutil.copy(os.path.join(a.folder, name, f), d)
                try:
                    if who == "published":
                        run([sys.executable, "-c", NATIVE, a.target], d)
                    else:
                        run([engine, "gen-settings", "--param-visibility", "private"], d)
                        run([engine, "calibrate-settings", "-D", "input.json", "--target", a.target], d)
                        run([engine, "compile-model"], d)
                        run([engine, "gen-witness"], d)
                    found[who] = measured(d)
                except RuntimeError as e:
                    print(name, who, e, flush=True)
        t, o = found.get("published"), found.get("ours")
        if o is None or (t and (o["k"] > t["k"] or o["error"] > 1.1 * t["error"] + 1e-9)):
            worse.append(name)
        print(name, t, o, flush=True)
        row = [name]
        for key, form in (("k", "{}"), ("rows", "{:,}"), ("scales", "{}"), ("error", "{:.3g}")):
            row += [form.format(x[key]) if x else "fails" for x in (t, o)]
        text += "| " + " | ".join(row) + " |\n"
    with open(a.out, "w") as f:
        f.write(text)
    print(f"ours is worse on {len(worse)}: {' '.join(worse)}")
    sys.exit(bool(worse))


if __name__ == "__main__":
    main()
