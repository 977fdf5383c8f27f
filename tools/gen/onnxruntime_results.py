"""Writes tests/data/onnxruntime/op_vectors.json: what onnxruntime computes for each operator vector of a folder, and
whether the published package's own outputs there are the same, differ, or do not exist.

Needs the PyPI packages onnxruntime (1.32.0 at the time of writing) and numpy.

    python3 tools/gen/onnxruntime_results.py ../shared/vectors/ops > tests/data/onnxruntime/op_vectors.json
"""
import json
import os
import sys

import numpy as np
import onnxruntime

TYPES = {"float": np.float32, "double": np.float64, "float16": np.float16, "bool": bool, "int64": np.int64,
         "int32": np.int32, "int16": np.int16, "int8": np.int8, "uint8": np.uint8}
# Far from what quantization at scale 7 does to most operators; tests/onnx/onnxruntime_test.cpp has the same number.
TOLERANCE = 0.05


def run(folder):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"), options)
    with open(os.path.join(folder, "input.json")) as f:
        data = json.load(f)["input_data"]
    feed = {}
    for node, values in zip(session.get_inputs(), data):
        shape = [extent if isinstance(extent, int) else 1 for extent in node.shape]
        feed[node.name] = np.array(values).astype(TYPES[node.type[len("tensor("):-1]]).reshape(shape)
    return [np.asarray(output).astype(float).flatten() for output in session.run(None, feed)]


def compare(folder, outputs):
    witness = os.path.join(folder, "witness.json")
    if not os.path.exists(witness):
        return "refused"
    with open(witness) as f:
        published = json.load(f)["pretty_elements"]["rescaled_outputs"]
    for have, want in zip(published, outputs):
        have = np.array([{"true": 1.0, "false": 0.0}.get(v, v) for v in have], dtype=float)
        if have.shape != want.shape or not np.all(np.isfinite(want)):
            return "differs"
        if np.any(np.abs(have - want) > TOLERANCE * (1 + np.abs(want))):
            return "differs"
    return "equal"


def main():
    root = sys.argv[1]
    lines = []
    for name in sorted(os.listdir(root)):
        folder = os.path.join(root, name)
        if not os.path.exists(os.path.join(folder, "input.json")):
            continue
        outputs = run(folder)
        rounded = [[float(f"{v:.9g}") if np.isfinite(v) else str(v) for v in output] for output in outputs]
        case = {"outputs": rounded, "published": compare(folder, outputs)}
        lines.append(f" {json.dumps(name)}: {json.dumps(case)}")
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
