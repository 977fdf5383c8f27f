#!/usr/bin/env python3
"""Makes the npm package: what javascript/package.json names, the compiled addon, libezkl.so.1, and the libraries beside
it that a bare Linux lacks.

usage: build_package.py FOLDER OUTPUT_FOLDER

FOLDER is where libezkl.so.1 lies. Two runs give the same bytes. Files that need a later glibc than the wheel's tag
says, and a package of more than 12 MB, are refused. Prints the package's path.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent
sys.path.insert(0, str(PROJECT / "python"))
import build_wheel  # noqa: E402


def stage(place, library):
    """Fills a folder with all that goes into the package."""
    for module in ("index", "nodejs"):
        for kind in ("js", "mjs", "d.ts", "d.mts"):
            shutil.copy(PACKAGE / "{}.{}".format(module, kind), place)
    shutil.copytree(PACKAGE / "lib", place / "lib")
    shutil.copy(PROJECT / "LICENSE", place / "LICENSE")
    shutil.copy(PROJECT / "docs" / "javascript.md", place / "README.md")
    description = json.loads((PACKAGE / "package.json").read_text())
    description["version"] = build_wheel.version()
    (place / "package.json").write_text(json.dumps(description, indent=2) + "\n")

    addon = next(PACKAGE.glob("prebuilds/*/ezkl.node"))
    binaries = place / "prebuilds" / addon.parent.name
    binaries.mkdir(parents=True)
    libraries = build_wheel.libraries_of(library)
    for name, path in {addon.name: addon, "libezkl.so.1": library, **libraries}.items():
        shutil.copyfile(path, binaries / name)
        if build_wheel.newest_symbol(path, "GLIBC")[:2] > build_wheel.GLIBC:
            sys.exit("{} needs glibc {}.{}".format(path, *build_wheel.newest_symbol(path, "GLIBC")))
    subprocess.run(["strip", "--strip-unneeded", str(binaries / "libezkl.so.1")], check=True)
    for name, text in build_wheel.licences(libraries).items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(text)


def main():
    library, output = Path(sys.argv[1]).resolve() / "libezkl.so.1", Path(sys.argv[2]).resolve()
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        stage(place, library)
        for path in place.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        packed = build_wheel.output_of("npm", "pack", "--silent", "--offline", "--ignore-scripts",
                                       "--pack-destination", output, place)  # fmt: skip
    package = output / packed.strip().split("\n")[-1]
    size = package.stat().st_size
    if size > build_wheel.LARGEST:
        sys.exit("{}: {} bytes, at most {}".format(package, size, build_wheel.LARGEST))
    print(package)


if __name__ == "__main__":
    main()
