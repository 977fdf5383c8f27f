#!/usr/bin/env python3
"""Writes tests/data/onnxruntime/microsoft.bin: nodes of each operator of onnxruntime's own (com.microsoft) that this
program has, with inputs and what onnxruntime makes of them, in the format of tests/interop/floatrun.py store; and
tests/data/nodes/microsoft_seeds.json: the first of each as a node for tests that break it.

    microsoft_cases.py tests/data/onnxruntime/microsoft.bin tests/data/nodes/microsoft_seeds.json

Needs the PyPI packages onnx (1.23.2 at the time of writing), onnxruntime (1.32) and numpy. Scales and zero points are
initializers; many numbers of the integer operators lie on ties of rounding.
"""
import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

TYPES = {"float32": TensorProto.FLOAT, "int8": TensorProto.INT8, "uint8": TensorProto.UINT8,
         "int32": TensorProto.INT32, "int64": TensorProto.INT64, "bool": TensorProto.BOOL}
rng = np.random.default_rng(5)
seeds = {}


def piece(data):
    return len(data).to_bytes(4, "little") + data


def real(*shape, scale=1.0):
    return (scale * rng.standard_normal(shape)).astype(np.float32)


def number(value):
    return np.array(value, np.float32)


def whole(kind, *shape):
    info = np.iinfo(kind)
    return rng.integers(info.min, info.max + 1, shape).astype(kind)


def narrow(*shape):
    """Weights of 7 bits: of longer ones onnxruntime's products with uint8 saturate on some processors."""
    return rng.integers(-64, 64, shape).astype(np.int8)


def zero(kind, value):
    return np.array(value, kind)


def value_of(attribute):
    value = helper.get_attribute_value(attribute)
    return value.decode() if isinstance(value, bytes) else value


def seed(node, operands, opsets):
    """As tools/gen/node_seeds.py writes them."""
    kind = onnx.AttributeProto
    kinds = {kind.INT: "integer", kind.FLOAT: "real", kind.INTS: "integers", kind.FLOATS: "reals", kind.STRING: "text"}
    inputs = []
    for operand in operands:
        array = operand[0] if isinstance(operand, list) else operand
        if array is None:
            inputs.append(None)
            continue
        inputs.append({"type": str(array.dtype), "shape": list(array.shape)})
        if isinstance(operand, list):
            inputs[-1]["data"] = [round(float(v), 5) for v in array.flatten()]
    attributes = {a.name: {kinds[a.type]: value_of(a)} for a in node.attribute}
    return {"attributes": attributes, "domain": node.domain, "inputs": inputs, "op": node.op_type,
            "opset": {o.domain: o.version for o in opsets}[node.domain], "others": {},
            "outputs": [bool(name) for name in node.output]}


def case(name, op, operands, outputs=1, domain="com.microsoft", **attributes):
    """operands: arrays in order; a list of one array is an initializer, None is left out."""
    names, inputs, initializers = [], [], []
    for i, operand in enumerate(operands):
        if operand is None:
            names.append("")
            continue
        names.append(f"x{i}")
        if isinstance(operand, list):
            initializers.append(numpy_helper.from_array(np.asarray(operand[0]), f"x{i}"))
        else:
            inputs.append((f"x{i}", operand))
    results = outputs if isinstance(outputs, list) else [f"y{i}" for i in range(outputs)]
    node = helper.make_node(op, names, results, name=name, domain=domain, **attributes)
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info(n, TYPES[str(a.dtype)], a.shape) for n, a in inputs],
        [onnx.ValueInfoProto(name=n) for n in results if n], initializers)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    got = session.run(None, dict(inputs))
    for info, array in zip(graph.output, got):
        info.CopyFrom(helper.make_tensor_value_info(info.name, TYPES[str(array.dtype)], array.shape))
    model.graph.CopyFrom(graph)
    seeds.setdefault(op, seed(node, operands, opsets))
    entry = piece(name.encode()) + piece(model.SerializeToString())
    for arrays in ([a for _, a in inputs], got):
        entry += len(arrays).to_bytes(4, "little")
        for array in arrays:
            entry += piece(numpy_helper.from_array(np.asarray(array)).SerializeToString())
    return entry


