#!/usr/bin/env python3
"""Takes each example model from its file to a verified proof, and its stored test inputs through the circuit's arithmetic.

    run.py PATH_TO_EZKL [MODEL ...] [--samples N]

Needs Python alone. Says for each model how many of the test inputs the circuit classifies as the original library does; exit
status 1 when a step fails or the share is below --least (default 0.9).
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ARGS = {  # run arguments by model
    "gpt": ["--input-scale", "8", "--param-scale", "8"],
}


def signed(values):
    return [float(v) for v in values]


def answer(witness):
    """The class a witness stands for: an integer output as it is, else the position of the largest score."""
    outputs = [signed(o) for o in witness["pretty_elements"]["rescaled_outputs"]]
    if len(outputs) > 1 and len(outputs[0]) == 1:
        return int(outputs[0][0])
    return max(range(len(outputs[0])), key=lambda i: outputs[0][i])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("engine")
    p.add_argument("models", nargs="*")
    p.add_argument("--samples", type=int, default=16)
    p.add_argument("--least", type=float, default=0.9)
    a = p.parse_args()
    engine = os.path.abspath(a.engine)
    models = a.models or sorted(d for d in os.listdir(HERE) if os.path.exists(f"{HERE}/{d}/network.onnx"))
    bad = 0
    for name in models:
        folder = f"{HERE}/{name}"
        stored = json.load(open(f"{folder}/samples.json"))
        values, count = stored["input_data"][0], len(stored["classes"])
        width = len(values) // count
        inputs = [values[i * width:(i + 1) * width] for i in range(count)][:a.samples]
        classes = stored["classes"][:a.samples]
        with tempfile.TemporaryDirectory() as d:
            def ezkl(*words):
                done = subprocess.run([engine, *words], cwd=d, capture_output=True, text=True)
                if done.returncode != 0:
                    raise RuntimeError(f"{words[0]}: {done.stderr.strip()[-500:]}")

            try:
                ezkl("gen-settings", "-M", f"{folder}/network.onnx", "-D", f"{folder}/samples.json", *ARGS.get(name, []))
                ezkl("compile-model", "-M", f"{folder}/network.onnx")
                settings = json.load(open(f"{d}/settings.json"))
                ezkl("gen-srs", "--srs-path", "kzg.srs", "--logrows", str(settings["run_args"]["logrows"]))
                ezkl("setup", "--srs-path", "kzg.srs")
                same = 0
                for x, c in zip(inputs, classes):
                    json.dump({"input_data": [x]}, open(f"{d}/sample.json", "w"))
                    ezkl("gen-witness", "-D", "sample.json")
                    same += answer(json.load(open(f"{d}/witness.json"))) == c
                ezkl("gen-witness", "-D", f"{folder}/input.json")
                t = time.monotonic()
                ezkl("prove", "--srs-path", "kzg.srs")
                t = time.monotonic() - t
                ezkl("verify", "--srs-path", "kzg.srs")
                print(f"{name}: {settings['num_rows']} rows, k = {settings['run_args']['logrows']}, proved in {t:.1f} s and verified; "
                      f"{same} of {len(inputs)} test inputs classified as by the library", flush=True)
                bad += same < a.least * len(inputs)
            except RuntimeError as e:
                bad += 1
                print(f"{name}: FAILED {e}", flush=True)
    print(f"{len(models) - bad} of {len(models)} models hold")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
