"""What the published package lacks: Ctrl-C, the GIL, progress, logging, sessions, asyncio, promised call forms."""

import asyncio
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import ezkl
from base import DATA, InFolder, small_arguments

INTERRUPTED = """
import os, signal, sys, threading, time
import ezkl
sent = []
def send():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
threading.Timer(float(sys.argv[1]), send).start()
try:
    exec(compile(sys.argv[2], "call", "exec"))  # a text would mark the interrupt as unhandled
    print("done")
except KeyboardInterrupt:
    print(time.monotonic() - sent[0])
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert ezkl.felt_to_int("05" + "00" * 31) == 5
"""


class Promised(InFolder):
    """The call forms of the README, as written there."""

    def test_as_written(self):
        shutil.copy("network.onnx", "model.onnx")
        os.makedirs("srs", exist_ok=True)
        settings = ezkl.gen_settings(py_run_args=small_arguments())
        ezkl.compile_model("model.onnx", "compiled_model.ezkl", settings)
        ezkl.gen_srs("srs/kzg9.srs", 9)  # where EZKL_REPO_PATH says
        ezkl.setup("compiled_model.ezkl")
        ezkl.gen_witness(model="compiled_model.ezkl")
        proof = ezkl.prove("witness.json", "compiled_model.ezkl", "pk.key")
        self.assertTrue(proof["proof"].startswith("0x"))
        ezkl.prove("witness.json", "compiled_model.ezkl", "pk.key", "proof.json")
        self.assertTrue(ezkl.verify())

        self.assertTrue(settings == True)  # noqa: E712
        self.assertEqual(hash(settings), hash(True))
        self.assertFalse(settings == False)  # noqa: E712
        self.assertEqual(os.fspath(settings), "settings.json")
        self.assertEqual(settings["run_args"]["logrows"], 9)
        self.assertIn("model_output_scales", settings)
        self.assertIn("2<sup>9</sup>", settings._repr_html_())


