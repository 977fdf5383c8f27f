"""Writes tests/data/nodes/seeds.json: a valid node of every ONNX operator that the program has, for tests that break
them. Most are the richest small case of ONNX's own node tests (Apache-2.0); some are made here. Nodes
with subgraphs are left out.

Needs the PyPI package onnx (1.23.2 at the time of writing).

    python3 tools/gen/node_seeds.py docs/operators.md > tests/data/nodes/seeds.json
"""
import json
import re
import sys
import warnings

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Inputs that exporters store in the model rather than compute.
CONSTANTS = {
    "Reshape": [1], "Slice": [1, 2, 3, 4], "Pad": [1, 2, 3], "Tile": [1], "Expand": [1], "Squeeze": [1],
    "Unsqueeze": [1], "TopK": [1], "OneHot": [1, 2], "Resize": [1, 2, 3], "Upsample": [1], "Clip": [1, 2],
    "Range": [0, 1, 2], "ConstantOfShape": [0], "Split": [1], "Trilu": [1], "CumSum": [1], "CumProd": [1],
    "Dropout": [1, 2], "CenterCropPad": [1], "AffineGrid": [1], "BlackmanWindow": [0], "HannWindow": [0],
    "HammingWindow": [0], "DFT": [1, 2], "STFT": [1, 2, 3], "MelWeightMatrix": [0, 1, 2, 3, 4], "Col2Im": [1, 2],
    "BatchNormalization": [1, 2, 3, 4], "Compress": [1], "NonZero": [0], "MaxUnpool": [2], "ReverseSequence": [1],
    "QuantizeLinear": [1, 2], "DynamicQuantizeLinear": [0], "DequantizeLinear": [1, 2], "QLinearConv": [1, 2, 3, 4, 5, 6, 7, 8],
    "QLinearMatMul": [1, 2, 4, 5, 6, 7], "ConvInteger": [2, 3], "MatMulInteger": [2, 3], "Conv": [1, 2],
    "ConvTranspose": [1, 2], "LSTM": [1, 2, 3, 4, 5, 6, 7], "GRU": [1, 2, 3, 4, 5], "RNN": [1, 2, 3, 4, 5],
    }
for reduced in ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare"):
    CONSTANTS["Reduce" + reduced] = [1]

TYPES = {TensorProto.FLOAT: "float32", TensorProto.DOUBLE: "float64", TensorProto.FLOAT16: "float16",
         TensorProto.BOOL: "bool", TensorProto.INT8: "int8", TensorProto.INT16: "int16", TensorProto.INT32: "int32",
         TensorProto.INT64: "int64", TensorProto.UINT8: "uint8", TensorProto.UINT16: "uint16",
         TensorProto.UINT32: "uint32", TensorProto.UINT64: "uint64"}
MOST_ELEMENTS = 600


def number(x):
    return round(float(x), 5)


def tensor(array, with_data):
    kind = TYPES[helper.np_dtype_to_tensor_dtype(array.dtype)]
    out = {"type": kind, "shape": list(array.shape)}
    if with_data:
        out["data"] = [number(x) for x in array.flatten()]
    return out


def attribute(a):
    kind = onnx.AttributeProto
    value = helper.get_attribute_value(a)
    if a.type == kind.TENSOR:
        return {"tensor": tensor(numpy_helper.to_array(value), True)}
    if a.type == kind.STRING:
        return {"text": value.decode()}
    if a.type == kind.STRINGS:
        return {"texts": [v.decode() for v in value]}
    names = {kind.INT: "integer", kind.FLOAT: "real", kind.INTS: "integers", kind.FLOATS: "reals"}
    return {names[a.type]: [number(v) for v in value] if a.type == kind.FLOATS else
            list(value) if a.type == kind.INTS else number(value) if a.type == kind.FLOAT else value}


def other_attributes(node, opset):
    """Names and kinds of the attributes that the node could have besides."""
    kinds = {"INT": "integer", "FLOAT": "real", "STRING": "text", "INTS": "integers", "FLOATS": "reals",
             "STRINGS": "texts", "TENSOR": "tensor"}
    schema = onnx.defs.get_schema(node.op_type, opset, node.domain)
    used = {a.name for a in node.attribute}
    return {name: kinds[a.type.name] for name, a in schema.attributes.items() if a.type.name in kinds and name not in used}