def quantized_cases():
    half, third = [number(0.5)], [number(0.37193)]
    for kind, z, zy in ((np.uint8, 128, 127), (np.int8, 3, -5)):
        k = np.dtype(kind).name
        a, b = whole(kind, 1, 24), whole(kind, 1, 24)
        za, zb, zc = [zero(kind, z)], [zero(kind, z + 2)], [zero(kind, zy)]
        yield case(f"add_{k}", "QLinearAdd", [a, half, za, b, half, zb, [number(1)], zc])
        yield case(f"add_apart_{k}", "QLinearAdd", [a, third, za, b, [number(0.01137)], zb, [number(0.41731)], zc])
        yield case(f"add_row_{k}", "QLinearAdd", [whole(kind, 2, 3, 4), third, za, whole(kind, 4), half, zb, half, zc])
        yield case(f"mul_{k}", "QLinearMul", [a, half, za, b, half, zb, [number(8)], zc])
        yield case(f"mul_apart_{k}", "QLinearMul", [a, third, za, b, [number(0.0123)], zb, [number(0.11)], zc])
        every = np.arange(np.iinfo(kind).min, np.iinfo(kind).max + 1).astype(kind)[None]
        yield case(f"sigmoid_{k}", "QLinearSigmoid", [every, [number(0.043)], za, [number(1 / 256)],
                                                      [zero(kind, np.iinfo(kind).min)]])
        yield case(f"leaky_{k}", "QLinearLeakyRelu", [every, half, za, [number(1)], zc], alpha=0.25)
        yield case(f"softmax_{k}", "QLinearSoftmax", [whole(kind, 2, 3, 4), [number(0.02)], za, [number(1 / 256)],
                                                      [zero(kind, np.iinfo(kind).min)]], axis=1, opset=13)
        yield case(f"softmax_old_{k}", "QLinearSoftmax", [whole(kind, 2, 3, 4), [number(0.02)], za, [number(1 / 256)],
                                                          [zero(kind, np.iinfo(kind).min)]], axis=1, opset=12)
        yield case(f"concat_{k}", "QLinearConcat", [[number(1)], zc, a, half, za, b, [number(1)], zc], axis=1)
        image = whole(kind, 1, 3, 4, 4)
        yield case(f"global_{k}", "QLinearGlobalAveragePool", [image, half, za, half, zc], channels_last=0)
        yield case(f"global_last_{k}", "QLinearGlobalAveragePool", [image, third, za, half, zc], channels_last=1)
        yield case(f"pool_{k}", "QLinearAveragePool", [image, half, za, half, zc], kernel_shape=[2, 2], strides=[2, 2])
        yield case(f"pool_whole_{k}", "QLinearAveragePool", [image, half, za, half, zc], kernel_shape=[4, 4])
        yield case(f"pool_padded_{k}", "QLinearAveragePool", [image, third, za, half, zc], kernel_shape=[3, 3],
                   strides=[2, 2], pads=[1, 1, 1, 1])
        yield case(f"pool_counted_{k}", "QLinearAveragePool", [image, third, za, half, zc], kernel_shape=[3, 3],
                   pads=[1, 1, 1, 1], count_include_pad=1)
        yield case(f"where_{k}", "QLinearWhere", [rng.random((1, 24)) < 0.5, a, half, za, b, third, zb, [number(0.7)],
                                                  zc])
        rows, weights = whole(kind, 3, 8), narrow(8, 5)
        bias = [rng.integers(-9000, 9000, 5).astype(np.int32)]
        wz = [zero(np.int8, 0)]
        yield case(f"gemm_{k}", "QGemm", [rows, third, za, [weights], [number(0.01)], wz, bias, [number(2.5)], zc])
        yield case(f"gemm_columns_{k}", "QGemm",
                   [rows, third, za, [weights.T.copy()], [np.array([.01, .02, .003, .5, .04], np.float32)],
                    [np.zeros(5, np.int8)], bias, [number(2.5)], zc], transB=1)
        yield case(f"gemm_float_{k}", "QGemm", [rows, third, za, [weights], [number(0.01)], wz, bias])
        yield case(f"to_float_{k}", "MatMulIntegerToFloat",
                   [rows, [weights], third, [np.array([.01, .02, .003, .5, .04], np.float32)], za,
                    [np.zeros(5, np.int8)], [real(5)]])
        yield case(f"quantize_{k}", "QuantizeLinear", [real(2, 12, scale=30), half, za])
        yield case(f"dequantize_{k}", "DequantizeLinear", [a, third, za])
    weights = narrow(8, 5)
    yield case("dynamic", "DynamicQuantizeMatMul", [real(3, 8), [weights], [number(0.01)], [zero(np.int8, 2)], [real(5)]])
    yield case("dynamic_columns", "DynamicQuantizeMatMul",
               [real(2, 3, 8), [weights], [np.array([.01, .02, .003, .05, .04], np.float32)]])


