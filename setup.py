"""Builds the compiled modules. Where there is no C compiler, their sources are installed and run interpreted."""

from __future__ import annotations

import os
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

OTLP = Path("spanwise/collector/otlp")
MODULES = (
    "native.pyx",
    *("tape.py", "scan.py", "texts.py", "faults.py", "selection.py", "reading.py"),
    *("columns/writer.py", "columns/scopes.py", "columns/spans.py", "columns/maps.py", "columns/typed.py"),
)
# The scan is many small functions, which GCC would not put into each other by itself; other compilers do as they like.
# Whoever says in CFLAGS how far to optimise (the sanitizers' build does) decides.
FLAGS = [] if "-O" in os.environ.get("CFLAGS", "") else ["-O3", "--param=max-inline-insns-auto=150"]


def extension(source: Path) -> Extension:
    """One module, which the installation can do without."""
    return Extension(".".join(source.with_suffix("").parts), [str(source)], extra_compile_args=FLAGS, optional=True)


class BuildWhereItCanBe(build_ext):
    """An extension is optional where compiling it fails; that there is no compiler at all is such a failure, too."""

    def build_extension(self, ext: Extension) -> None:
        try:
            super().build_extension(ext)
        except OSError as error:
            raise CompileError(str(error)) from error


setup(
    cmdclass={"build_ext": BuildWhereItCanBe},
    ext_modules=cythonize(
        [extension(OTLP / module) for module in MODULES],
        build_dir="build",
        language_level=3,
        # Positions are checked by the code itself, against the interval that it may read.
        compiler_directives={"boundscheck": False, "wraparound": False, "cdivision": True, "initializedcheck": False},
    ),
)
