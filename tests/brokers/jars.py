"""Apache Kafka's jars: fetched once into the user's cache, and checked against the checksums of `jars.sha256`."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
CHECKSUMS = HERE / "jars.sha256"
"""`sha256sum` of each jar. To change the version: change pom.xml, empty this file's cache and write it anew."""
FETCH_SECONDS = 600


class Unavailable(Exception):
    """Says what has to be installed."""


def class_path() -> str:
    """For `java -cp`. Raises `Unavailable`."""
    for program, package in {"java": "Java 17 or later", "mvn": "Apache Maven"}.items():
        if shutil.which(program) is None:
            raise Unavailable(
                f"there is no {program!r} on the path: Apache Kafka needs Java 17 or later and Apache Maven; install "
                f"{package}. Where Docker runs, most tests use a container instead, and only those that stop brokers "
                "need it"
            )
    return f"{_jars()}/*"


def _jars() -> Path:
    wanted = _checksums()
    version = hashlib.sha256(CHECKSUMS.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "spanwise" / f"kafka-{version}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:  # two runs may begin at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cache / "complete").exists():
            _fetch(cache)
            (cache / "complete").touch()
    _check(cache, wanted)
    return cache


def _fetch(directory: Path) -> None:
    options = ["--quiet", "--batch-mode", f"-DoutputDirectory={directory}", "-DincludeScope=runtime"]
    command = ["mvn", "--file", str(HERE / "pom.xml"), *options, "dependency:copy-dependencies"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False)
    if done.returncode:
        raise Unavailable(f"Apache Kafka could not be fetched from Maven Central:\n{done.stdout}{done.stderr}")


def _check(directory: Path, wanted: Mapping[str, str]) -> None:
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in directory.glob("*.jar")}
    assert found == wanted, f"{directory} does not hold what {CHECKSUMS.name} names; remove it"


def _checksums() -> Mapping[str, str]:
    lines = [line.split() for line in CHECKSUMS.read_text().splitlines()]
    return {name: checksum for checksum, name in lines}
