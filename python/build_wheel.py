#!/usr/bin/env python3
"""Makes the wheel: the package of this folder, libezkl.so.1, the program, and the libraries beside them that a bare
Linux lacks.

usage: build_wheel.py INSTALLED OUTPUT_FOLDER

INSTALLED is where `cmake --install --strip` put a build whose CMAKE_INSTALL_RPATH is $ORIGIN:$ORIGIN/../lib. Two runs
give the same bytes. Files that need a later glibc than the tag says, and a wheel of more than 12 MB, are refused.
Prints the wheel's path.
"""

import base64
import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent
DISTRIBUTION = "ezkl_cpp"
LARGEST = 12_000_000
GLIBC = (2, 35)
#: What every Linux of that age has (PEP 600); the rest goes along.
SYSTEM = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "libz.so.1", "libdl.so.2", "libpthread.so.0",
          "ld-linux-x86-64.so.2", "linux-vdso.so.1"}  # fmt: skip


def output_of(*command):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout


def version():
    return re.search(r"project\(ezkl VERSION ([\d.]+)", (PROJECT / "CMakeLists.txt").read_text()).group(1)


def libraries_of(*binaries):
    """Name and path of every library that the binaries need and a bare system lacks."""
    found = {}
    for binary in binaries:
        for line in output_of("ldd", binary).splitlines():
            name, arrow, rest = line.strip().partition(" => ")
            if not arrow or name in SYSTEM or name.startswith("libezkl."):
                continue
            path = rest.split(" (")[0]
            if path == "not found":
                sys.exit("{} needs {}, which is not there".format(binary, name))
            found[name] = Path(path)
    return found


def newest_symbol(binary, family):
    numbers = re.findall(family + r"_(\d+)\.(\d+)(?:\.(\d+))?", output_of("objdump", "-T", binary))
    return max((tuple(int(n or 0) for n in number) for number in numbers), default=(0, 0, 0))


def licences(libraries):
    """Texts that must go along with the libraries, as Debian installs them."""
    out = {}
    for path in libraries.values():
        owner = output_of("dpkg-query", "-S", path.resolve()).split(":")[0]
        out["licenses/{}.txt".format(owner)] = Path("/usr/share/doc", owner, "copyright").read_bytes()
    return out


def metadata():
    description = (PROJECT / "docs" / "python.md").read_text()
    return (
        (
            "Metadata-Version: 2.1\nName: {}\nVersion: {}\nSummary: Zero-knowledge proofs of machine-learning models; "
            "a drop-in for the package ezkl 23.0.5\nLicense: Apache-2.0\nRequires-Python: >=3.8\nProvides-Extra: numpy\n"
            "Requires-Dist: numpy; extra == 'numpy'\nDescription-Content-Type: text/markdown\n\n{}"
        )
        .format(DISTRIBUTION.replace("_", "-"), version(), description)
        .encode()
    )


def write_wheel(path, files, information, tag):
    """files: name to (bytes, mode). RECORD comes last."""
    files = dict(files)
    files[information + "/WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: build_wheel\nRoot-Is-Purelib: false\nTag: {}\n".format(tag).encode(),
        0o644,
    )
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name in sorted(files, key=lambda n: (n.startswith(information), n)):
            data, mode = files[name]
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append("{},sha256={},{}\n".format(name, digest, len(data)))
            add(wheel, name, data, mode)
        record.append("{}/RECORD,,\n".format(information))
        add(wheel, information + "/RECORD", "".join(record).encode(), 0o644)


def add(wheel, name, data, mode):
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    wheel.writestr(entry, data)


def main():
    installed, output = Path(sys.argv[1]), Path(sys.argv[2])
    program = installed / "bin" / "ezkl"
    library = next(installed.glob("lib*/**/libezkl.so.1"))
    libraries = libraries_of(program, library)
    shipped = {"ezkl/bin/ezkl": (program, 0o755), "ezkl/lib/libezkl.so.1": (library, 0o644)}
    shipped.update({"ezkl/lib/" + name: (path, 0o644) for name, path in libraries.items()})
    for path, _ in shipped.values():
        if newest_symbol(path, "GLIBC")[:2] > GLIBC:
            sys.exit("{} needs glibc {}.{}".format(path, *newest_symbol(path, "GLIBC")))
    tag = "py3-none-manylinux_{}_{}_x86_64".format(*GLIBC)
    information = "{}-{}.dist-info".format(DISTRIBUTION, version())
    files = {name: (path.read_bytes(), mode) for name, (path, mode) in shipped.items()}
    for source in sorted((PACKAGE / "ezkl").iterdir()):
        if source.suffix == ".py" or source.name == "py.typed":
            files["ezkl/" + source.name] = (source.read_bytes(), 0o644)
    files[information + "/METADATA"] = (metadata(), 0o644)
    files[information + "/entry_points.txt"] = (b"[console_scripts]\nezkl = ezkl.__main__:main\n", 0o644)
    files[information + "/licenses/LICENSE"] = ((PROJECT / "LICENSE").read_bytes(), 0o644)
    for name, text in licences(libraries).items():
        files[information + "/" + name] = (text, 0o644)
    output.mkdir(parents=True, exist_ok=True)
    wheel = output / "{}-{}-{}.whl".format(DISTRIBUTION, version(), tag)
    write_wheel(wheel, files, information, tag)
    size = wheel.stat().st_size
    if size > LARGEST:
        sys.exit("{}: {} bytes, at most {}".format(wheel, size, LARGEST))
    print(wheel)


if __name__ == "__main__":
    main()
