"""Behaviour that is the same in the package ezkl 23.0.5: run this file with either installed."""

import asyncio
import inspect
import json
import os
import shutil
import unittest
from pathlib import Path

import ezkl
from base import DATA, ONE, OURS, InFolder, small_arguments
from published import RUN_ARGS, SIGNATURES

NODE = "http://127.0.0.1:1"  # nobody answers there
ADDRESS = "0x" + "11" * 20
AWAITED = ("get_srs", "create_evm_verifier", "create_evm_vka", "deploy_evm", "verify_evm", "register_vka")


class Shape(unittest.TestCase):
    def test_functions_have_the_published_parameters(self):
        for name, wanted in SIGNATURES.items():
            found = []
            for parameter in inspect.signature(getattr(ezkl, name)).parameters.values():
                if parameter.kind is parameter.KEYWORD_ONLY:
                    continue  # what ours has beyond it
                default = parameter.default
                mark = "" if default is parameter.empty else "?" if default is None else "="
                found.append(parameter.name + mark)
            # Where a default is None in ours and written otherwise there, the parameter may be left out in both.
            self.assertEqual(" ".join(found), wanted, name)

    def test_everything_is_in_the_inner_module_too(self):
        for name in [*SIGNATURES, "PyRunArgs", "PyInputType", "PyG1", "PyG1Affine", "PyTestDataSource"]:
            self.assertTrue(hasattr(ezkl.ezkl, name), name)
            self.assertIn(name, ezkl.__all__)
        self.assertEqual(ezkl.__version__, "23.0.5")

    def test_words(self):
        kinds = [ezkl.PyInputType.Bool, ezkl.PyInputType.F16, ezkl.PyInputType.F32, ezkl.PyInputType.F64,
                 ezkl.PyInputType.Int, ezkl.PyInputType.TDim, ezkl.PyInputType.Unknown]  # fmt: skip
        self.assertEqual([int(kind) for kind in kinds], list(range(7)))
        self.assertEqual(repr(kinds[3]), "PyInputType.F64")
        self.assertEqual(str(kinds[3]), "PyInputType.F64")
        self.assertTrue(kinds[3] == ezkl.PyInputType.F64 and kinds[3] != kinds[4] and kinds[3] != 3)
        self.assertEqual(hash(kinds[3]), hash(ezkl.PyInputType.F64))
        self.assertEqual([int(ezkl.PyTestDataSource.File), int(ezkl.PyTestDataSource.OnChain)], [0, 1])
        self.assertRaises(TypeError, ezkl.PyInputType)

    def test_awaited_functions_want_a_loop(self):
        for name in AWAITED:
            needed = [ADDRESS, NODE] if SIGNATURES[name].startswith("addr") else []
            with self.assertRaisesRegex(RuntimeError, "^no running event loop$"):
                getattr(ezkl, name)(*needed)


class RunArgs(unittest.TestCase):
    def test_defaults(self):
        args = ezkl.PyRunArgs()
        for name, value in RUN_ARGS.items():
            self.assertEqual(getattr(args, name), value, name)
            self.assertIs(type(getattr(args, name)), type(value), name)

    def test_values_that_are_taken(self):
        args = ezkl.PyRunArgs()
        for name, value, wanted in [
            ("input_visibility", "hashed", "hashed/public"),
            ("input_visibility", "hashed/private/0,1", "hashed/private/0,1"),
            ("param_visibility", "polycommit", "polycommit"), ("output_visibility", "Private", "private"),
            ("variables", [("a", 3)], [("a", 3)]), ("variables", (("a", 3),), [("a", 3)]), ("lookup_range", (-2, 5),
            (-2, 5)),
            ("lookup_range", (-(2**127), 2**127 - 1), (-(2**127), 2**127 - 1)), ("logrows", True, 1),
            ("input_scale", -3, -3),
            ("check_mode", "SAFE", "safe"), ("epsilon", 1, 1.0), ("num_inner_cols", 0, 0),
        ]:  # fmt: skip
            setattr(args, name, value)
            self.assertEqual(getattr(args, name), wanted, (name, value))

    def test_values_that_are_refused(self):
        args = ezkl.PyRunArgs()
        for kind, name, value in [
            (ValueError, "input_visibility", "foo"), (ValueError, "input_visibility", "kzgcommit"),
            (ValueError, "check_mode", "x"), (TypeError, "input_visibility", 3), (TypeError, "variables", [["a", 3]]),
            (TypeError, "variables", "x"), (TypeError, "lookup_range", [1, 2]), (TypeError, "lookup_range", (1.5, 2)),
            (OverflowError, "lookup_range", (0, 2**127)), (TypeError, "logrows", 3.0), (TypeError, "logrows", "3"),
            (OverflowError, "logrows", -1), (OverflowError, "logrows", 2**33), (OverflowError, "input_scale", 2**40),
            (TypeError, "epsilon", None), (TypeError, "epsilon", "a"), (TypeError, "disable_freivalds", 1),
            (OverflowError, "decomp_base", -1), (AttributeError, "colour", 3),
        ]:  # fmt: skip
            with self.assertRaises(kind, msg=(name, value)):
                setattr(args, name, value)
        with self.assertRaisesRegex(ValueError, "Invalid value for Visibility"):
            args.input_visibility = "encrypted"
        with self.assertRaises(AttributeError):
            del args.logrows
        self.assertRaises(TypeError, ezkl.PyRunArgs, colour=3)
        self.assertEqual(args.logrows, 17)