class Additions(InFolder):
    def test_choosing_checking_reporting(self):
        found = ezkl.check("network.onnx", "input.json", input_visibility="private")
        self.assertTrue(found and found["circuit"]["samples"] == 1 and found.problems == [])
        settings = ezkl.choose_settings("network.onnx", "settings.json", "input.json", input_visibility="private")
        self.assertEqual(settings["run_args"]["input_visibility"], "Private")
        report = ezkl.accuracy([0.5, -0.25, 0.8125, -0.6875], "network.onnx", settings)
        self.assertEqual(report["samples"], 1)
        self.assertIn("srcdoc", report._repr_html_())
        self.assertIn("<html", report.html)
        Path("bad.onnx").write_text("hello")
        found = ezkl.check("bad.onnx")
        self.assertFalse(found)
        self.assertEqual(found.problems[0]["fault"], "format")

        ezkl.compile_circuit()
        ezkl.gen_srs("kzg.srs", settings["run_args"]["logrows"])
        ezkl.setup(srs_path="kzg.srs")
        digest = ezkl.write_manifest(srs_path="kzg.srs", compiled_circuit="model.compiled", model="network.onnx")
        ezkl.gen_witness()
        ezkl.prove(proof_path="proof.json", srs_path="kzg.srs", check_mode="safe", manifest="vk.manifest.json")
        self.assertTrue(ezkl.verify(srs_path="kzg.srs", digest=digest))
        with self.assertRaises(ezkl.RunError) as caught:
            ezkl.verify(srs_path="kzg.srs", digest="0" * 64)
        self.assertEqual(caught.exception.fault, "unsatisfied")
        verdict = ezkl.verify_report(srs_path="kzg.srs", digest=digest)
        self.assertTrue(verdict and verdict.accepted)
        self.assertEqual(verdict["settings"]["trust"], "pinned")
        self.assertIn("<pre>", verdict._repr_html_())
        verdict = ezkl.verify_report(srs_path="kzg.srs", output="[[9, 9, 9]]")
        self.assertFalse(verdict)
        self.assertTrue(verdict.reason)

    def test_ipa(self):
        args = small_arguments(commitment=ezkl.PyCommitments.IPA)
        self.assertIs(args.commitment, ezkl.PyCommitments.IPA)
        ezkl.gen_settings("network.onnx", "ipa.json", args)
        ezkl.compile_circuit("network.onnx", "ipa.compiled", "ipa.json")
        ezkl.gen_srs("ipa.srs", 9, commitment=ezkl.PyCommitments.IPA)
        ezkl.setup("ipa.compiled", "ipa.key", "ipa_pk.key", "ipa.srs")
        ezkl.gen_witness("input.json", "ipa.compiled", "ipa_witness.json")
        ezkl.prove("ipa_witness.json", "ipa.compiled", "ipa_pk.key", "ipa_proof.json", "ipa.srs")
        self.assertTrue(ezkl.verify("ipa_proof.json", "ipa.json", "ipa.key", "ipa.srs"))
        self.assertEqual(len(ezkl.ipa_commit(["01" + "00" * 31], "ipa.key", "ipa.json", "ipa.srs")), 1)
        with self.assertRaises(OSError):
            ezkl.kzg_commit(["01" + "00" * 31], "ipa.key", "ipa.json", "ipa.srs")

    def test_split(self):
        ezkl.split_model("network.onnx", "parts", small_arguments(), parts=2)
        ezkl.gen_srs("split.srs", 12)
        digest = ezkl.setup_split("parts", "split.srs")
        ezkl.gen_witness_split("input.json", "parts", "split.srs")
        ezkl.prove_split("parts", "split.srs")
        self.assertTrue(ezkl.verify_split("parts", "split.srs", digest=digest))
        self.assertEqual(ezkl.split_digest("parts"), digest)
        verdict = ezkl.verify_split("parts", "split.srs", digest="0" * 64)
        self.assertFalse(verdict)
        self.assertTrue(verdict.reason)

    def test_errors_say_what_to_do(self):
        with self.assertRaises(ezkl.RunError) as caught:
            with ezkl.Session(srs_folder="nowhere"):
                ezkl.verify("none.json")
        error = caught.exception
        self.assertEqual((error.fault, error.code), ("io", 3))
        self.assertIsInstance(error, RuntimeError)
        self.assertEqual(error.frames[0], "verify")
        run_args = ezkl.PyRunArgs(input_scale=5, logrows=6)
        self.assertEqual(repr(run_args), "PyRunArgs(input_scale=5, logrows=6)")
        self.assertEqual(run_args, ezkl.PyRunArgs(logrows=6, input_scale=5))

    def test_session_options(self):
        with self.assertRaises(ezkl.RunError):
            with ezkl.Session(threads=5000):
                ezkl.mock("none")
        os.makedirs("elsewhere", exist_ok=True)
        ezkl.gen_srs("elsewhere/kzg4.srs", 4)
        with ezkl.Session(srs_folder="elsewhere", threads=1) as outer:
            with ezkl.Session():
                with self.assertRaises(RuntimeError):
                    asyncio.run(self._get_srs())
            self.assertEqual(outer.options()["srs_folder"], "elsewhere")

    @staticmethod
    async def _get_srs():
        await ezkl.get_srs("none.json", logrows=30, mirror="file:///nowhere")


class Interrupts(InFolder):
    def interrupted(self, work, after=0.3):
        done = subprocess.run([sys.executable, "-c", INTERRUPTED, str(after), work], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, universal_newlines=True, timeout=120)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(done.stdout.strip(), "done", work)
        latency = float(done.stdout)
        print("  Ctrl-C in {}: {:.0f} ms".format(work.partition("(")[0], latency * 1000), flush=True)
        self.assertLess(latency, float(os.environ.get("EZKL_LATENCY_LIMIT", "1.0")))

    def test_gen_srs(self):
        self.interrupted("ezkl.gen_srs('large.srs', 20)")
        self.assertFalse(os.path.exists("large.srs"))
        self.assertEqual([name for name in os.listdir(".") if name.startswith("large")], [])

    def test_setup_and_prove(self):
        ezkl.gen_settings("network.onnx", "large.json", small_arguments(logrows=18))
        ezkl.compile_circuit("network.onnx", "large.compiled", "large.json")
        ezkl.gen_srs("kzg18.srs", 18)
        self.interrupted("ezkl.setup('large.compiled', 'l.key', 'l.pk', 'kzg18.srs')", 0.2)
        self.assertFalse(os.path.exists("l.pk"))
        ezkl.setup("large.compiled", "l.key", "l.pk", "kzg18.srs")
        ezkl.gen_witness("input.json", "large.compiled", "l_witness.json")
        self.interrupted("ezkl.prove('l_witness.json', 'large.compiled', 'l.pk', 'l_proof.json', 'kzg18.srs')", 0.4)
        self.assertFalse(os.path.exists("l_proof.json"))

    def test_own_handler_goes_on(self):
        seen = []
        before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
        try:
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            ezkl.gen_srs("mine.srs", 15)
        finally:
            signal.signal(signal.SIGINT, before)
        while not seen:
            time.sleep(0.01)
        self.assertEqual(seen, [signal.SIGINT])
        self.assertTrue(os.path.exists("mine.srs"))


