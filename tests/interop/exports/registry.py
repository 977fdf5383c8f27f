"""The table of exported models, and what each is run on."""

import dataclasses

import numpy as np

EXPORTS = {}  # name -> (family, maker)
EXACT = {}  # name -> outputs of (model, row) in double precision, where that of onnxruntime is the larger error


@dataclasses.dataclass
class Export:
    """A model and real data for it, one array an input: a row is a sample of that input's shape.

    `given` is what gen-settings gets, `held_out` what nobody has seen. `scores`: the output whose largest element is
    the class, for models without an output of labels.
    """

    model: object
    given: list
    held_out: list
    scores: int | None = None


def export(family, name):
    def add(maker):
        assert name not in EXPORTS, name
        EXPORTS[name] = (family, maker)
        return maker

    return add


def shuffled(*arrays, seed=7):
    order = np.random.default_rng(seed).permutation(len(arrays[0]))
    return [a[order] for a in arrays]
