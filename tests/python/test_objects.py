"""Models, circuits, provers and verifiers as objects; with numpy where it is installed."""

import json
import os
import shutil
import subprocess
import sys
import types
import unittest
from pathlib import Path
from unittest import mock

import ezkl
from base import DATA, InFolder

try:
    import numpy
except ImportError:
    numpy = None

SAMPLE = [0.5, -0.25, 0.8125, -0.6875]


def package(name):
    try:
        return __import__(name)
    except ImportError:
        return None


class Objects(InFolder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.circuit = ezkl.Model("network.onnx").compile("input.json", input_visibility="private", logrows=12)
        ezkl.gen_srs("kzg.srs", cls.circuit.logrows)
        cls.prover = cls.circuit.setup("kzg.srs")

    def numbers(self, values):
        return [round(float(v), 2) for v in (values.ravel() if numpy else values)]

    def test_run_and_prove(self):
        outputs = self.circuit.run(SAMPLE)
        proof = self.prover.prove(SAMPLE)
        self.assertEqual(self.numbers(outputs), self.numbers(proof.outputs))
        self.assertTrue(self.circuit.mock(SAMPLE))
        verifier = self.prover.verifier()
        verdict = verifier.verify(proof)
        self.assertTrue(verdict)
        self.assertEqual(verdict["settings"]["trust"], "pinned")
        self.assertTrue(
            verifier.verify(proof, output=[list(map(float, proof.outputs.ravel() if numpy else proof.outputs))])
        )
        self.assertFalse(verifier.verify(proof, output=[[9.0, 9.0, 9.0]]))
        proof.save("proof.json")
        self.assertTrue(verifier.verify("proof.json"))
        self.assertTrue(verifier.verify(ezkl.Proof.load("proof.json")))
        self.assertTrue(verifier.verify(proof.data))
        self.assertGreater(len(proof), 500)
        self.assertEqual(proof.instances, json.loads(proof.data)["instances"])
        self.assertFalse(os.path.exists("vk.key"))  # nothing but what was asked for lies in the working folder

    def test_handing_over(self):
        digest = self.prover.export("for_the_verifier")
        self.assertEqual(sorted(os.listdir("for_the_verifier")), ["settings.json", "vk.key", "vk.manifest.json"])
        proof = self.prover.prove(SAMPLE)
        self.assertTrue(ezkl.Verifier("for_the_verifier", "kzg.srs", digest=digest).verify(proof))
        self.assertFalse(ezkl.Verifier("for_the_verifier", "kzg.srs", digest="0" * 64).verify(proof))
        self.assertEqual(ezkl.Prover("for_the_verifier").digest, digest)

    def test_named_folder(self):
        circuit = ezkl.Model("network.onnx").compile("input.json", folder="kept", logrows=12)
        prover = circuit.setup("kzg.srs")
        again = ezkl.Prover("kept", "kzg.srs")
        self.assertEqual(again.digest, prover.digest)
        self.assertTrue(ezkl.Verifier("kept", "kzg.srs", digest=prover.digest).verify(again.prove(SAMPLE)))
        self.assertTrue(os.path.exists("kept/pk.key"))

    def test_commitments(self):
        circuit = ezkl.Model("network.onnx").compile("input.json", param_visibility="polycommit", logrows=12)
        prover = circuit.setup("kzg.srs")
        verdict = prover.verifier().verify(prover.prove(SAMPLE))
        self.assertTrue(verdict)
        self.assertTrue(any(tensor.get("commitments") for g in verdict["groups"] for tensor in g["tensors"]))

    def test_own_folder_goes(self):
        circuit = ezkl.Model("network.onnx").compile("input.json", logrows=12)
        folder = circuit.folder
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
        del circuit
        self.assertFalse(os.path.exists(folder))

    def test_reports(self):
        model = ezkl.Model(Path("network.onnx").read_bytes())
        self.assertTrue(model.check(SAMPLE))
        self.assertIn("<svg", model._repr_html_())
        self.assertEqual(self.circuit.accuracy("input.json")["samples"], 1)
        self.assertRaises(TypeError, ezkl.Model, 5)
        self.assertRaises(ezkl.Error, ezkl.Model("none.onnx").compile)

    def test_what_a_proof_must_be_about(self):
        circuit = ezkl.Model("network.onnx").compile("input.json", input_visibility="public", logrows=12)
        prover = circuit.setup("kzg.srs")
        proof = prover.prove(SAMPLE)
        verifier = prover.verifier()
        flat = [float(value) for value in (proof.outputs.ravel() if numpy else proof.outputs)]
        text = json.dumps({"input_data": [SAMPLE]})
        Path("sample.json").write_text(text)
        for same in (SAMPLE, tuple(SAMPLE), [SAMPLE], [[SAMPLE]], {"input_data": [SAMPLE]}, text, Path("sample.json")):
            with self.subTest(same):
                verdict = verifier.verify(proof, input=same)
                self.assertTrue(verdict, verdict)
        for same in (proof.outputs, flat, [flat], {"output_data": [flat]}, json.dumps([flat])):
            with self.subTest(same):
                verdict = verifier.verify(proof, input=SAMPLE, output=same)
                self.assertTrue(verdict, verdict)
                self.assertEqual(len(verdict["compared"]), 2)
        self.assertFalse(verifier.verify(proof, input=SAMPLE[::-1]))
        self.assertFalse(verifier.verify(proof, input=SAMPLE, output=flat[::-1]))
        for wrong in (SAMPLE[:3], [SAMPLE, SAMPLE], [0.5, SAMPLE]):
            with self.subTest(wrong):
                try:
                    self.assertFalse(verifier.verify(proof, input=wrong))
                except ezkl.Error:
                    pass
        if numpy:
            x = numpy.array([SAMPLE], dtype=numpy.float32)
            for same in (x, x[0], [x], list(x[0]), [list(x[0])], {"x": x}, {"input_data": x}):
                with self.subTest(same):
                    self.assertTrue(verifier.verify(proof, input=same))
            self.assertFalse(verifier.verify(proof, input=-x))
            self.assertTrue(verifier.verify(proof, output=numpy.array(flat)))

    def test_several_inputs(self):
        model = ezkl.Model(str(DATA / "models" / "solvency.onnx"))
        users, balances = [0.0, 1.0, 0.0, 0.0], [0.5, 0.75, 0.25, 0.125]
        circuit = model.compile([users, balances], input_visibility="public", logrows=12)
        prover = circuit.setup("kzg.srs")
        proof = prover.prove([users, balances])
        verifier = prover.verifier()
        ways = [[users, balances], (users, balances), {"input_data": [users, balances]}]
        if numpy:
            arrays = [numpy.array([values], dtype=numpy.float32) for values in (users, balances)]
            ways += [arrays, tuple(arrays), [arrays[0], balances], {"balances": arrays[1], "users": arrays[0]}]
            outputs = circuit.run(ways[0])
            for way in ways:
                with self.subTest(way):
                    self.assertEqual(circuit.run(way), outputs)
        for way in ways:
            with self.subTest(way):
                self.assertTrue(verifier.verify(proof, input=way))
        self.assertFalse(verifier.verify(proof, input=[balances, users]))

    def test_second_proof_system(self):
        circuit = ezkl.Model("network.onnx").compile(
            "input.json", proof_system="sumcheck", clear=True, input_visibility="public"
        )
        ezkl.gen_srs("small.srs", circuit.logrows)
        prover = circuit.setup("small.srs")
        proof = prover.prove(SAMPLE)
        verdict = prover.verifier().verify(proof, input=SAMPLE, output=proof.outputs)
        self.assertTrue(verdict, verdict)
        self.assertEqual((verdict["proof_system"], verdict["zero_knowledge"]), ("sumcheck", False))
        self.assertRaises(ValueError, ezkl.PyRunArgs, proof_system="groth16")
        self.assertRaises(ezkl.Error, ezkl.gen_settings, output="x.json", py_run_args=ezkl.PyRunArgs(row_bits=9))

    def test_folders_that_are_read_are_not_made(self):
        for kind in (ezkl.Circuit, ezkl.Prover, ezkl.Verifier):
            self.assertRaises(FileNotFoundError, kind, "no_such_folder")
        self.assertFalse(os.path.exists("no_such_folder"))

    @unittest.skipUnless(numpy, "numpy is not installed")
    def test_arrays(self):
        x = numpy.array([SAMPLE], dtype=numpy.float32)
        wanted = self.numbers(self.circuit.run(SAMPLE))
        for data in (x, x[0], [x], x.astype(numpy.float64), x.tolist(), list(x[0]), tuple(x[0]), [list(x[0])],
                     {"input_data": x}, {"x": x}):  # fmt: skip
            self.assertEqual(self.numbers(self.circuit.run(data)), wanted)
        self.assertEqual(self.circuit.run(x).shape, (1, 3))
        pandas = package("pandas")
        if pandas:
            table = pandas.DataFrame(x, columns=list("abcd"))
            self.assertEqual(self.numbers(self.circuit.run(table)), wanted)
            self.assertEqual(self.numbers(self.circuit.run(table.iloc[0])), wanted)

    def test_notebook(self):
        shown = []

        class Handle:
            def update(self, page):
                shown.append(page.data)

        class HTML:
            def __init__(self, data):
                self.data = data

        def display(page, display_id):
            shown.append(page.data)
            return Handle()

        shell = types.SimpleNamespace(kernel=object())
        ipython = types.ModuleType("IPython")
        ipython.get_ipython = lambda: shell
        ipython.display = types.ModuleType("IPython.display")
        ipython.display.HTML, ipython.display.display = HTML, display
        modules = mock.patch.dict(sys.modules, {"IPython": ipython, "IPython.display": ipython.display})
        with modules, mock.patch("ezkl._notebook.Bar._delay_s", 0.0):
            ezkl.gen_srs("bar.srs", 16)
            self.assertTrue(shown and "<progress" in shown[0])
            self.assertEqual(shown[-1], "")
            del shown[:]
            with ezkl.Session(progress=False):
                ezkl.gen_srs("bar.srs", 16)
            self.assertEqual(shown, [])


class OtherPackages(InFolder):
    """Models of packages that are installed, taken directly; the circuit must decide as they do."""

    def proved(self, model, rows, predict):
        circuit = model.compile(rows, input_visibility="public")
        ezkl.gen_srs("kzg.srs", circuit.logrows)
        prover = circuit.setup("kzg.srs")
        proof = prover.prove(rows[:1])
        self.assertTrue(prover.verifier().verify(proof))
        outputs = proof.outputs if isinstance(proof.outputs, list) else [proof.outputs]
        self.assertAlmostEqual(float(outputs[0].ravel()[0]), float(predict(rows[:1])), delta=0.02)

    def table(self):
        random = numpy.random.RandomState(1)
        x = random.rand(60, 4).astype(numpy.float32)
        return x, (x.sum(axis=1) > 2).astype(int), x @ numpy.array([1, -2, 3, 0.5], dtype=numpy.float32)

    @unittest.skipUnless(package("sklearn") and package("skl2onnx"), "scikit-learn or skl2onnx is not installed")
    def test_sklearn(self):
        from sklearn.linear_model import LinearRegression, LogisticRegression

        x, classes, values = self.table()
        regression = LinearRegression().fit(x, values)
        self.proved(ezkl.from_sklearn(regression, x), x, lambda r: regression.predict(r)[0])
        classifier = LogisticRegression().fit(x, classes)
        self.proved(ezkl.Model(classifier, x), x, lambda r: classifier.predict(r)[0])

    @unittest.skipUnless(package("xgboost") and package("onnxmltools"), "xgboost or onnxmltools is not installed")
    def test_xgboost(self):
        import xgboost

        x, _, values = self.table()
        booster = xgboost.XGBRegressor(n_estimators=3, max_depth=2).fit(x, values)
        self.proved(ezkl.from_xgboost(booster, x), x, lambda r: booster.predict(r)[0])
        self.proved(ezkl.Model(booster, x), x, lambda r: booster.predict(r)[0])

    @unittest.skipUnless(package("lightgbm") and package("onnxmltools"), "lightgbm or onnxmltools is not installed")
    def test_lightgbm(self):
        import lightgbm

        x, _, values = self.table()
        booster = lightgbm.LGBMRegressor(n_estimators=3, num_leaves=4, min_child_samples=5, verbose=-1).fit(x, values)
        self.proved(ezkl.from_lightgbm(booster, x), x, lambda r: booster.predict(r)[0])

    @unittest.skipUnless(package("torch"), "torch is not installed")
    def test_torch(self):
        import torch

        net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
        x = torch.rand(8, 4)
        model = ezkl.from_torch(net, x[:1])
        self.assertTrue(net.training)
        with torch.no_grad():
            self.proved(model, x[:1], lambda r: net(r)[0, 0])


class Command(unittest.TestCase):
    @unittest.skipUnless((Path(ezkl.__file__).parent / "bin" / "ezkl").exists(), "the package is not from a wheel")
    def test_program(self):
        done = subprocess.run(
            [sys.executable, "-m", "ezkl", "--version"], stdout=subprocess.PIPE, universal_newlines=True
        )
        self.assertIn(ezkl.own_version(), done.stdout)
        program = Path(sys.executable).parent / "ezkl"
        if shutil.which(str(program)):
            done = subprocess.run([str(program), "felt-to-int", "--felt", "05" + "00" * 31], stdout=subprocess.PIPE,
                                  universal_newlines=True)  # fmt: skip
            self.assertIn("5", done.stdout)


if __name__ == "__main__":
    unittest.main()
