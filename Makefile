# Two commands matter to a newcomer: `make demo` and `make test`. Both install what they need first.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
# Files of tests side by side, on one control plane: six on two cores, since much of it waits.
# Our order of them (tests/conftest.py), the longest first, and not the one by their number of tests.
SIDE_BY_SIDE := -n 6 --dist loadfile --no-loadscope-reorder
# Python may keep what it compiled, whatever the shell says: the suite starts a thousand programs, and each would compile
# its modules anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install renderers demo demo-forge test quick proof control-plane check format lint types contracts bench pictures clean

install: $(STAMP)

$(STAMP): uv.lock pyproject.toml
	@echo "installing into .venv (about half a minute on a new machine) …" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --quiet --frozen --all-groups --inexact --compile-bytecode
	@touch $(STAMP)

# kustomize and Helm in the versions that everybody uses, built on first use: about two minutes each.
renderers: install
	@$(BIN)/pushboat renderers install

demo: install
	@$(BIN)/pushboat demo $(DEMO_OPTIONS)

# The same on a forge: a real Gitea, built on first use, where you comment and see it land.
demo-forge: install
	@$(BIN)/pushboat demo --forge $(DEMO_OPTIONS)

test: install control-plane
	@$(BIN)/pytest $(SIDE_BY_SIDE)

# What needs neither a control plane nor other programs of ours, for while you write. It hardly waits, and each side
# takes ten seconds to collect all tests: as many sides as cores.
quick: install
	@$(BIN)/pytest $(SIDE_BY_SIDE) -n 2 -m "not cluster and not programs and not proof"

# The long proofs, whole.
proof: install control-plane
	@$(BIN)/pytest $(SIDE_BY_SIDE) -m proof

# Built on first use: about five minutes on two cores, with progress, and seconds afterwards.
control-plane: install
	@$(BIN)/python -c "from cli.lab.devcluster import binary; binary()"

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

# What people read on a pull request, photographed from a real run; needs a Chromium.
pictures: install control-plane
	@$(BIN)/python -m tests.pictures

clean:
	rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .import_linter_cache
