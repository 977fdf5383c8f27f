#!/usr/bin/env python3
"""Models that compute with field elements, by ours and by the published package.

    python tests/interop/field_elements.py PROGRAM

PROGRAM is a built ezkl; the interpreter must have ezkl 23.0.5. The models are those of tests/data/models: membership of a
message in a set of hashes (a member and another, the set shown and fixed in the key), and a sum of balances whose
owners, 64 hexadecimal digits each, are committed to. The published package takes each the whole way; then the sample holds
as visibility.py says: ours accepts its proof, proves from its settings, with equal fields in witness and proof, and is
accepted by it.
"""
import json
import shutil
import sys
import tempfile
from pathlib import Path

import ezkl

from visibility import Failed, Sample, publish

MODELS = Path(__file__).resolve().parent.parent / "data" / "models"
SMALL = {"logrows": 10, "input_scale": 0, "param_scale": 0, "decomp_base": 128, "decomp_legs": 2,
         "lookup_range": (-100, 100), "scale_rebase_multiplier": 1000, "ignore_range_check_inputs_outputs": True}


def hash_of(number):
    return ezkl.poseidon_hash([ezkl.float_to_felt(number, 0)])[0]


SET = [hash_of(float(v)) for v in (11, 22, 33, 44)]
SAMPLES = {
    "membership, fixed": ("set_membership", ("hashed/private/0", "fixed", "fixed"), [[33.0], SET]),
    "membership, public": ("set_membership", ("hashed/private/0", "fixed", "public"), [[33.0], SET]),
    "no member, public": ("set_membership", ("hashed/private/0", "fixed", "public"), [[34.0], SET]),
    "solvency": ("solvency", ("polycommit", "fixed", "public"), [SET, [10.0, 20.0, 30.0, 39.0]]),
    "no solvency": ("solvency", ("polycommit", "fixed", "public"), [SET, [10.0, 20.0, 30.0, 40.0]]),
}


def main():
    program = str(Path(sys.argv[1]).resolve())
    failures = 0
    with tempfile.TemporaryDirectory() as made:
        srs = Path(made) / "kzg.srs"
        ezkl.gen_srs(str(srs), SMALL["logrows"])
        for name, (model, visibilities, lists) in SAMPLES.items():
            stored = Path(made) / name
            stored.mkdir()
            shutil.copy(MODELS / f"{model}.onnx", stored / "network.onnx")
            (stored / "input.json").write_text(json.dumps({"input_data": lists}))
            with tempfile.TemporaryDirectory() as work:
                try:
                    publish(stored, visibilities, SMALL, str(srs))
                    print(f"{name}: {Sample(program, stored, Path(work), srs).check()}", flush=True)
                except (Failed, RuntimeError) as e:
                    failures += 1
                    print(f"{name}: FAILED {e}", flush=True)
    print(f"{len(SAMPLES) - failures} of {len(SAMPLES)} samples hold")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
