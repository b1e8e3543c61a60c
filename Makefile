# The first two commands of the README, and what a developer runs beside them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-slow coverage check fix bench bench-quick bench-peers clean install clients
.DEFAULT_GOAL := test

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

install: $(VENV)/.installed

demo: install            ## a chat completion that comes back as a video, with no credential and no network
	$(BIN)/mediashim demo --output demo

clients: install         ## what tests/clients needs of PyPI and npm, in .clients/; a second time it does nothing
	$(BIN)/python -m tests.clients.install

test: clients            ## the default suite, on every core
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

test-slow: install       ## kill, soak, fuzz and browser runs, bounded
	$(BIN)/python -m pytest -m slow --timeout 900

coverage: install        ## each translator's lines and branches, by its own test file alone
	$(BIN)/python -m pytest -m slow --timeout 900 tests/test_coverage_per_module.py

bench: install           ## the product beside bare proxies, on this machine; three quarters of an hour
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m benchmarks.polling
	$(BIN)/python -m benchmarks.run --readme --peers

bench-quick: install     ## every benchmark in small: shows that they work
	$(BIN)/python -m benchmarks.run --quick

bench-peers: install     ## LiteLLM and Portkey into .bench/, for `make bench`; a second time it does nothing
	$(BIN)/python -m benchmarks.rig.peers

check: install           ## lint, types, import direction, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .clients .bench demo
