# Every target makes what it needs: a virtual environment in .venv with the exact versions of requirements.lock.
#
#   make run     start Spanwise with its embedded defaults
#   make demo    the whole loop in a few seconds
#   make test    lint, types and all tests
#   make scenarios   the failure scenarios in their long form, with a table at the end (about an hour)
#   make bench   every benchmark in its short form; the figures go to build/bench.jsonl
#   make proto   regenerate spanwise/v1 from proto/
#   make lock    choose the versions of requirements.lock anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check

.PHONY: run demo test scenarios lint bench proto lock clean
.DEFAULT_GOAL := test

$(VENV)/installed: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Spanwise needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements.lock names; this takes a moment the first time."
	@$(PIP) install "$$(grep '^uv==' requirements.lock)" && $(BIN)/uv pip install --quiet --python $(BIN)/python --requirement requirements.lock \
		|| $(PIP) install --requirement requirements.lock  # slower, but it knows every pip configuration
	@$(PIP) install --no-deps --editable .
	@touch $@

run: $(VENV)/installed
	@exec $(BIN)/spanwise up

demo: $(VENV)/installed
	@exec $(BIN)/spanwise demo

test: lint
	$(BIN)/python -m pytest

scenarios: $(VENV)/installed
	SPANWISE_TEST_LONG=1 $(BIN)/python -m pytest tests/scenarios

lint: $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/installed
	$(BIN)/python -m benchmarks

proto: $(VENV)/installed
	PYTHON=$(BIN)/python tools/generate_proto.sh

lock: $(VENV)/installed
	$(BIN)/uv pip compile --quiet --universal --no-header --no-emit-index-url --extra dev --upgrade \
		--output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info