class Felts(unittest.TestCase):
    def test_values(self):
        self.assertEqual(ezkl.felt_to_int(ONE), 1)
        self.assertEqual(ezkl.felt_to_int("00" * 20 + "11" * 11 + "01"), -53438638232309528389504892708671455233)
        self.assertEqual(ezkl.felt_to_float(ONE, 7), 0.0078125)
        self.assertEqual(ezkl.felt_to_float(ONE, -7), 128.0)
        self.assertEqual(ezkl.felt_to_big_endian(ONE), "0x" + "0" * 63 + "1")
        self.assertEqual(ezkl.float_to_felt(1.5, 7), "c0" + "0" * 62)
        self.assertEqual(ezkl.float_to_felt(2, 7, ezkl.PyInputType.Int), "0001" + "0" * 60)
        self.assertEqual(ezkl.float_to_felt(input=float("nan"), scale=7), "0" * 64)
        hello = ["68656c6c6f" + "0" * 54]
        for buffer in (b"hello", bytearray(b"hello"), list(b"hello"), tuple(b"hello")):
            self.assertEqual(ezkl.buffer_to_felts(buffer), hello)
        self.assertEqual(ezkl.buffer_to_felts([]), [])
        self.assertEqual(
            ezkl.poseidon_hash([ONE]), ["90bbb9c2adeaf0b1cc6c34ed80f11266193aef9e5cfd18a6a1ca283261695608"]
        )
        self.assertEqual(ezkl.poseidon_hash([]), [])
        self.assertEqual(ezkl.felt_to_int(ezkl.float_to_felt(-3.0, 4)), -48)

    def test_refusals(self):
        for kind, function, arguments in [
            (TypeError, ezkl.felt_to_int, (3,)), (TypeError, ezkl.felt_to_float, (ONE, "7")),
            (TypeError, ezkl.float_to_felt, (1.0, 7, "F64")), (TypeError, ezkl.float_to_felt, (1.0, 7, 3)),
            (TypeError, ezkl.float_to_felt, ("a", 7)), (TypeError, ezkl.float_to_felt, (1.0, 7.5)),
            (TypeError, ezkl.float_to_felt, (1.0,)), (TypeError, ezkl.buffer_to_felts, ("hello",)),
            (OverflowError, ezkl.buffer_to_felts, ([300],)), (TypeError, ezkl.poseidon_hash, (ONE,)),
        ]:  # fmt: skip
            self.assertRaises(kind, function, *arguments)
        with self.assertRaisesRegex(OSError, "^Failed to quantize input"):
            ezkl.float_to_felt(1e300, 7)
        # The published functions panic here, with a class that `except Exception` does not catch.
        for function in (ezkl.felt_to_int, ezkl.felt_to_big_endian, lambda f: ezkl.poseidon_hash([f])):
            for felt in ("zz", "01", "ff" * 32, "0x" + ONE):
                self.assertRaises(ValueError if OURS else BaseException, function, felt)


