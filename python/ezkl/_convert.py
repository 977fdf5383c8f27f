"""Models of other packages as ONNX, by those packages' own exporters."""

from __future__ import annotations

import os
import tempfile
from typing import Any, Tuple


def _missing(package: str, what: str) -> ImportError:
    return ImportError("{} needs the package {}: pip install {}".format(what, package, package))


def to_onnx(model: Any, example: Any) -> Tuple[bytes, str]:
    """An ONNX file of a model that some package fitted, and that package's name. errors: TypeError for other models."""
    packages = {kind.__module__.partition(".")[0] for kind in type(model).__mro__}
    for package, export in (
        ("xgboost", from_xgboost),
        ("lightgbm", from_lightgbm),
        ("torch", from_torch),
        ("sklearn", from_sklearn),
    ):
        if package in packages:
            return export(model, example), package
    raise TypeError("a model is an ONNX file's path or bytes, or a model of scikit-learn, xgboost, lightgbm or torch,"
                    " not {}".format(type(model).__name__))  # fmt: skip


def _rows(example: Any, what: str) -> Any:
    import numpy

    if example is None:
        raise TypeError("{} needs an example of the input: ezkl.from_{}(model, X)".format(what, what))
    table = example.to_numpy() if hasattr(example, "to_numpy") else numpy.asarray(example)
    table = table.reshape(1, -1) if table.ndim == 1 else table
    return table[:1].astype(numpy.float32)


def from_sklearn(model: Any, example: Any) -> bytes:
    try:
        import skl2onnx
    except ImportError:
        raise _missing("skl2onnx", "a scikit-learn model") from None
    rows = _rows(example, "sklearn")
    classes = hasattr(model, "classes_") and hasattr(model, "predict_proba")
    options = {id(model): {"zipmap": False}} if classes else None
    made = skl2onnx.to_onnx(model, rows, options=options, target_opset={"": 18, "ai.onnx.ml": 3})
    return bytes(made.SerializeToString())


def _with_onnxmltools(function: str, model: Any, example: Any, package: str, **options: Any) -> bytes:
    try:
        import onnxmltools
        from onnxmltools.convert.common.data_types import FloatTensorType
    except ImportError:
        raise _missing("onnxmltools", "a model of " + package) from None
    width = _rows(example, package).shape[1]
    convert = getattr(onnxmltools, function)
    made = convert(model, initial_types=[("input", FloatTensorType([None, width]))], **options)
    return bytes(made.SerializeToString())


def from_xgboost(model: Any, example: Any) -> bytes:
    return _with_onnxmltools("convert_xgboost", model, example, "xgboost")


def from_lightgbm(model: Any, example: Any) -> bytes:
    options = {"zipmap": False} if hasattr(model, "classes_") else {}
    return _with_onnxmltools("convert_lightgbm", model, example, "lightgbm", **options)


def from_torch(model: Any, example: Any) -> bytes:
    import torch

    if example is None:
        raise TypeError("torch needs an example of the input: ezkl.from_torch(model, x)")
    inputs = example if isinstance(example, tuple) else (example,)
    inputs = tuple(x if isinstance(x, torch.Tensor) else torch.tensor(x) for x in inputs)
    training = model.training
    model.eval()
    try:
        with tempfile.TemporaryDirectory() as folder, torch.no_grad():
            path = os.path.join(folder, "model.onnx")
            torch.onnx.export(model, inputs, path, dynamo=False)
            with open(path, "rb") as file:
                return file.read()
    finally:
        model.train(training)
