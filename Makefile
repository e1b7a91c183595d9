# make demo   set everything up, and show what the program does
# make test   the tests           make check   style, types, architecture
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo-output

.PHONY: help setup demo test test-long test-camera fuzz bench screens pictures check format clean

help:
	@echo "make setup      a virtual environment in $(VENV)/ with everything in it"
	@echo "make demo       set up and show it: the window, or without a display an annotated video"
	@echo "make test       run the tests            make test-long   also those that take minutes"
	@echo "make fuzz       damaged and hostile inputs of every kind, each for SECONDS=60"
	@echo "make test-camera  try real camera drivers in a virtual machine (root on Debian, 15 minutes)"
	@echo "make check      style, types and architecture"
	@echo "make bench      measure speed and memory"
	@echo "make screens    paint every state of every window at several sizes, to be looked at"
	@echo "make pictures   make the README's pictures of the window anew"
	@echo "make format     put the code in its standard form"
	@echo "make clean      remove what was built"

setup: $(VENV)/.complete

$(VENV)/.complete: pyproject.toml tools/system_packages.sh
	@tools/system_packages.sh run
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
		|| { echo "Python 3.11 to 3.14 is needed: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: setup
	@BIN=$(BIN) DEMO=$(DEMO) sh tools/demo.sh

test: setup
	@tools/system_packages.sh test
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

test-long: setup
	@tools/system_packages.sh test
	$(BIN)/python -m pytest -m 'long or not long' --timeout 1800

SECONDS ?= 60
FIRST ?= 0
fuzz: setup
	FUZZ_SECONDS=$(SECONDS) FUZZ_FIRST=$(FIRST) $(BIN)/python -m pytest tests/fuzz --timeout 7200

test-camera: setup
	@PYTHON=$(BIN)/python tests/camera_vm/run.sh

bench: setup
	@for file in tests/benchmarks/bench_*.py; do \
		echo "== $$file"; $(BIN)/python -m "$$(echo $${file%.py} | tr / .)" || exit 1; done

screens: setup
	$(BIN)/python -m tests.screens $(DEMO)/screens

pictures: setup
	$(BIN)/python -m tests.screens.readme docs/pictures

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m deptry video_labeler tools
	$(BIN)/python -m deptry tests --ignore DEP002,DEP004

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(DEMO) dist build .mypy_cache .pytest_cache .ruff_cache