def seed(node, opset, arrays):
    if node.op_type == "Dropout" and len(arrays) > 2:
        arrays = arrays[:2] + [np.zeros_like(arrays[2])]  # training is refused
    constants = CONSTANTS.get(node.op_type, [])
    values = iter(arrays)
    given = {}
    inputs = []
    for i, name in enumerate(node.input):
        if name and name not in given:
            given[name] = next(values)
        inputs.append(tensor(given[name], i in constants) if name else None)
    if next(values, None) is not None or sum(np.size(a) for a in arrays) > MOST_ELEMENTS:
        return None
    if any(np.size(a) == 0 for a in arrays):
        return None
    if any(a.name in ("training_mode", "output_dtype") for a in node.attribute):
        return None
    if not all(np.isfinite(np.asarray(a, dtype=float)).all() for a in arrays):
        return None
    return {"op": node.op_type, "domain": node.domain, "opset": opset, "inputs": inputs,
            "outputs": [bool(o) for o in node.output],
            "attributes": {a.name: attribute(a) for a in node.attribute}, "others": other_attributes(node, opset)}


def node_tests():
    from onnx.backend.test.case.node import collect_testcases
    for case in collect_testcases(None):
        if case.model is None or not case.data_sets or len(case.model.graph.node) != 1:
            continue
        node = case.model.graph.node[0]
        opsets = {o.domain: o.version for o in case.model.opset_import}
        try:
            yield seed(node, opsets[node.domain], [np.asarray(a) for a in case.data_sets[0][0]])
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # strings, sequences, subgraphs, types of 4 or 8 bits


TREE = {"nodes_falsenodeids": [2, 0, 0], "nodes_featureids": [1, 0, 0], "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"],
        "nodes_nodeids": [0, 1, 2], "nodes_treeids": [0, 0, 0], "nodes_truenodeids": [1, 0, 0],
        "nodes_values": [0.5, 0.0, 0.0], "nodes_hitrates": [1.0, 1.0, 1.0],
        "nodes_missing_value_tracks_true": [0, 0, 0]}
