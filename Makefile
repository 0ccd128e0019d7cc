# Two commands on a fresh machine with python3 (3.11 or later) and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test quick lint types test-shared docs mutants benchmarks clean

demo: $(INSTALLED)
	$(BIN)/mitochem demo -o output/demo

# ruff, the type checker, then every test: unit, contract, physics, notebooks, documentation.
test: lint types
	$(BIN)/python -m pytest -n auto

quick: $(INSTALLED)
	$(BIN)/python -m pytest -n auto -m "not slow"

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

# Only what needs the reference material in ../shared; prints how many ran.
test-shared: $(INSTALLED)
	$(BIN)/python -m pytest -m shared -rs

# Pages that are generated from the models themselves.
docs: $(INSTALLED)
	$(BIN)/python docs/generate.py

# Makes every law wrong in one place at a time and counts how many such mutants are noticed (takes a while).
mutants: $(INSTALLED)
	$(BIN)/python tests/mutants.py

# Seven peers on the same models, in an environment of their own (about half an hour).
benchmarks:
	test -x build/benchmarks/bin/python || $(PYTHON) -m venv build/benchmarks
	build/benchmarks/bin/python -m pip install --quiet -e . -r docs/benchmarks/requirements.txt
	build/benchmarks/bin/python docs/benchmarks/run.py

$(INSTALLED): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $(INSTALLED)

clean:
	rm -rf $(VENV) output build dist .pytest_cache .ruff_cache .mypy_cache
