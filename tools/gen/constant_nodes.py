"""Writes tests/data/nodes/constant_nodes.json: ONNX's own node tests (Apache-2.0) of one node, small and finite, with the
data of every input and output, for a test that makes every input an initializer.

Needs the PyPI package onnx (1.23.2 at the time of writing).

    python3 tools/gen/constant_nodes.py docs/operators.md > tests/data/nodes/constant_nodes.json
"""
import json
import re
import sys
import warnings

import numpy as np
from onnx import helper, numpy_helper

from node_seeds import TYPES, attribute

MOST_ELEMENTS = 80
NOT_FOLDED = re.compile("random|bernoulli|training|seed|dropout")


def number(x):
    """Exact, and as short as the type allows."""
    if isinstance(x, (bool, np.bool_, int, np.integer)):
        return int(x)
    return float(str(x)) if isinstance(x, np.floating) else float(f"{x:.9g}")


def tensor(array):
    return {"type": TYPES[helper.np_dtype_to_tensor_dtype(array.dtype)], "shape": list(array.shape),
            "data": [number(x) for x in array.flatten()]}


def exact(a):
    """An attribute with all its digits."""
    kind, value = next(iter(attribute(a).items()))
    given = helper.get_attribute_value(a)
    if kind == "tensor":
        value = tensor(numpy_helper.to_array(given))
    elif kind in ("real", "reals"):
        value = number(given) if kind == "real" else [number(v) for v in given]
    return {kind: value}


def cases(wanted):
    from onnx.backend.test.case.node import collect_testcases
    for case in collect_testcases(None):
        if case.model is None or not case.data_sets or len(case.model.graph.node) != 1 or NOT_FOLDED.search(case.name):
            continue
        node = case.model.graph.node[0]
        if (node.domain or "ai.onnx", node.op_type) not in wanted:
            continue
        opset = {o.domain: o.version for o in case.model.opset_import}[node.domain]
        try:
            ins, outs = ([np.asarray(a) for a in side] for side in case.data_sets[0])
            if sum(a.size for a in ins + outs) > MOST_ELEMENTS or not ins:
                continue
            if not all(np.isfinite(a.astype(float)).all() for a in ins + outs):
                continue
            given, values, inputs = {}, iter(ins), []
            for name in node.input:
                if name and name not in given:
                    given[name] = tensor(next(values))
                inputs.append(given[name] if name else None)
            results = iter(outs)
            yield {"case": case.name, "op": node.op_type, "domain": node.domain, "opset": opset, "inputs": inputs,
                   "outputs": [tensor(next(results)) if o else False for o in node.output],
                   "attributes": {a.name: exact(a) for a in node.attribute}}
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
            continue  # strings, sequences, subgraphs, types of 4 or 8 bits


def main():
    warnings.simplefilter("ignore")
    with open(sys.argv[1]) as f:
        text = f.read()
    wanted = set(re.findall(r"^\| (ai\.onnx(?:\.ml|\.preview)?) \| (\w+) \| [\d, ]+ \| (?:converter|body)", text, re.M))
    print("[\n" + ",\n".join(json.dumps(c, sort_keys=True) for c in cases(wanted)) + "\n]")


if __name__ == "__main__":
    main()
