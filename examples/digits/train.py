"""Trains a small convolutional network on scikit-learn's handwritten digits and writes network.onnx and input.json.

Needs (from PyPI): numpy, scikit-learn, onnx. The weights are trained here, in numpy, by plain gradient descent:
conv 3x3 with 6 channels, ReLU, 2x2 max pooling, a fully connected layer to the 10 digits.

    python3 train.py [FOLDER]
"""
import json
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits

CHANNELS, SEED, EPOCHS, RATE, BATCH = 6, 7, 120, 0.1, 32


def windows(x):
    """[n, 8, 8] -> [n, 6, 6, 9]: every 3x3 patch."""
    return np.stack([x[:, i:i + 6, j:j + 6] for i in range(3) for j in range(3)], axis=-1)


def forward(p, x):
    patches = windows(x)
    conv = np.maximum(patches @ p["kernel"].T + p["bias"], 0)  # [n, 6, 6, c]
    blocks = conv.reshape(len(x), 3, 2, 3, 2, CHANNELS)
    pooled = blocks.max(axis=(2, 4))
    flat = pooled.transpose(0, 3, 1, 2).reshape(len(x), -1)
    return patches, conv, blocks, pooled, flat, flat @ p["weight"].T + p["offset"]


def gradients(p, x, y):
    patches, conv, blocks, pooled, flat, scores = forward(p, x)
    prob = np.exp(scores - scores.max(axis=1, keepdims=True))
    prob /= prob.sum(axis=1, keepdims=True)
    prob[np.arange(len(y)), y] -= 1
    prob /= len(y)
    g = {"weight": prob.T @ flat, "offset": prob.sum(axis=0)}
    d = (prob @ p["weight"]).reshape(len(x), CHANNELS, 3, 3).transpose(0, 2, 3, 1)
    mask = blocks == pooled[:, :, None, :, None, :]
    d = (mask * d[:, :, None, :, None, :]).reshape(conv.shape) * (conv > 0)
    g["kernel"] = np.einsum("nijc,nijk->ck", d, patches)
    g["bias"] = d.sum(axis=(0, 1, 2))
    return g


def train(x, y):
    rng = np.random.default_rng(SEED)
    p = {
        "kernel": rng.normal(0, 0.4, (CHANNELS, 9)), "bias": np.zeros(CHANNELS),
        "weight": rng.normal(0, 0.2, (10, CHANNELS * 9)), "offset": np.zeros(10),
    }
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for i in range(0, len(x), BATCH):
            part = order[i:i + BATCH]
            for name, d in gradients(p, x[part], y[part]).items():
                p[name] -= RATE * d
    return p


def export(p, path):
    def constant(name, value):
        return numpy_helper.from_array(np.asarray(value, dtype=np.float32), name)

    nodes = [
        helper.make_node("Conv", ["image", "kernel", "bias"], ["conv"], "conv", kernel_shape=[3, 3]),
        helper.make_node("Relu", ["conv"], ["relu"], "relu"),
        helper.make_node("MaxPool", ["relu"], ["pool"], "pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["pool"], ["flat"], "flatten"),
        helper.make_node("Gemm", ["flat", "weight", "offset"], ["scores"], "dense", transB=1),
    ]
    graph = helper.make_graph(
        nodes, "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 10])],
        [constant("kernel", p["kernel"].reshape(CHANNELS, 1, 3, 3)), constant("bias", p["bias"]),
         constant("weight", p["weight"]), constant("offset", p["offset"])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    data = load_digits()
    x, y = data.images / 16.0, data.target
    p = train(x[:1500], y[:1500])
    right = (forward(p, x[1500:])[-1].argmax(axis=1) == y[1500:]).mean()
    print(f"share of the {len(x) - 1500} test images that are read right: {right:.3f}")
    export(p, os.path.join(folder, "network.onnx"))
    with open(os.path.join(folder, "input.json"), "w") as f:
        json.dump({"input_data": [x[1500].reshape(-1).tolist()]}, f)
    print(f"the example input shows a {y[1500]}")


if __name__ == "__main__":
    main()