FEATURES = np.zeros((2, 3), dtype=np.float32)
ROWS = np.zeros((2, 3, 4), dtype=np.float32)
MADE = [
    ("Cast", "", {"to": TensorProto.INT32, "saturate": 1}, [ROWS], 1),
    ("CastLike", "", {"saturate": 1}, [ROWS, np.zeros(1, dtype=np.int32)], 1),
    ("BitCast", "", {"to": TensorProto.UINT32}, [np.zeros((2, 3), dtype=np.int32)], 1),
    ("Erf", "", {}, [ROWS], 1),
    ("IsInf", "", {"detect_negative": 1, "detect_positive": 0}, [ROWS], 1),
    ("IsNaN", "", {}, [ROWS], 1),
    ("LRN", "", {"alpha": 0.0002, "beta": 0.5, "bias": 2.0, "size": 3}, [ROWS], 1),
    ("Mish", "", {}, [ROWS], 1),
    ("Slice", "", {}, [ROWS] + [np.array(v) for v in ([0, 1], [2, 4], [1, 2], [1, 2])], 1),
    ("LabelEncoder", "ai.onnx.ml", {"keys_int64s": [1, 2, 3], "values_floats": [1.0, 2.5, 4.0], "default_float": 0.0},
     [np.zeros((2, 3), dtype=np.int64)], 1),
    ("GlobalLpPool", "", {"p": 2}, [np.zeros((1, 2, 3, 3), dtype=np.float32)], 1),
    ("FeatureVectorizer", "ai.onnx.ml", {"inputdimensions": [3, 3]}, [FEATURES, FEATURES], 1),
    ("Imputer", "ai.onnx.ml", {"imputed_value_floats": [1.0, 2.0, 3.0], "replaced_value_float": -1.0}, [FEATURES], 1),
    ("LinearClassifier", "ai.onnx.ml",
     {"classlabels_ints": [0, 1], "coefficients": [1.0, 2.0, 3.0, -1.0, 0.0, 1.0], "intercepts": [0.5, -0.5],
      "multi_class": 0, "post_transform": "SOFTMAX"}, [FEATURES], 2),
    ("LinearRegressor", "ai.onnx.ml",
     {"coefficients": [1.0, 2.0, 3.0], "intercepts": [0.5], "targets": 1, "post_transform": "NONE"}, [FEATURES], 1),
    ("Normalizer", "ai.onnx.ml", {"norm": "L2"}, [FEATURES], 1),
    ("OneHotEncoder", "ai.onnx.ml", {"cats_int64s": [0, 1, 5], "zeros": 1}, [np.zeros((2, 1), dtype=np.int64)], 1),
    ("SVMClassifier", "ai.onnx.ml",
     {"classlabels_ints": [0, 1], "coefficients": [1.0, -1.0], "kernel_params": [0.5, 0.0, 3.0], "kernel_type": "RBF",
      "post_transform": "NONE", "rho": [0.25], "support_vectors": [1.0, 0.0, 0.5, 0.0, 1.0, 0.5],
      "vectors_per_class": [1, 1]}, [FEATURES], 2),
    ("SVMRegressor", "ai.onnx.ml",
     {"coefficients": [1.0, -1.0], "kernel_params": [0.5, 0.0, 3.0], "kernel_type": "POLY", "n_supports": 2,
      "post_transform": "NONE", "rho": [0.25], "support_vectors": [1.0, 0.0, 0.5, 0.0, 1.0, 0.5]}, [FEATURES], 1),
    ("Scaler", "ai.onnx.ml", {"offset": [1.0, 2.0, 3.0], "scale": [0.5, 1.0, 2.0]}, [FEATURES], 1),
    ("TreeEnsembleClassifier", "ai.onnx.ml",
     dict(TREE, class_ids=[0, 1], class_nodeids=[1, 2], class_treeids=[0, 0], class_weights=[1.0, 1.0],
          classlabels_int64s=[0, 1], base_values=[0.0, 0.25], post_transform="NONE"), [FEATURES], 2),
    ("TreeEnsembleRegressor", "ai.onnx.ml",
     dict(TREE, target_ids=[0, 0], target_nodeids=[1, 2], target_treeids=[0, 0], target_weights=[1.0, -2.0],
          n_targets=1, base_values=[0.5], aggregate_function="SUM", post_transform="NONE"), [FEATURES], 1),
    ("FlexAttention", "ai.onnx.preview", {"scale": 0.5}, [np.zeros((1, 2, 3, 4), dtype=np.float32)] * 3, 1),
    ("ZipMap", "ai.onnx.ml", {"classlabels_int64s": [0, 1, 2]}, [FEATURES], 1),
]


def made():
    for op, domain, attributes, arrays, outputs in MADE:
        node = helper.make_node(op, [f"x{i}" for i in range(len(arrays))], [f"y{i}" for i in range(outputs)],
                                domain=domain, **attributes)
        yield seed(node, {"": 22, "ai.onnx.ml": 3, "ai.onnx.preview": 1}[domain] if op != "BitCast" else 26, arrays)


def main():
    with open(sys.argv[1]) as f:
        text = f.read()
    wanted = set(re.findall(r"^\| (ai\.onnx(?:\.ml|\.preview)?) \| (\w+) \| [\d, ]+ \| (?:converter|body)", text, re.M))
    best = {}
    warnings.simplefilter("ignore")
    own = list(made())
    made_here = {(s["domain"] or "ai.onnx", s["op"]) for s in own}
    for s in [s for s in node_tests() if s and (s["domain"] or "ai.onnx", s["op"]) not in made_here] + own:
        name = (s["domain"] or "ai.onnx", s["op"])
        size = sum(int(np.prod(i["shape"])) for i in s["inputs"] if i)
        richness = (len(s["attributes"]) + sum(i is not None for i in s["inputs"]), -size)
        if name in wanted and (name not in best or richness > best[name][0]):
            best[name] = (richness, s)
    print("[\n" + ",\n".join(json.dumps(best[name][1], sort_keys=True) for name in sorted(best)) + "\n]")
    for name in sorted(wanted - set(best)):
        print("no seed:", *name, file=sys.stderr)


if __name__ == "__main__":
    main()
