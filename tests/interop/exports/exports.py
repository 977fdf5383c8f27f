#!/usr/bin/env python3
"""Models as the usual packages export them, by default settings, on real unscaled data: are the numbers right?

    exports.py BUILD/ezkl [--match REGEX] [--rows 60] [--write docs/exports.md] [--mock | --prove] [--cache FOLDER]

Needs the PyPI packages scikit-learn, skl2onnx, xgboost, lightgbm, catboost, onnxmltools, torch, onnxscript, onnx,
onnxruntime, statsmodels, vega_datasets and keras. Each model goes through gen-settings with its default flags and up
to 40 rows of data, compile-model, and a gen-witness for each row held out; the witness's outputs are compared with
those that onnxruntime gives for the model as it was exported. A row is right when its classes are the same and its
numbers are within 1 % and 2^-8 (a sixteenth of the output's largest where that is less). A row that is not, and that
gen-witness neither refused nor warned of, is a silent difference. `--cache` keeps the exported models; `--mock` and
`--prove` go on with one row.

Ends with status 1 after a silent difference, or when less than 99 % of a model's rows are right and it is not NAMED.
"""

import argparse
import dataclasses
import importlib
import json
import os
import pickle
import re
import resource
import signal
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import onnx

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from registry import EXACT, EXPORTS, Export, shuffled

MODULES = ["sklearn_models", "boosted_models", "torch_models", "quantized_models", "analytics_models", "keras_models"]
GIVEN = 40  # rows for gen-settings
STEP_SECONDS = 40  # CPU time of a step before it is ended
WITNESS_SECONDS = 8  # CPU time of a model's witnesses

# Models of whose rows less than 99 % are right, each with the reason.
DYNAMIC = "the circuit computes scales from the data, and the integer sums after them differ by more than is allowed"
NAMED = {
    **{f"{net} dynamic {kind}, digits": DYNAMIC for net in ("MLP", "CNN") for kind in ("int8", "uint8")},
    "LocalOutlierFactor, iris": "which of several neighbours at one distance counts, the last bit of a float decides",
    "KNNImputer, iris": "works on tensors of the rows that lack values; inputs of a circuit lack none",
    "regression by normal equations, cars": "the determinant cancels: half of the rows err by up to 1.3 %, and are warned of",
}


@dataclasses.dataclass
class Outcome:
    family: str
    name: str
    rows: int = 0  # that were run
    alike: int = 0  # every class the same; without classes: every number near
    near: int = 0  # every number near
    refused: int = 0
    warned: int = 0
    silent: int = 0
    absolute: float = 0
    relative: float = 0  # of elements larger than 2^-8
    k: int | None = None
    scale: str = ""
    settings_seconds: float = 0
    witness_seconds: float = 0
    note: str = ""
    proof: str = ""

    @property
    def right(self):
        return self.alike / self.rows if self.rows else 0


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Failed(Exception):
    pass


def run(command, folder, limit=STEP_SECONDS):
    """(standard error, CPU seconds). errors: Failed with the last line said."""
    before = cpu_seconds()
    p = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5)),
    )
    seconds = cpu_seconds() - before
    if p.returncode != 0:
        last = (p.stderr.strip().splitlines() or ["nothing said"])[-1]
        if p.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            last = f"ended after {limit} CPU s"
        raise Failed(f"{command[2]}: {'' if p.returncode == 1 else f'status {p.returncode}: '}{last}")
    return p.stderr, seconds


def made(name, cache):
    """The exported model, from the cache if it is there."""
    family, maker = EXPORTS[name]
    path = cache and os.path.join(cache, re.sub(r"\W+", "_", name) + ".pickle")
    if path and os.path.exists(path):
        with open(path, "rb") as f:
            bytes_, *rest = pickle.load(f)
        return Export(onnx.load_from_string(bytes_), *rest)
    out = maker()
    if path:
        with open(path, "wb") as f:
            pickle.dump((out.model.SerializeToString(), out.given, out.held_out, out.scores), f)
    return out


