#!/bin/sh
# Writes the Python code of proto/ into the given directory (default: the repository, where it is committed).
# PYTHON names the interpreter of the development environment.
set -eu
cd "$(dirname "$0")/.."
python="$(command -v "${PYTHON:-python3}")"
PATH="$(dirname "$python"):$PATH"  # protoc finds its mypy plugins there
out="${1:-.}"
"$python" -m grpc_tools.protoc --proto_path=proto \
    --python_out="$out" --grpc_python_out="$out" --mypy_out="$out" --mypy_grpc_out="$out" \
    proto/spanwise/v1/*.proto
