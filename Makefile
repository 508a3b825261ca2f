# Every target makes what it needs: a virtual environment in .venv with the exact versions of requirements.lock.
#
#   make run     start Spanwise with its embedded defaults
#   make demo    the whole loop in a few seconds
#   make test    lint, types and all tests
#   make scenarios   the failure scenarios in their long form, with a table at the end (about an hour)
#   make bench   every benchmark in its short form; the figures go to build/bench.jsonl
#   make fuzz    ten million hostile inputs for the scan; about a quarter of an hour on two cores
#   make sanitize    the same under the sanitizers of GCC, a million inputs
#   make golden  record again what real clients export, for the tests
#   make proto   regenerate spanwise/v1 from proto/
#   make otelcol the OpenTelemetry Collector, for the tests that use it; takes minutes, and Go
#   make lock    choose the versions of requirements.lock anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check

.PHONY: run demo test scenarios lint bench fuzz sanitize golden proto otelcol lock clean
.DEFAULT_GOAL := test

$(VENV)/installed: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Spanwise needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.lock names; this takes a moment the first time."
	@$(PIP) install "$$(grep '^uv==' requirements.lock)" && $(BIN)/uv pip install --quiet --python $(BIN)/python --requirement requirements.lock \
		|| $(PIP) install --requirement requirements.lock  # slower, but it knows every pip configuration
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Compiles again what has changed.
$(VENV)/compiled: $(VENV)/installed setup.py $(shell find spanwise/collector/otlp -name '*.py' -o -name '*.pyx' -o -name '*.pxd')
	@$(BIN)/python setup.py --quiet build_ext --inplace
	@touch $@

run: $(VENV)/compiled
	@exec $(BIN)/spanwise up

demo: $(VENV)/compiled
	@exec $(BIN)/spanwise demo

test: lint $(VENV)/compiled
	$(BIN)/python -m pytest

scenarios: $(VENV)/compiled
	SPANWISE_TEST_LONG=1 $(BIN)/python -m pytest tests/scenarios

lint: $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/compiled
	$(BIN)/python -m benchmarks

fuzz: $(VENV)/compiled
	$(BIN)/python -m tests.fuzz

sanitize: $(VENV)/installed
	$(BIN)/python -m tests.fuzz.sanitized --inputs 1000000

golden: $(VENV)/installed
	$(BIN)/python -m tests.golden.record

proto: $(VENV)/installed
	PYTHON=$(BIN)/python tools/generate_proto.sh

otelcol:
	mkdir -p build
	go run go.opentelemetry.io/collector/cmd/builder@v0.161.0 --config tests/opentelemetry_collector/builder.yaml

lock: $(VENV)/installed
	$(BIN)/uv pip compile --quiet --universal --no-header --no-emit-index-url --extra dev --upgrade \
		--output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info
