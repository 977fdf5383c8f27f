#!/usr/bin/env python3
"""Time and memory of prove for one family of models at growing sizes, ours and the published package's, as a picture.

usage: prove_curve.py PATH_TO_EZKL [--published] [--k 12-18] [--json FILE] [--svg FILE]
       prove_curve.py --draw FILE.json --svg FILE

The family: one dense layer and a ReLU, s inputs and as many outputs, s chosen so that most of 2^k rows are used at
the published package's settings (both sides prove with that one settings file, parameters private). Needs Python with `onnx` and
`ezkl==23.0.5`, which makes the settings; with --published it also proves, with both threads. Ours proves with 1 and with 2
threads. Processor seconds, since they hardly depend on what else the machine does; wall seconds are kept in the file.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time


def size_of(k):
    """The largest s whose rows, s^2 / 2 for the products and 62 s for the rest, fit 90 % of 2^k."""
    s = 1
    while (s + 1) ** 2 / 2 + 62 * (s + 1) <= 0.9 * 2 ** k:
        s += 1
    return s


def write_model(folder, s):
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    rng = np.random.default_rng(s)
    weight = numpy_helper.from_array(rng.uniform(-0.5, 0.5, (s, s)).astype(np.float32), "weight")
    bias = numpy_helper.from_array(rng.uniform(-0.5, 0.5, s).astype(np.float32), "bias")
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["x", "weight", "bias"], ["y"]), helper.make_node("Relu", ["y"], ["z"])], "dense",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, s])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, s])], [weight, bias])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.save(model, os.path.join(folder, "network.onnx"))
    values = [float(v) for v in rng.uniform(-1, 1, s).astype(np.float32)]
    json.dump({"input_data": [values]}, open(os.path.join(folder, "input.json"), "w"))


def run(command, folder, threads=None):
    """(processor s, wall s, peak MiB) of one command."""
    env = dict(os.environ)
    if threads:
        env["OMP_NUM_THREADS"] = env["RAYON_NUM_THREADS"] = str(threads)
    log = os.path.join(folder, "log")
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=open(log, "wb"), stderr=subprocess.STDOUT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)[:80]}: exit {process.returncode}\n{open(log, errors='replace').read()[-800:]}")
    return used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss / 1024


def published(body, folder, threads=None):
    return run([sys.executable, "-c", "import ezkl, json\n" + body], folder, threads)


def measure(engine, k, with_published):
    with tempfile.TemporaryDirectory() as folder:
        s = size_of(k)
        write_model(folder, s)
        published(
            "a = ezkl.PyRunArgs()\n"
            f"a.logrows, a.decomp_base, a.decomp_legs = {k}, 1024, 3\n"
            "a.input_visibility = a.param_visibility = 'private'; a.output_visibility = 'public'\n"
            "ezkl.gen_settings('network.onnx', 'settings.json', py_run_args=a)\n", folder)
        point = {"k": k, "size": s, "rows": json.load(open(os.path.join(folder, "settings.json")))["num_rows"]}
        run([engine, "gen-srs", "--srs-path", "kzg.srs", "--logrows", str(k)], folder)
        run([engine, "compile-circuit"], folder)
        run([engine, "setup", "--srs-path", "kzg.srs"], folder)
        run([engine, "gen-witness"], folder)
        for threads in (1, 2):
            point[f"ours {threads}"] = run(
                [engine, "prove", "--srs-path", "kzg.srs", "--check-mode", "unsafe"], folder, threads)
        run([engine, "verify", "--srs-path", "kzg.srs"], folder)
        if with_published:
            published("ezkl.compile_circuit('network.onnx', 'model.compiled', 'settings.json')\n"
                      "ezkl.setup('model.compiled', 'vk.key', 'pk.key', 'kzg.srs')\n"
                      "ezkl.gen_witness('input.json', 'model.compiled', 'witness.json')\n", folder)
            point["published 2"] = published(
                "ezkl.prove('witness.json', 'model.compiled', 'pk.key', 'proof.json', 'kzg.srs')\n", folder, 2)
        return point


SERIES = [("published 2", "published package", "#c0504d"), ("ours 1", "ours, 1 thread", "#1f77b4"),
          ("ours 2", "ours, 2 threads", "#2ca02c")]


def panel(left, title, unit, points, value):
    """One chart with a logarithmic scale, 380 x 300, as lines of SVG."""
    ks = [p["k"] for p in points]
    values = {key: [(p["k"], value(p, key)) for p in points if key in p] for key, _, _ in SERIES}
    every = [v for pairs in values.values() for _, v in pairs]
    low, high = 1e9, 1e-9
    for v in every:
        low, high = min(low, v), max(high, v)
    bottom = top = 1.0
    while bottom > low:
        bottom /= 2
    while bottom * 2 <= low:
        bottom *= 2
    while top < high:
        top *= 2
    steps = round(math.log2(top / bottom))
    x = lambda k: left + 60 + (k - ks[0]) * 300 / max(1, ks[-1] - ks[0])
    y = lambda v: 270 - math.log2(v / bottom) * 220 / max(1, steps)
    out = [f'<text x="{left + 210}" y="24" text-anchor="middle" font-weight="bold">{title}</text>']
    for i in range(steps + 1):
        v = bottom * 2 ** i
        out.append(f'<line x1="{left + 60}" y1="{y(v):.1f}" x2="{left + 360}" y2="{y(v):.1f}" stroke="#ddd"/>')
        if steps <= 9 or i % 2 == 0:
            out.append(f'<text x="{left + 54}" y="{y(v) + 4:.1f}" text-anchor="end">{v:g}</text>')
    for k in ks:
        out.append(f'<text x="{x(k):.1f}" y="288" text-anchor="middle">{k}</text>')
    out.append(f'<text x="{left + 210}" y="306" text-anchor="middle">k (2^k rows); {unit}</text>')
    for key, _, colour in SERIES:
        if values[key]:
            line = " ".join(f"{x(k):.1f},{y(v):.1f}" for k, v in values[key])
            out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
            out += [f'<circle cx="{x(k):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for k, v in values[key]]
    return out


def draw(points, path):
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="800" height="345" font-family="sans-serif" font-size="12">',
           '<rect width="800" height="345" fill="white"/>']
    out += panel(0, "time to prove", "processor seconds", points, lambda p, key: p[key][0])
    out += panel(400, "peak memory a row", "KiB", points, lambda p, key: p[key][2] * 1024 / 2 ** p["k"])
    at = 150
    for key, name, colour in SERIES:
        if any(key in p for p in points):
            out.append(f'<rect x="{at}" y="322" width="14" height="10" fill="{colour}"/>')
            out.append(f'<text x="{at + 20}" y="332">{name}</text>')
            at += 190
    open(path, "w").write("\n".join(out + ["</svg>"]) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("engine", nargs="?")
    p.add_argument("--published", action="store_true")
    p.add_argument("--k", default="12-18")
    p.add_argument("--json")
    p.add_argument("--svg")
    p.add_argument("--draw", metavar="JSON")
    a = p.parse_args()
    if a.draw:
        points = json.load(open(a.draw))
    elif a.engine:
        first, last = (int(v) for v in a.k.split("-"))
        points = []
        for k in range(first, last + 1):
            points.append(measure(os.path.abspath(a.engine), k, a.published))
            print(json.dumps(points[-1]), flush=True)
            if a.json:
                json.dump(points, open(a.json, "w"), indent=1)
    else:
        p.error("PATH_TO_EZKL or --draw is needed")
    if a.svg:
        draw(points, a.svg)


if __name__ == "__main__":
    main()
