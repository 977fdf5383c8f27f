"""The command `ezkl`: the program that the wheel brings."""

from __future__ import annotations

import os
import sys


def main() -> int:
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "ezkl")
    if not os.path.exists(program):
        print("ezkl: this copy of the package has no program in it", file=sys.stderr)
        return 1
    if not os.access(program, os.X_OK):
        os.chmod(program, 0o755)  # some installers drop the mode
    os.execv(program, ["ezkl", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
