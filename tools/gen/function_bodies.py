"""Writes src/graph/frontend/function_bodies.cpp: the operators that ONNX defines by simpler ones, as plain C++ data.

Needs the PyPI package onnx (1.23.2 at the time of writing). Operators whose body depends on the node it stands for
(attributes baked in, optional inputs) have converters of their own and are left out here.

    python3 tools/gen/function_bodies.py > src/graph/frontend/function_bodies.cpp
"""
import json
import sys

import onnx.defs
from onnx import AttributeProto, numpy_helper

TYPES = {"float32": "f32", "float64": "f64", "float16": "f16", "int64": "i64", "int32": "i32", "uint8": "u8",
         "int8": "i8", "bool": "boolean"}


def text(s):
    return json.dumps(s)


def strings(values):
    return "{" + ", ".join(text(v) for v in values) + "}"


def number(v):
    return repr(float(v))


def tensor(t):
    a = numpy_helper.to_array(t)
    shape = "{" + ", ".join(str(d) for d in a.shape) + "}"
    data = "{" + ", ".join(number(v) for v in a.flatten()) + "}"
    return f"FloatTensor{{DType::{TYPES[str(a.dtype)]}, {shape}, {data}}}"


def attribute(a):
    """(function that builds it, its arguments)"""
    if a.ref_attr_name:
        return f"reference({text(a.ref_attr_name)})"
    kinds = {
        AttributeProto.INT: lambda: f"integer({a.i})",
        AttributeProto.FLOAT: lambda: f"real({number(a.f)})",
        AttributeProto.STRING: lambda: f"words({text(a.s.decode())})",
        AttributeProto.TENSOR: lambda: f"tensor({tensor(a.t)})",
        AttributeProto.INTS: lambda: "integers({" + ", ".join(map(str, a.ints)) + "})",
        AttributeProto.FLOATS: lambda: "reals({" + ", ".join(map(number, a.floats)) + "})",
    }
    return kinds[a.type]()


def node(n):
    lines = [f"  node(f, {text(n.name)}, {text(n.op_type)}, {text(n.domain)}, {strings(n.input)}, {strings(n.output)});"]
    lines += [f"  give(f, {text(a.name)}, {attribute(a)});" for a in n.attribute]
    return lines


def function(schema):
    """Statements that build one FunctionDef: a nested initializer of all of them takes compilers minutes."""
    body = schema.function_body
    lines = [f"  FunctionDef f = start({text(schema.name)}, {schema.since_version}, {strings(body.input)}, "
             f"{strings(body.output)}, {strings(schema.attributes)});"]
    for name, a in schema.attributes.items():
        if a.default_value.name or a.default_value.type:
            lines.append(f"  f.defaults[{text(name)}] = {attribute(a.default_value)};")
    lines += [f"  f.opsets[{text(o.domain)}] = {o.version};" for o in body.opset_import]
    for n in body.node:
        lines += node(n)
    return "\n".join(lines)


def supported(schema):
    try:
        function(schema)
        return all(not a.type == AttributeProto.GRAPH for n in schema.function_body.node for a in n.attribute)
    except KeyError:
        return False


def main():
    schemas = [s for s in onnx.defs.get_all_schemas_with_history() if s.domain == "" and s.has_function]
    schemas = sorted((s for s in schemas if supported(s)), key=lambda s: (s.name, s.since_version))
    out = sys.stdout
    out.write("// Written by tools/gen/function_bodies.py from the operator definitions of ONNX (Apache-2.0).\n")
    out.write('#include "graph/frontend/function_bodies.hpp"\n\n#include <utility>\n\nnamespace ezkl {\nnamespace {\n\n')
    out.write("using Type = AttributeDef::Type;\n\n")
    for kind, argument, member in (("integer", "std::int64_t", "i"), ("real", "double", "f"),
                                   ("words", "std::string", "s"), ("integers", "std::vector<std::int64_t>", "ints"),
                                   ("reals", "std::vector<double>", "floats")):
        name = {"words": "text"}.get(kind, kind)
        out.write(f"[[maybe_unused]] AttributeDef {kind}({argument} value) {{\n  AttributeDef a;\n  a.type = Type::{name};\n"
                  f"  a.{member} = std::move(value);\n  return a;\n}}\n\n")
    out.write("AttributeDef tensor(FloatTensor value) {\n  AttributeDef a;\n  a.type = Type::tensor;\n"
              "  a.tensors.push_back(std::move(value));\n  return a;\n}\n\n")
    out.write("AttributeDef reference(std::string name) {\n  AttributeDef a;\n  a.reference = std::move(name);\n"
              "  return a;\n}\n\n")
    out.write("using Names = std::vector<std::string>;\n\n"
              "FunctionDef start(std::string name, std::int64_t since, Names inputs, Names outputs, Names attributes) {\n"
              "  FunctionDef f;\n  f.name = std::move(name);\n  f.since_version = since;\n  f.inputs = std::move(inputs);\n"
              "  f.outputs = std::move(outputs);\n  f.attributes = std::move(attributes);\n  return f;\n}\n\n"
              "void node(FunctionDef& f, std::string name, std::string op, std::string domain, Names inputs, Names outputs) {\n"
              "  NodeDef n;\n  n.name = std::move(name);\n  n.op_type = std::move(op);\n  n.domain = std::move(domain);\n"
              "  n.inputs = std::move(inputs);\n  n.outputs = std::move(outputs);\n  f.nodes.push_back(std::move(n));\n}\n\n"
              "void give(FunctionDef& f, const char* name, AttributeDef value) { f.nodes.back().attributes[name] = std::move(value); }\n\n"
              "// clang-format off\n")
    for i, s in enumerate(schemas):
        out.write(f"FunctionDef body_{i}() {{\n{function(s)}\n  return f;\n}}\n\n")
    out.write("// clang-format on\n}  // namespace\n\n"
              "const std::vector<FunctionDef>& onnx_function_bodies() {\n"
              "  static const std::vector<FunctionDef> bodies = [] {\n    std::vector<FunctionDef> all;\n")
    for i in range(len(schemas)):
        out.write(f"    all.push_back(body_{i}());\n")
    out.write("    return all;\n  }();\n  return bodies;\n}\n\n}  // namespace ezkl\n")


if __name__ == "__main__":
    main()
