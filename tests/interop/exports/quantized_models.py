"""What onnxruntime's quantizers make of a torch MLP and a CNN."""

import os
import tempfile

import onnx

from registry import export


def mlp():
    from torch import nn

    return nn.Sequential(nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10))


def cnn():
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6, 10)
    )


def quantized(make, shape, how):
    from torch_models import classifier
    from onnxruntime.quantization.shape_inference import quant_pre_process

    out = classifier(make, "digits", shape, False)
    with tempfile.TemporaryDirectory() as folder:
        source, ready, target = (os.path.join(folder, name) for name in ("a.onnx", "b.onnx", "c.onnx"))
        onnx.save(out.model, source)
        quant_pre_process(source, ready, skip_symbolic_shape=True)
        how(ready, target, out.given[0])
        out.model = onnx.load(target)
    return out


def static(kind, activations, weights, per_channel, symmetric=False):
    def how(source, target, rows):
        from onnxruntime import quantization as q

        class Reader(q.CalibrationDataReader):
            def __init__(self):
                self.rows = iter(rows[:100])

            def get_next(self):
                row = next(self.rows, None)
                return None if row is None else {"input": row[None]}

        q.quantize_static(
            source,
            target,
            Reader(),
            quant_format=q.QuantFormat[kind],
            per_channel=per_channel,
            activation_type=q.QuantType[activations],
            weight_type=q.QuantType[weights],
            extra_options={"ActivationSymmetric": symmetric, "WeightSymmetric": weights == "QInt8"},
        )

    return how


def dynamic(weights, per_channel=False):
    def how(source, target, rows):
        from onnxruntime import quantization as q

        q.quantize_dynamic(source, target, per_channel=per_channel, weight_type=q.QuantType[weights])

    return how


for name, make, shape in (("MLP", mlp, (64,)), ("CNN", cnn, (1, 8, 8))):
    for kind, how in (
        ("QDQ int8 per channel", static("QDQ", "QInt8", "QInt8", True)),
        ("QDQ uint8", static("QDQ", "QUInt8", "QUInt8", False)),
        ("QDQ uint8 int8 symmetric", static("QDQ", "QInt8", "QInt8", False, True)),
        ("QOperator uint8", static("QOperator", "QUInt8", "QUInt8", False)),
        ("QOperator int8 per channel", static("QOperator", "QInt8", "QInt8", True)),
        ("dynamic int8", dynamic("QInt8")),
        ("dynamic uint8", dynamic("QUInt8")),
    ):
        export("onnxruntime, quantized", f"{name} {kind}, digits")(
            lambda make=make, shape=shape, how=how: quantized(make, shape, how)
        )