class Callbacks(InFolder):
    def test_progress(self):
        seen = []
        with ezkl.Session(progress=seen.append):
            ezkl.gen_srs("kzg.srs", 14)
        self.assertTrue(seen)
        self.assertTrue(all(isinstance(p, ezkl.Progress) and 0 <= p.part <= 1 for p in seen))

        def stop(_progress):
            raise ZeroDivisionError("enough")

        with ezkl.Session(progress=stop):
            self.assertRaises(ZeroDivisionError, ezkl.gen_srs, "stopped.srs", 18)
        self.assertFalse(os.path.exists("stopped.srs"))

    def test_stop(self):
        with ezkl.Session() as session:
            threading.Timer(0.1, session.stop).start()
            self.assertRaises(ezkl.Cancelled, ezkl.gen_srs, "large.srs", 20)
            self.assertRaises(ezkl.Cancelled, ezkl.gen_srs, "small.srs", 4)
            session.resume()
            ezkl.gen_srs("small.srs", 4)
        self.assertTrue(os.path.exists("small.srs"))

    def test_logging(self):
        records = []

        class Keep(logging.Handler):
            def emit(self, record):
                records.append(record)

        logger, handler = logging.getLogger("ezkl"), Keep()
        logger.addHandler(handler)
        try:
            ezkl.gen_settings("network.onnx", "settings.json", small_arguments())
            self.assertTrue(all(r.levelno >= logging.WARNING for r in records))
            logger.setLevel(logging.DEBUG)
            ezkl.gen_srs("kzg.srs", 9)
        finally:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)
        self.assertTrue(any(r.name.startswith("ezkl.") and "for tests" in r.getMessage() for r in records))

    def test_other_threads_run(self):
        ticks, end = [0], threading.Event()

        def tick():
            while not end.is_set():
                ticks[0] += 1
                time.sleep(0.005)

        thread = threading.Thread(target=tick)
        thread.start()
        start = time.monotonic()
        with ezkl.Session(threads=1):
            ezkl.gen_srs("kzg.srs", 17)
        took = time.monotonic() - start
        end.set()
        thread.join()
        share = ticks[0] * 0.005 / took
        print("  ticks of another thread: {} in {:.2f} s, {:.0%}".format(ticks[0], took, share), flush=True)
        self.assertGreater(share, 0.2)  # on a machine that does other work too

    def test_calls_in_threads(self):
        golden = DATA / "golden"
        results = []

        def verify():
            folder = golden / "default"
            results.append(ezkl.verify(folder / "proof.json", folder / "settings.json", folder / "vk.key",
                                       golden / "kzg4.srs", True))  # fmt: skip

        threads = [threading.Thread(target=verify) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [True] * 4)


class Asyncio(InFolder):
    def test_twins(self):
        async def main():
            settings = await ezkl.aio.gen_settings("network.onnx", "settings.json", small_arguments())
            await ezkl.aio.compile_circuit(settings_path=settings)
            ticks = 0
            work = asyncio.ensure_future(ezkl.aio.gen_srs("kzg.srs", 16))
            while not work.done():
                await asyncio.sleep(0.005)
                ticks += 1
            self.assertGreater(ticks, 1)
            with self.assertRaises(ezkl.RunError):
                await ezkl.aio.verify("none.json")

        asyncio.run(main())

    def test_cancelled_task(self):
        async def main():
            task = asyncio.ensure_future(ezkl.aio.gen_srs("large.srs", 20))
            await asyncio.sleep(0.2)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        start = time.monotonic()
        asyncio.run(main())
        self.assertLess(time.monotonic() - start, 5)
        ezkl.felt_to_int("05" + "00" * 31)
        self.assertFalse(os.path.exists("large.srs"))

    def test_get_srs_begins_when_it_is_called(self):
        """Four of the published notebooks never await it and go on to setup."""
        ezkl.gen_settings("network.onnx", "settings.json", small_arguments(commitment="IPA"))
        ezkl.compile_circuit()

        async def main():
            ezkl.get_srs("settings.json", srs_path="fetched.srs")  # IPA: made, not fetched
            ezkl.setup(srs_path="fetched.srs")

        asyncio.run(main())
        self.assertTrue(os.path.exists("vk.key"))
        self.assertEqual(json.loads(Path("settings.json").read_text())["run_args"]["commitment"], "IPA")


if __name__ == "__main__":
    unittest.main()
