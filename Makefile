# make run    make the environment, build the index, open the page on 127.0.0.1:7860
# make test   the test suite (offline, about two minutes)
# make check  lint, types and import layers
# make faults kills, full disks and damaged files, in short, and tests that wait
.PHONY: run test check faults clean

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed-$(shell cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)

run: $(STAMP)
	$(BIN)/youju serve

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

faults: $(STAMP)
	$(BIN)/python -m pytest -m slow
	$(BIN)/python tests/faults/run.py --short

$(STAMP):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "youju needs Python 3.11 or newer: make run PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --config-settings editable_mode=compat --editable '.[dev]'
	rm -f .venv/.installed-*
	touch $@

clean:
	rm -rf .venv .youju
