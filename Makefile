# Two commands matter to a newcomer: `make demo` and `make test`. Both install what they need first.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install demo test check format lint types contracts bench clean

install: $(STAMP)

$(STAMP): uv.lock pyproject.toml
	@echo "installing into .venv (about half a minute on a new machine) …" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --quiet --frozen --all-groups --inexact
	@touch $(STAMP)

demo: install
	@$(BIN)/pushboat demo $(DEMO_OPTIONS)

test: install
	@$(BIN)/pytest

check: install format lint types contracts test

format:
	@$(BIN)/ruff format --check .

lint:
	@$(BIN)/ruff check .

types:
	@$(BIN)/mypy

contracts:
	@$(BIN)/lint-imports

bench: install
	@$(BIN)/python -m tests.bench

clean:
	rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .import_linter_cache
