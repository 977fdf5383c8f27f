#!/usr/bin/env python3
"""Writes outputs.json: what ONNX Runtime computes for the example models on their input.json.

Needs the PyPI packages onnxruntime and numpy. Run it again after an example was trained anew.
"""
import json
import os

import numpy as np
import onnxruntime

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, "..", "..", "..", "examples", "models")
TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(double)": np.float64}

found = {}
for name in sorted(os.listdir(EXAMPLES)):
    folder = os.path.join(EXAMPLES, name)
    if not os.path.exists(folder + "/network.onnx"):
        continue
    session = onnxruntime.InferenceSession(folder + "/network.onnx")
    lists = json.load(open(folder + "/input.json"))["input_data"]
    feed = {i.name: np.array(x, TYPES[i.type]).reshape([d if isinstance(d, int) else 1 for d in i.shape])
            for i, x in zip(session.get_inputs(), lists)}
    # a ZipMap gives a list of {class: score}
    outputs = [[list(row.values()) for row in o] if isinstance(o, list) else o for o in session.run(None, feed)]
    found[name] = [np.asarray(o, np.float64).flatten().tolist() for o in outputs]
with open(HERE + "/outputs.json", "w") as f:
    json.dump(found, f)
