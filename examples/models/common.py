"""Shared by the training scripts: where a model goes and what is kept of its test set."""
import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def folder(name):
    path = os.path.join(HERE, name)
    os.makedirs(path, exist_ok=True)
    return path


def write(name, model_bytes, samples, classes, share):
    """Writes network.onnx, input.json (the first sample) and samples.json (all of them, one after the other).

    samples: array [count, …], one model input each; classes: what the library itself answers for each of them."""
    path = folder(name)
    with open(os.path.join(path, "network.onnx"), "wb") as f:
        f.write(model_bytes)
    flat = [np.asarray(s).reshape(-1).tolist() for s in samples]
    with open(os.path.join(path, "input.json"), "w") as f:
        json.dump({"input_data": [flat[0]]}, f)
    with open(os.path.join(path, "samples.json"), "w") as f:
        json.dump({"input_data": [sum(flat, [])], "classes": [int(c) for c in classes]}, f)
    print(f"{name}: {len(model_bytes)} bytes, right on {share:.3f} of the test set")
