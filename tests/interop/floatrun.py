#!/usr/bin/env python3
"""The float run against ONNX's own node tests and against onnxruntime.

    floatrun.py BUILD/tests/floatrun/floatrun_tool nodes
    floatrun.py BUILD/tests/floatrun/floatrun_tool models FOLDER…
    floatrun.py BUILD/tests/floatrun/floatrun_tool store tests/data/floatrun/node_tests.bin

Needs the PyPI packages onnx (1.23.2 at the time of writing) and onnxruntime (1.32). `nodes` runs every node test of the
package onnx whose inputs and outputs are tensors; `store` keeps two small ones of each operator. `models` looks for *.onnx below the folders, runs each on the input.json beside it, or on random
numbers, in onnxruntime without optimizations, and compares every output. Exceptions stand below, each with its reason;
any other difference ends with status 1.
"""
import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

# Node tests that the float run does not give, by the reason.
EXCEPTIONS = {
    "text, which no circuit holds": r"string|tfidf|regex|label_encoder|strnorm",
    "floats of 8 and 4 bits": r"FLOAT8|float8|FLOAT4|float4|e4m3fn|e5m2|e8m0|_blocked_asymmetric_fp",
    "integers of 4 and 2 bits, which are read as 8 bits": r"U?INT2|U?INT4$|uint4|int4|uint2|int2",
    "random or training": r"bernoulli|random|training_dropout|adagrad|adam|momentum|gradient|multinomial",
    "sequences, optional values, image files": r"sequence|optional|image_decoder|test_loop13_seq|test_loop16_seq|test_if_seq"
                                               r"|test_if_opt|identity_sequence",
    "regions whose number depends on the data": r"nonmaxsuppression",
    "bfloat16 is read as float32, so results keep more digits": r"bf16|bfloat16|BFLOAT16",
    "onnxruntime's coordinates, which other than the test's are those of whole lengths":
        r"resize_downsample_scales_(cubic|linear)_align_corners$",
}


def write(folder, model, inputs, outputs):
    data = os.path.join(folder, "test_data_set_0")
    os.makedirs(data)
    onnx.save(model, os.path.join(folder, "model.onnx"))
    for kind, arrays in (("input", inputs), ("output", outputs)):
        for i, a in enumerate(arrays):
            if a is None:
                continue
            t = a if isinstance(a, TensorProto) else numpy_helper.from_array(np.asarray(a))
            with open(os.path.join(data, f"{kind}_{i}.pb"), "wb") as f:
                f.write(t.SerializeToString())


def run_tool(tool, folders, tolerance):
    """{name: (verdict, why)}; a folder that ends the tool is run alone."""
    rows = {}
    for start in range(0, len(folders), 50):
        some = folders[start:start + 50]
        p = subprocess.run([tool, "--tolerance", str(tolerance), *some], capture_output=True, text=True)
        lines = [line.split("\t") for line in p.stdout.splitlines()]
        if p.returncode != 0:
            lines = []
            for folder in some:
                p = subprocess.run([tool, "--tolerance", str(tolerance), folder], capture_output=True, text=True)
                lines.append(p.stdout.rstrip("\n").split("\t") if p.returncode == 0
                             else [os.path.basename(folder), "crash", "0", f"status {p.returncode}"])
        rows.update({row[0]: (row[1], row[3]) for row in lines})
    return rows


def node_tests(root):
    from onnx.backend.test.case.node import collect_testcases
    left_out = 0
    for case in collect_testcases(None):
        if case.model is None or not case.data_sets:
            continue
        inputs, outputs = case.data_sets[0]
        if any(isinstance(a, (list, dict)) for a in [*inputs, *outputs]):
            left_out += 1
            continue
        try:
            write(os.path.join(root, case.name), case.model, inputs, outputs)
        except (TypeError, ValueError):
            left_out += 1
    base = os.path.join(os.path.dirname(onnx.__file__), "backend/test/data")
    for kind in ("pytorch-operator", "pytorch-converted", "simple"):
        for path in glob.glob(f"{base}/{kind}/test_*"):
            os.symlink(path, os.path.join(root, f"{kind}__{os.path.basename(path)}"))
    return left_out


def nodes(tool):
    with tempfile.TemporaryDirectory() as root:
        left_out = node_tests(root)
        folders = sorted(os.path.join(root, name) for name in os.listdir(root))
        half = [f for f in folders if re.search(r"fp16|FLOAT16|float16|softmax_precision", f)]
        rows = run_tool(tool, [f for f in folders if f not in half], 2e-4)
        rows.update(run_tool(tool, half, 2e-3))
    passed = sum(v[0] == "pass" for v in rows.values())
    reasons, unexplained = {}, []
    for name, (verdict, why) in sorted(rows.items()):
        if verdict == "pass":
            continue
        reason = next((r for r, pattern in EXCEPTIONS.items() if re.search(pattern, name)), None)
        if reason is None:
            unexplained.append((name, verdict, why))
        else:
            reasons.setdefault(reason, []).append(name)
    print(f"{len(rows)} node tests of tensors ({left_out} others): {passed} equal")
    for reason, names in reasons.items():
        print(f"  {len(names):4} {reason}")
    for name, verdict, why in unexplained:
        print(f"  {verdict}: {name}: {why}")
    return not unexplained


