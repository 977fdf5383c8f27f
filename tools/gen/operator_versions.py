"""Writes tools/gen/operator_versions.inc: the operators that ONNX knows and the opsets that changed them.

Needs the PyPI package onnx (1.23.2 at the time of writing).

    python3 tools/gen/operator_versions.py > tools/gen/operator_versions.inc
"""
import collections

import onnx.defs


def main():
    versions = collections.defaultdict(set)
    for schema in onnx.defs.get_all_schemas_with_history():
        versions[schema.domain or "ai.onnx", schema.name].add(schema.since_version)
    for (domain, name), opsets in sorted(versions.items()):
        print(f'{{"{domain}", "{name}", "{", ".join(str(v) for v in sorted(opsets))}"}},')


if __name__ == "__main__":
    main()