def fused_cases():
    x = real(2, 3, 8)
    yield case("matmul", "FusedMatMul", [real(2, 4, 3), real(2, 5, 4)], alpha=0.25, transA=1, transB=1)
    yield case("matmul_plain", "FusedMatMul", [real(3, 4), [real(4, 2)]], alpha=2.0)
    image, kernel = real(1, 2, 5, 5), [real(3, 2, 3, 3)]
    yield case("conv_relu", "FusedConv", [image, kernel, [real(3)]], activation="Relu", pads=[1, 1, 1, 1])
    yield case("conv_leaky", "FusedConv", [image, kernel], activation="LeakyRelu", activation_params=[0.25])
    yield case("conv_clip", "FusedConv", [image, kernel, [real(3)]], activation="Clip", activation_params=[-1.0, 1.5])
    yield case("gemm_relu", "FusedGemm", [real(3, 4), [real(4, 2)], [real(2)]], activation="Relu", alpha=0.5)
    yield case("gemm_leaky", "FusedGemm", [real(3, 4), [real(2, 4)], [real(2)]], activation="LeakyRelu",
               activation_alpha=0.25, transB=1)
    yield case("gelu", "Gelu", [x])
    yield case("bias_gelu", "BiasGelu", [x, [real(8)]])
    yield case("fast_gelu", "FastGelu", [x, [real(8)]])
    yield case("fast_gelu_alone", "FastGelu", [x])
    yield case("quick_gelu", "QuickGelu", [x], alpha=1.702)
    yield case("skip", "SkipLayerNormalization", [x, real(2, 3, 8), [real(8)], [real(8)], [real(8)]],
               ["y", "", "", "sum"], epsilon=1e-5)
    yield case("skip_plain", "SkipLayerNormalization", [x, real(2, 3, 8), [real(8)], [real(8)]])
    yield case("skip_rms", "SkipSimplifiedLayerNormalization", [x, real(2, 3, 8), [real(8)]], epsilon=1e-5)
    yield case("rms", "SimplifiedLayerNormalization", [x, [real(8)]], domain="", axis=-1, epsilon=1e-5)
    ids, segments = rng.integers(0, 12, (2, 4)).astype(np.int32), rng.integers(0, 2, (2, 4)).astype(np.int32)
    mask = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], np.int32)
    tables = [[real(12, 8)], [real(6, 8)], [real(2, 8)], [real(8)], [real(8)]]
    yield case("embed", "EmbedLayerNormalization", [ids, segments, *tables, mask], 2, epsilon=1e-5)
    yield case("embed_plain", "EmbedLayerNormalization", [ids, None, *tables[:2], None, *tables[3:]], 2)
    packed = [[real(8, 24, scale=0.4)], [real(24)]]
    yield case("attention", "Attention", [x, *packed], num_heads=2)
    yield case("attention_mask", "Attention", [real(2, 4, 8), *packed, mask], num_heads=2)
    yield case("attention_lengths", "Attention", [real(2, 4, 8), *packed, np.array([3, 2], np.int32)], num_heads=4)
    yield case("attention_causal", "Attention", [x, *packed], num_heads=2, unidirectional=1)


def main():
    with open(sys.argv[1], "wb") as out:
        for entry in [*quantized_cases(), *fused_cases()]:
            out.write(entry)
    with open(sys.argv[2], "w") as out:
        lines = [json.dumps(seeds[op], default=list) for op in sorted(seeds)]
        out.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
