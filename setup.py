"""Builds the compiled modules. Where there is no C compiler, their sources are installed and run interpreted."""

from __future__ import annotations

import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

OTLP = Path("spanwise/collector/otlp")
MODULES = (
    "native.pyx",
    *("tape.py", "scan.py", "texts.py", "faults.py", "selection.py", "reading.py"),
    *("columns/writer.py", "columns/scopes.py", "columns/spans.py", "columns/maps.py", "columns/typed.py"),
)
# The scan is many small functions, which GCC would not put into each other by itself; other compilers do as they like.
# Whoever says in CFLAGS how far to optimise (the sanitizers' build does) decides.
FLAGS = [] if "-O" in os.environ.get("CFLAGS", "") else ["-O3", "--param=max-inline-insns-auto=150"]


def extensions() -> list[Extension]:
    """The modules, each of which the installation can do without."""
    found: list[Extension] = cythonize(
        [Extension(".".join((OTLP / module).with_suffix("").parts), [str(OTLP / module)]) for module in MODULES],
        build_dir="build",
        language_level=3,
        # Positions are checked by the code itself, against the interval that it may read.
        compiler_directives={"boundscheck": False, "wraparound": False, "cdivision": True, "initializedcheck": False},
    )
    for extension in found:  # Cython would forget it
        extension.optional = True
        extension.extra_compile_args = FLAGS
    return found


setup(ext_modules=extensions())