class Judge:
    """onnxruntime on the model as exported."""

    def __init__(self, model, scores):
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        self.session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.scores = scores
        self.texts = [
            s.decode()
            for node in model.graph.node
            for a in node.attribute
            if a.name in ("classlabels_strings", "cats_strings")
            for s in a.strings
        ]

    def shapes(self):
        return [[d if isinstance(d, int) else 1 for d in i.shape] for i in self.session.get_inputs()]

    def names(self):
        return [i.name for i in self.session.get_inputs()]

    def outputs(self, row):
        feeds = {n: x.reshape(s) for n, s, x in zip(self.names(), self.shapes(), row)}
        out = []
        for value in self.session.run(None, feeds):
            if isinstance(value, list):  # maps of ZipMap
                value = np.array([list(one.values()) for one in value], np.float32)
            if value.dtype == object:
                value = np.array([self.texts.index(text) for text in value.flatten()], np.int64)
            out.append(value)
        return out

    def compare(self, want, got):
        """(same classes, near numbers, largest absolute and relative error)"""
        alike = near = True
        absolute = relative = 0.0
        if len(want) != len(got):
            raise Failed(f"{len(got)} outputs, {len(want)} expected")
        for i, (w, g) in enumerate(zip(want, got)):
            if w.size != g.size:
                raise Failed(f"output {i} has {g.size} elements, {w.size} expected")
            label = w.dtype.kind in "iub"
            w, g = w.astype(np.float64).flatten(), g.flatten()
            error = np.abs(w - g)
            if label:
                alike &= bool((error == 0).all())
                continue
            if i == self.scores:
                alike &= bool(w.argmax() == g.argmax())
            if not np.isfinite(w).all():
                near = False
                continue
            largest = np.abs(w).max(initial=0)
            near &= bool((error <= 0.01 * np.abs(w) + min(2**-8, largest / 16)).all())
            absolute = max(absolute, error.max(initial=0))
            relative = max(relative, (error / np.maximum(np.abs(w), 2**-8)).max(initial=0))
        return alike, near, absolute, relative

    def has_classes(self, want):
        return self.scores is not None or any(w.dtype.kind in "iub" for w in want)


def rows_of(arrays, most):
    return [a[:most] for a in shuffled(*arrays)]


def examine(ezkl, name, folder, args):
    out = Outcome(EXPORTS[name][0], name)
    exported = made(name, args.cache)
    onnx.save(exported.model, os.path.join(folder, "network.onnx"))
    judge = Judge(exported.model, exported.scores)
    given = rows_of(exported.given, GIVEN)
    np.savez(os.path.join(folder, "given.npz"), **dict(zip(judge.names(), given)))
    try:
        said, out.settings_seconds = run([ezkl, "-q", "gen-settings", "-D", "given.npz"], folder)
        run([ezkl, "-q", "compile-model"], folder)
    except Failed as e:
        out.note = str(e)
        return out
    out.note = " ".join(said.split())
    chosen = json.load(open(os.path.join(folder, "settings.json")))["run_args"]
    out.k, out.scale = chosen["logrows"], f"{chosen['param_scale']}"
    held_out = rows_of(exported.held_out, args.rows)
    for i in range(len(held_out[0])):
        row = [a[i] for a in held_out]
        want = EXACT[name](exported.model, row) if name in EXACT else judge.outputs(row)
        json.dump(
            {"input_data": [x.astype(np.float64).flatten().tolist() for x in row]},
            open(os.path.join(folder, "input.json"), "w"),
        )
        out.rows += 1
        try:
            said, seconds = run([ezkl, "-q", "gen-witness"], folder)
            out.witness_seconds += seconds
            pretty = json.load(open(os.path.join(folder, "witness.json")))["pretty_elements"]["rescaled_outputs"]
            alike, near, absolute, relative = judge.compare(want, [np.array(o, np.float64) for o in pretty])
        except Failed as e:
            out.refused += 1
            out.note = out.note or str(e)
            if re.search("outputs? .*expected|status", str(e)):
                out.silent += 1
            continue
        alike = alike and (near or judge.has_classes(want))
        out.alike += alike
        out.near += near
        out.warned += bool(said.strip())
        out.silent += not (alike and near) and not said.strip()
        if said.strip() or not (alike and near):
            out.note = out.note or f"row {i}: " + (" ".join(said.split()) or "silent")
        out.absolute, out.relative = max(out.absolute, absolute), max(out.relative, relative)
        if out.witness_seconds > WITNESS_SECONDS:
            break
    out.witness_seconds /= max(1, out.rows - out.refused)
    if args.mock or args.prove:
        out.proof = proved(ezkl, folder, out.k, args.prove)
    return out


def proved(ezkl, folder, k, prove):
    steps = [["mock"]]
    if prove:
        steps = [["gen-srs", "--srs-path", "kzg.srs", "--logrows", str(k)]]
        steps += [[step, "--srs-path", "kzg.srs"] for step in ("setup", "prove", "verify")]
    try:
        return f"{sum(run([ezkl, '-q', *step], folder, 600)[1] for step in steps):.1f} s"
    except Failed as e:
        return str(e)


