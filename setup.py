"""Builds the compiled modules. Without a C compiler the installation goes on: the same sources then run interpreted."""

from __future__ import annotations

from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

OTLP = Path("spanwise/collector/otlp")
MODULES = ("native.pyx", "tape.py", "scan.py", "texts.py", "selection.py", "columns/writer.py", "columns/spans.py", "columns/maps.py", "columns/typed.py", "reading.py", "faults.py")

extensions = [
    Extension(
        ".".join((OTLP / name).with_suffix("").parts),
        [str(OTLP / name)],
        extra_compile_args=["-O3"],
        optional=True,
    )
    for name in MODULES
]

setup(
    ext_modules=cythonize(
        extensions,
        build_dir="build",
        language_level=3,
        compiler_directives={"boundscheck": False, "wraparound": False, "cdivision": True, "initializedcheck": False},
    )
)