def store(tool, out, most=2, largest=6000):
    """Entries of a name, a model, inputs and outputs: counts and lengths are 32 bits, least significant first."""
    def piece(data):
        return len(data).to_bytes(4, "little") + data

    kept, seen = [], {}
    with tempfile.TemporaryDirectory() as root:
        node_tests(root)
        folders = sorted(os.path.join(root, name) for name in os.listdir(root))
        passing = {n for n, v in run_tool(tool, folders, 2e-4).items() if v[0] == "pass"}
        entries = []
        for folder in folders:
            name = os.path.basename(folder)
            if name not in passing or name.endswith("_expanded") or "expanded_ver" in name:
                continue
            model = onnx.load(os.path.join(folder, "model.onnx"))
            data = os.path.join(folder, "test_data_set_0")
            entry = piece(name.encode()) + piece(model.SerializeToString())
            for kind in ("input", "output"):
                count = len(model.graph.input if kind == "input" else model.graph.output)
                entry += count.to_bytes(4, "little")
                for i in range(count):
                    path = os.path.join(data, f"{kind}_{i}.pb")
                    entry += piece(open(path, "rb").read() if os.path.exists(path) else b"")
            entries.append((len(entry), name, "+".join(sorted({n.op_type for n in model.graph.node})), entry))
    for size, name, ops, entry in sorted(entries):
        if size <= largest and seen.get(ops, 0) < most:
            seen[ops] = seen.get(ops, 0) + 1
            kept.append((name, entry))
    with open(out, "wb") as f:
        for _, entry in sorted(kept):
            f.write(entry)
    print(f"{len(kept)} node tests of {len(seen)} operators, {sum(len(e) for _, e in kept)} bytes")
    return True


NUMPY = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16,
         "tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(int16)": np.int16, "tensor(int8)": np.int8,
         "tensor(uint8)": np.uint8, "tensor(uint16)": np.uint16, "tensor(uint32)": np.uint32,
         "tensor(uint64)": np.uint64, "tensor(bool)": bool}


def flat(x):
    return [y for part in x for y in flat(part)] if isinstance(x, list) else [x]


def inputs_of(session, model_path, seed):
    """From the input.json beside the model where its lists fit, else random."""
    rng = np.random.default_rng(seed)
    beside = os.path.join(os.path.dirname(model_path), "input.json")
    lists = None
    if os.path.exists(beside):
        lists = json.load(open(beside))["input_data"]
    feeds = {}
    for i, spec in enumerate(session.get_inputs()):
        shape = [d if isinstance(d, int) and d >= 0 else 1 for d in spec.shape]
        kind = NUMPY[spec.type]
        given = flat(lists[i]) if lists is not None and i < len(lists) else None
        count = int(np.prod(shape, dtype=np.int64))
        if given is not None and len(given) != count:
            free = [k for k, d in enumerate(spec.shape) if not (isinstance(d, int) and d >= 0)]
            rest = int(np.prod([d for k, d in enumerate(shape) if k not in free], dtype=np.int64))
            if len(free) and len(given) % rest == 0:
                shape[free[-1]] = len(given) // rest
                count = len(given)
        if given is not None and len(given) == count and not any(isinstance(v, str) for v in given):
            feeds[spec.name] = np.array(given).astype(kind).reshape(shape)
        elif np.issubdtype(kind, np.floating):
            feeds[spec.name] = rng.standard_normal(shape).astype(kind)
        else:
            feeds[spec.name] = rng.integers(0, 2, shape).astype(kind)
    return feeds


def as_arrays(values, model):
    """Maps of ZipMap become their probabilities, texts their positions among the labels."""
    labels = []
    for node in model.graph.node:
        for a in node.attribute:
            if a.name == "classlabels_strings":
                labels = [s.decode() for s in a.strings]
    out = []
    for v in values:
        if isinstance(v, list):
            v = np.array([list(row.values()) for row in v], dtype=np.float32)
        if v.dtype == object:
            v = np.array([labels.index(s) for s in v.flatten()], dtype=np.int64).reshape(v.shape)
        out.append(v)
    return out


def models(tool, folders, seed):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    good, total, left_out = 0, 0, []
    paths = sorted(p for f in folders for p in glob.glob(os.path.join(f, "**", "*.onnx"), recursive=True))
    for path in paths:
        name = os.path.relpath(path, os.path.commonpath(paths) if len(paths) > 1 else os.path.dirname(path))
        try:
            session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            feeds = inputs_of(session, path, seed)
            model = onnx.load(path)
            outputs = as_arrays(session.run(None, feeds), model)
        except Exception as e:
            left_out.append((name, str(e).splitlines()[0][:150]))
            continue
        total += 1
        with tempfile.TemporaryDirectory() as root:
            folder = os.path.join(root, "case")
            own = {i.name for i in model.graph.initializer}
            names = [i.name for i in model.graph.input]
            write(folder, model, [feeds.get(n) if n not in own or n in feeds else None for n in names], outputs)
            verdict, why = run_tool(tool, [folder], 1e-4)["case"]
        if verdict == "unsupported" and "result is random" in why:
            left_out.append((name, why))
            total -= 1
            continue
        good += verdict == "pass"
        if verdict != "pass":
            print(f"  {verdict}: {name}: {why}", flush=True)
    print(f"{good} of {total} models as onnxruntime has them; {len(left_out)} without a result of onnxruntime that could be compared")
    for name, why in left_out:
        print(f"  {name}: {why}")
    return good == total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("what", choices=["nodes", "models", "store"])
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    tool = os.path.abspath(args.tool)
    if args.what == "nodes":
        ok = nodes(tool)
    elif args.what == "store":
        ok = store(tool, args.folders[0])
    else:
        ok = models(tool, args.folders, args.seed)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