class Pipeline(InFolder):
    """The steps of a notebook, in their order; each test is one cell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        args = small_arguments()
        cls.results = {
            "gen_settings": ezkl.gen_settings("network.onnx", "settings.json", py_run_args=args),
            "compile": ezkl.compile_circuit("network.onnx", "model.compiled", "settings.json"),
            "gen_srs": ezkl.gen_srs("kzg.srs", 9),
            "setup": ezkl.setup("model.compiled", "vk.key", "pk.key", "kzg.srs"),
            "witness": ezkl.gen_witness("input.json", "model.compiled", "witness.json"),
            "mock": ezkl.mock("witness.json", "model.compiled"),
            "proof": ezkl.prove("witness.json", "model.compiled", "pk.key", "proof.json", "kzg.srs"),
            "verify": ezkl.verify("proof.json", "settings.json", "vk.key", "kzg.srs"),
        }
        Path("bad.json").write_text("{")
        Path("bad.onnx").write_text("hello")

    def test_results(self):
        for name in ("gen_settings", "compile", "setup", "mock", "verify"):
            res = self.results[name]
            self.assertTrue(res == True, name)  # noqa: E712  as 38 notebooks of the published package ask
        self.assertIsNone(self.results["gen_srs"])
        for name in ("settings.json", "model.compiled", "vk.key", "pk.key", "witness.json", "proof.json"):
            self.assertTrue(os.path.isfile(name))

    def test_witness(self):
        witness = self.results["witness"]
        stored = json.loads(Path("witness.json").read_text())
        self.assertEqual(sorted(witness),
                         ["inputs", "max_lookup_inputs", "max_range_size", "min_lookup_inputs", "outputs"])  # fmt: skip
        self.assertEqual(witness["inputs"][0][0], ezkl.float_to_felt(0.5, 7, ezkl.PyInputType.F32))
        self.assertEqual(witness["outputs"], stored["outputs"])
        self.assertEqual(len(ezkl.gen_witness(Path("input.json").read_text(), "model.compiled", None)["outputs"][0]), 3)
        self.assertEqual(ezkl.gen_witness(data="input.json", model="model.compiled", output="other.json"), witness)

    def test_proof(self):
        proof = self.results["proof"]
        self.assertEqual(sorted(proof), ["instances", "proof"])
        stored = json.loads(Path("proof.json").read_text())
        self.assertEqual(stored["hex_proof"], proof["proof"])
        self.assertEqual(stored["instances"], proof["instances"])
        self.assertEqual(proof["instances"], self.results["witness"]["outputs"])
        self.assertIn("rescaled_outputs", stored["pretty_public_inputs"])
        without_file = ezkl.prove("witness.json", "model.compiled", "pk.key", None, "kzg.srs")
        self.assertEqual(without_file["instances"], proof["instances"])
        self.assertTrue(ezkl.verify("proof.json", "settings.json", "vk.key", "kzg.srs", True))

    def test_paths(self):
        here = Path(self.folder)
        self.assertTrue(ezkl.mock(here / "witness.json", here / "model.compiled") == True)  # noqa: E712
        self.assertIn("relu", ezkl.table(here / "network.onnx").lower())

    def test_forged_proofs(self):
        for kind, change in {
            "instance": lambda p: p["instances"][0].__setitem__(0, "02" + "0" * 62),
            "bytes": lambda p: p["proof"].__setitem__(40, p["proof"][40] ^ 1),
        }.items():
            proof = json.loads(Path("proof.json").read_text())
            change(proof)
            if isinstance(proof["proof"], list):
                proof["hex_proof"] = "0x" + bytes(proof["proof"]).hex()
            Path("forged.json").write_text(json.dumps(proof))
            error = self.raises(RuntimeError, "Failed to run verify: ", ezkl.verify, "forged.json", "settings.json",
                                "vk.key", "kzg.srs")  # fmt: skip
            if kind == "instance":
                self.assertRegex(str(error), r"Failed to run verify: \[halo2\] The constraint system is not satisfied")

    def test_errors_of_files(self):
        for kind, start, function, arguments in [
            (RuntimeError, "Failed to generate settings: ", ezkl.gen_settings, ("none.onnx",)),
            (RuntimeError, "Failed to generate settings: ", ezkl.gen_settings, ("bad.onnx",)),
            (RuntimeError, "Failed to generate settings: ", ezkl.gen_settings, ("network.onnx", "none/x.json")),
            (RuntimeError, "Failed to compile circuit: ", ezkl.compile_circuit, ("none.onnx",)),
            (RuntimeError, "Failed to compile circuit: ", ezkl.compile_circuit, ("network.onnx", "x", "none.json")),
            (RuntimeError, "Failed to compile circuit: ", ezkl.compile_circuit, ("network.onnx", "x", "bad.json")),
            (RuntimeError, "Failed to calibrate settings: ", ezkl.calibrate_settings,
             ("none.json", "network.onnx", "settings.json", "resources")),
            (ValueError, "Invalid value for CalibrationTarget", ezkl.calibrate_settings,
             ("input.json", "network.onnx", "settings.json", "beauty")),
            (RuntimeError, "Failed to generate witness: ", ezkl.gen_witness, ("none.json",)),
            (RuntimeError, "Failed to generate witness: ", ezkl.gen_witness, ("input.json", "none")),
            (RuntimeError, "Failed to generate witness: ", ezkl.gen_witness, ("input.json", "bad.json")),
            (RuntimeError, "Failed to run mock: ", ezkl.mock, ("none",)),
            (FileNotFoundError, "", ezkl.gen_srs, ("none/kzg.srs", 5)),
            (RuntimeError, "Failed to run setup: ", ezkl.setup, ("model.compiled", "v", "p", "none.srs")),
            (RuntimeError, "Failed to run setup: ", ezkl.setup, ("none", "v", "p", "kzg.srs")),
            (RuntimeError, "Failed to run prove: ", ezkl.prove, ("none", "model.compiled", "pk.key", None, "kzg.srs")),
            (RuntimeError, "Failed to run prove: ", ezkl.prove, ("witness.json", "none", "pk.key", None, "kzg.srs")),
            (RuntimeError, "Failed to run prove: ", ezkl.prove,
             ("witness.json", "model.compiled", "none", None, "kzg.srs")),
            (RuntimeError, "Failed to run prove: ", ezkl.prove,
             ("witness.json", "model.compiled", "pk.key", None, "none")),
            (RuntimeError, "Failed to run verify: ", ezkl.verify, ("none", "settings.json", "vk.key", "kzg.srs")),
            (RuntimeError, "Failed to run verify: ", ezkl.verify, ("proof.json", "bad.json", "vk.key", "kzg.srs")),
            (RuntimeError, "Failed to run verify: ", ezkl.verify,
             ("proof.json", "settings.json", "bad.json", "kzg.srs")),
            (OSError, "Failed to open model", ezkl.table, ("none.onnx",)),
            (OSError, "Failed to import model", ezkl.table, ("bad.onnx",)),
            (OSError, "Failed to swap commitments", ezkl.swap_proof_commitments, ("none", "witness.json")),
            (OSError, "Failed to swap commitments", ezkl.swap_proof_commitments, ("proof.json", "none")),
            (RuntimeError, "Failed to generate settings: ", ezkl.gen_random_data, ("none",)),
            (OSError, "Failed to load pk", ezkl.gen_vk_from_pk_single, ("none", "settings.json", "vk3.key")),
            (OSError, "Failed to load circuit settings", ezkl.gen_vk_from_pk_single, ("pk.key", "none", "vk3.key")),
            (OSError, "Failed to save vk", ezkl.gen_vk_from_pk_single, ("pk.key", "settings.json", "none/vk3.key")),
            (OSError, "Failed to load vk", ezkl.kzg_commit, ([ONE], "none", "settings.json", "kzg.srs")),
            (OSError, "Failed to load circuit settings", ezkl.kzg_commit, ([ONE], "vk.key", "none", "kzg.srs")),
            (OSError, "Failed to load srs", ezkl.kzg_commit, ([ONE], "vk.key", "settings.json", "none")),
            (RuntimeError, "Failed to generate calldata: ", ezkl.encode_evm_calldata, ("none",)),
        ]:  # fmt: skip
            self.raises(kind, start, function, *arguments)

    def test_errors_of_types(self):
        for kind, function, arguments in [
            (TypeError, ezkl.gen_settings, (3,)), (TypeError, ezkl.gen_settings, (None,)),
            (TypeError, ezkl.gen_settings, (b"network.onnx",)),
            (TypeError, ezkl.gen_settings, ("network.onnx", "settings.json", 3)),
            (TypeError, ezkl.gen_witness, ({"input_data": [[1]]},)), (OverflowError, ezkl.gen_srs, ("kzg0.srs", -1)),
            (TypeError, ezkl.gen_srs, ("kzg0.srs",)), (TypeError, ezkl.verify, ("a", "b", "c", "d", 1)),
        ]:  # fmt: skip
            self.assertRaises(kind, function, *arguments)

    def test_vk_from_pk(self):
        self.assertTrue(ezkl.gen_vk_from_pk_single("pk.key", "settings.json", "again.key") == True)  # noqa: E712
        self.assertEqual(Path("again.key").read_bytes(), Path("vk.key").read_bytes())

    def test_commitments(self):
        points = ezkl.kzg_commit([ONE, ONE], "vk.key", "settings.json", "kzg.srs")
        self.assertIsInstance(points[0], ezkl.PyG1Affine)
        self.assertEqual((len(points), len(points[0].x), len(points[0].y)), (1, 64, 64))
        p = 0x30644E72E131A029B85045B68181585D97816A916871CA8D3C208C16D87CFD47
        x, y = (int.from_bytes(bytes.fromhex(c), "little") for c in (points[0].x, points[0].y))
        self.assertEqual((y * y - x * x * x - 3) % p, 0)

    def test_random_data(self):
        res = ezkl.gen_random_data("network.onnx", "random.json", [("batch_size", 1)], 3, -1.0, 1.0)
        self.assertTrue(res == True)  # noqa: E712
        wanted = [[0.29506969451904297, -0.8095817565917969, 0.9611961841583252, -0.2950248718261719]]
        self.assertEqual(json.loads(Path("random.json").read_text())["input_data"], wanted)

    def test_calldata(self):
        data = ezkl.encode_evm_calldata("proof.json", "calldata.bytes")
        self.assertEqual(data[:4], b"\x1e\x8e\x1e\x13")
        self.assertEqual(Path("calldata.bytes").read_bytes(), data)

    def test_calibration(self):
        shutil.copy("settings.json", "calibrated.json")
        res = ezkl.calibrate_settings("input.json", "network.onnx", "calibrated.json", "resources", scales=[6, 7])
        self.assertTrue(res == True)  # noqa: E712
        self.assertIn(json.loads(Path("calibrated.json").read_text())["run_args"]["input_scale"], (6, 7))

    def test_awaited(self):
        async def main():
            key = ("vk.key", "settings.json")
            future = ezkl.create_evm_vka(*key, "vka.bytes", "kzg.srs")
            self.assertTrue(inspect.isawaitable(future) and asyncio.isfuture(future))
            self.assertFalse(asyncio.iscoroutine(future))
            self.assertTrue(await future == True)  # noqa: E712
            for start, begun in [
                ("Failed to run create_evm_verifier: ",
                 ezkl.create_evm_verifier("none", "settings.json", "v.sol", "v.abi")),
                ("Failed to run create_evm_verifier: ",
                 ezkl.create_evm_vka("none", "settings.json", "vka.bytes", "kzg.srs")),
                ("Failed to run verify_evm: ", ezkl.verify_evm(ADDRESS, NODE, "proof.json")),
                ("Failed to run register_vka: ", ezkl.register_vka(ADDRESS, NODE, "vka.bytes", "digest")),
                ("Failed to get srs: ", ezkl.get_srs("none.json")),
            ]:  # fmt: skip
                with self.assertRaises(RuntimeError) as caught:
                    await begun
                self.assertTrue(str(caught.exception).startswith(start), str(caught.exception))

        asyncio.run(main())


class Committed(InFolder):
    """Hashed inputs and committed parameters."""

    def test_witness_and_swap(self):
        args = small_arguments(input_visibility="hashed", param_visibility="polycommit")
        ezkl.gen_settings("network.onnx", "settings.json", args)
        ezkl.compile_circuit("network.onnx", "model.compiled", "settings.json")
        ezkl.gen_srs("kzg.srs", 9)
        ezkl.setup("model.compiled", "vk.key", "pk.key", "kzg.srs")
        witness = ezkl.gen_witness("input.json", "model.compiled", "witness.json", "vk.key", "kzg.srs")
        self.assertEqual(sorted(witness["processed_inputs"]), ["poseidon_hash"])
        self.assertEqual(witness["processed_inputs"]["poseidon_hash"], ezkl.poseidon_hash(witness["inputs"][0]))
        self.assertEqual(sorted(witness["processed_params"]), ["polycommit"])
        point = witness["processed_params"]["polycommit"][0][0]
        self.assertIsInstance(point, ezkl.PyG1Affine)
        self.assertEqual(len(bytes.fromhex(point.x)), 32)
        self.assertNotIn("processed_outputs", witness)
        ezkl.prove("witness.json", "model.compiled", "pk.key", "proof.json", "kzg.srs")
        self.assertIsNone(ezkl.swap_proof_commitments("proof.json", "witness.json"))
        self.assertTrue(ezkl.verify("proof.json", "settings.json", "vk.key", "kzg.srs") == True)  # noqa: E712


if __name__ == "__main__":
    assert DATA.is_dir(), DATA
    unittest.main()
