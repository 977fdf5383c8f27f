#!/usr/bin/env python3
"""Every mixture of visibilities on a small model, by ours and by the published package.

    python tests/interop/mixtures.py PROGRAM SHARED [--every N]

PROGRAM is a built ezkl, SHARED the folder that holds vectors/golden; the interpreter must have ezkl 23.0.5. For each of the
216 mixtures (with --every N, each N-th):
  * ours goes the whole way from its own settings, and the published verifier accepts; or, where no proof could say what is
    asked for, ours refuses with the reason;
  * where the published package gets to a proof, that sample holds as visibility.py says: ours accepts it, proves from its
    settings, equal in every field, and is accepted.
Prints a line a mixture and, at the end, what the published package makes of the mixtures.
"""
import argparse
import collections
import itertools
import os
import shutil
import sys
import tempfile
from pathlib import Path

import ezkl

from visibility import Failed, Sample, expect, publish

VALUES = ("private", "public", "fixed", "hashed/public", "hashed/private/0", "polycommit")
SMALL = {"logrows": 10, "input_scale": 4, "param_scale": 4, "decomp_base": 128, "decomp_legs": 2, "lookup_range": (-2, 2)}
OURS = ["-K", "10", "--input-scale", "4", "--param-scale", "4", "--decomp-base", "128", "--decomp-legs", "2", "-B=-2->2"]


def refusal(mixture):
    """What ours says instead of proving, if it refuses the mixture."""
    inputs, params, _ = mixture
    if params == "public":
        return "use `fixed` instead"
    if set(mixture) == {"private"}:
        return "at least one set of public variables"
    if inputs == "hashed/private/0":
        return "the model computes with its hash, which is one element"
    return None


class Ours(Sample):
    """Our own whole way; what is compared with lies in the same folder."""

    def settings(self, mixture):
        visible = [w for group, value in zip(("input", "param", "output"), mixture)
                   for w in (f"--{group}-visibility", value)]
        return ["gen-settings", *visible, *OURS]

    def go(self, mixture):
        reason = refusal(mixture)
        if reason:
            expect(reason in self.run(*self.settings(mixture), refused=True), "refused without the reason")
            return "refused"
        self.run(*self.settings(mixture))
        self.prove()
        self.check_published_verifier()
        return "proved and accepted"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("shared")
    parser.add_argument("--every", type=int, default=1)
    a = parser.parse_args()
    program, model = str(Path(a.program).resolve()), Path(a.shared) / "vectors" / "golden" / "hashed_all"
    failures, totals, published = 0, collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as top:
        srs = str(Path(top) / "kzg10.srs")
        ezkl.gen_srs(srs, SMALL["logrows"])
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the panics of the package
        for number, mixture in enumerate(itertools.product(VALUES, repeat=3)):
            if number % a.every:
                continue
            folders = [Path(top) / f"{who}{number}" for who in ("own", "theirs", "work")]
            for folder in folders:
                folder.mkdir()
                for file in ("network.onnx", "input.json"):
                    shutil.copy(model / file, folder)
            own, theirs, work = folders
            try:
                publish(theirs, mixture, SMALL, srs)
                outcome = "proves"
            except BaseException as e:  # panics are no Exception
                if isinstance(e, KeyboardInterrupt):
                    raise
                outcome = f"fails: {str(e)[:60]}"
            published[outcome.split("integer")[0]] += 1
            name = " ".join(mixture)
            try:
                result = Ours(program, own, own, srs).go(mixture)
                if outcome == "proves":
                    result += ", and theirs " + Sample(program, theirs, work, srs).check()
                totals[result] += 1
                print(f"{name}: {result}", flush=True)
            except (Failed, RuntimeError) as e:
                failures += 1
                print(f"{name}: FAILED {e}", flush=True)
            for folder in folders:
                shutil.rmtree(folder)
    for what, counts in (("ours", totals), ("the published package", published)):
        for result, count in sorted(counts.items()):
            print(f"{what}: {count} {result}")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