HEAD = """# Exported models on real data

{models} models on unscaled data that packages ship, as
{families} write them,
by the default settings: `gen-settings` with up to {given} rows, `compile-model`, and `gen-witness` for up to {rows} rows
that neither training nor gen-settings saw. What is right is what onnxruntime gives for the exported file (for the linear SVC
its formula in double precision). Written by `tests/interop/exports/exports.py`.

* alike: rows with the same class or labels; for models without classes, rows with every number within 1 % and 2^-8 (a
  sixteenth of the output's largest where that is less).
* near: rows with every number within that. warned, refused: rows of which gen-witness said so.
* silent: rows neither alike nor near of which nothing was said.
* error: the largest over all rows and numbers, absolute, and relative to the number (to 2^-8 where it is smaller).
* seconds: CPU time of gen-settings, and of one gen-witness.

{alike} of {all} rows are alike ({share:.2f} %), {silent} differences are silent; {good} of {models} models have 99 % or
more of their rows alike.{left_out}

"""


def text_of(outcomes, args):
    ran = [o for o in outcomes if o.rows]
    missing = [name for name in EXPORTS if name not in {o.name for o in outcomes}]
    families = list(dict.fromkeys(o.family for o in outcomes))
    all_rows, alike = sum(o.rows for o in ran), sum(o.alike for o in ran)
    text = HEAD.format(
        models=len(outcomes),
        families=", ".join(f.replace(", ", " (") + ")" * (", " in f) for f in families),
        given=GIVEN,
        rows=args.rows,
        alike=alike,
        all=all_rows,
        share=100 * alike / max(1, all_rows),
        silent=sum(o.silent for o in ran),
        good=sum(o.right >= 0.99 for o in outcomes),
        left_out=f" Not in this table, because they were not run: {'; '.join(missing)}." if missing else "",
    )
    for family in families:
        text += (
            f"## {family}\n\n| model | rows | alike | near | warned | refused | silent | error | relative | k | scale |"
            " seconds |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
        )
        for o in (o for o in outcomes if o.family == family):
            if o.rows == 0:
                text += f"| {o.name} | 0 | | | | | | | | | | |\n"
                continue
            text += (
                f"| {o.name} | {o.rows} | {o.alike} | {o.near} | {o.warned} | {o.refused} | {o.silent} |"
                f" {o.absolute:.2g} |"
                f" {o.relative:.2g} | {o.k} | {o.scale} | {o.settings_seconds:.1f}, {o.witness_seconds:.2f} |\n"
            )
        text += "\n"
    rest = [o for o in outcomes if o.right < 0.99]
    if rest:
        text += "## Less than 99 %\n\n| model | why | what the program says |\n|---|---|---|\n"
        for o in rest:
            said = re.sub(r"\[W\] \[[^]]*\] - ", "", o.note).replace("|", "\\|")
            text += f"| {o.name} | {NAMED.get(o.name, '')} | {said[:400]} |\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ezkl")
    parser.add_argument("--match", default="")
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--write")
    parser.add_argument("--cache")
    parser.add_argument("--keep", help="keep each model's folder below this one")
    parser.add_argument("--results", help="outcomes, kept here; those of models that are not run are taken from here")
    parser.add_argument("--mock", action="store_true")
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    for module in MODULES:
        importlib.import_module(module)
    names = [n for n, (family, _) in EXPORTS.items() if re.search(args.match, f"{family}: {n}")]
    if args.list:
        print("\n".join(f"{EXPORTS[n][0]}: {n}" for n in names))
        return
    ezkl = os.path.abspath(args.ezkl)
    if args.cache:
        os.makedirs(args.cache, exist_ok=True)
    before = {}
    if args.results and os.path.exists(args.results):
        before = {row["name"]: Outcome(**row) for row in json.load(open(args.results))}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            if args.keep:
                folder = os.path.join(args.keep, re.sub(r"\W+", "_", name))
                os.makedirs(folder, exist_ok=True)
            try:
                o = examine(ezkl, name, folder, args)
            except Exception as e:
                o = Outcome(EXPORTS[name][0], name, note=f"not exported: {type(e).__name__}: {e}"[:500])
        before[name] = o
        print(
            f"{'ok   ' if o.right >= 0.99 and not o.silent else 'WRONG'} {o.family}: {name}: {o.alike}/{o.rows} alike,"
            f" {o.near} near, {o.warned} warned, {o.refused} refused, {o.silent} silent,"
            f" errors {o.absolute:.2g} {o.relative:.2g}, k {o.k},"
            f" scale {o.scale}, {o.settings_seconds:.1f} s + {o.witness_seconds:.2f} s a row {o.proof}"
            + (f"\n      {o.note[:500]}" if o.note else ""),
            flush=True,
        )
        if args.results:
            json.dump([dataclasses.asdict(x) for x in before.values()], open(args.results, "w"))
    outcomes = [before[n] for n in EXPORTS if n in before]
    if args.write:
        with open(args.write, "w") as f:
            f.write(text_of(outcomes, args))
    bad = [o.name for o in outcomes if o.silent or (o.right < 0.99 and o.name not in NAMED)]
    print(f"{len(outcomes) - len(bad)} of {len(outcomes)} hold")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
