"""One flow as a script, under asyncio.run, and as cells of a Jupyter kernel (where nbclient and ipykernel are there)."""

import asyncio
import os
import unittest

import ezkl
from base import InFolder

try:
    import nbclient
    import nbformat
except ImportError:
    nbclient = None

ARGUMENTS = """
import os
import ezkl

run_args = ezkl.PyRunArgs()
run_args.input_visibility = "private"
run_args.logrows = 9
run_args.lookup_range = (-256, 256)
run_args.decomp_base = 64
run_args.decomp_legs = 4
run_args.commitment = "IPA"  # its setup is made, not fetched
res = ezkl.gen_settings("network.onnx", "settings.json", py_run_args=run_args)
assert res == True
res = ezkl.compile_circuit("network.onnx", "model.compiled", "settings.json")
assert res == True
"""
FETCH = """
res = await ezkl.get_srs("settings.json", srs_path="ipa.srs")
assert res == True
"""
PROVE = """
res = ezkl.setup("model.compiled", "vk.key", "pk.key", "ipa.srs")
assert res == True
res = ezkl.gen_witness("input.json", "model.compiled", "witness.json")
assert os.path.isfile("witness.json") and res["outputs"]
res = ezkl.prove("witness.json", "model.compiled", "pk.key", "proof.json", "ipa.srs")
instances = res["instances"]
res = ezkl.verify("proof.json", "settings.json", "vk.key", "ipa.srs")
assert res == True
"""


class Flow(InFolder):
    def setUp(self):
        for name in os.listdir("."):
            if name not in ("network.onnx", "input.json"):
                os.unlink(name)

    def test_script(self):
        space = {}
        exec(compile(ARGUMENTS, "arguments", "exec"), space)
        asyncio.run(self._fetch())
        exec(compile(PROVE, "prove", "exec"), space)
        self.assertEqual(len(space["instances"][0]), 3)

    @staticmethod
    async def _fetch():
        assert await ezkl.get_srs("settings.json", srs_path="ipa.srs") == True  # noqa: E712

    def test_inside_a_loop(self):
        async def main():
            space = {}
            exec(compile(ARGUMENTS, "arguments", "exec"), space)
            await self._fetch()
            exec(compile(PROVE, "prove", "exec"), space)
            return space["instances"]

        self.assertEqual(len(asyncio.run(main())[0]), 3)

    @unittest.skipUnless(nbclient, "nbclient is not installed")
    def test_kernel(self):
        cells = [ARGUMENTS, FETCH, PROVE, "instances", "res = ezkl.gen_srs('large.srs', 18)\nezkl.PyRunArgs()"]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        outputs = [[output for output in cell.outputs] for cell in notebook.cells]
        self.assertFalse([o for o in sum(outputs, []) if o.output_type == "error"])
        self.assertEqual(outputs[3][0]["data"]["text/plain"].count("'") // 2, 3)
        bars = [o for o in outputs[4] if o.output_type == "display_data"]
        self.assertEqual([o["data"]["text/html"] for o in bars], [""] * len(bars))  # shown, and gone when done
        print("  progress bars in the kernel:", len(bars), flush=True)


if __name__ == "__main__":
    unittest.main()
