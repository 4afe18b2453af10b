# Two commands matter to a newcomer: `make demo` and `make test`. Both install what they need first.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
FUZZER := .venv/.fuzzer
# Files of tests side by side, on one control plane (tests/sides.py): six on two cores, since much of it waits.
SIDE_BY_SIDE := --sides 6
# Python may keep what it compiled, whatever the shell says: the suite starts a thousand programs, and each would compile
# its modules anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install docs renderers demo demo-forge test quick proof fuzz chaos control-plane check format lint types contracts bench pictures wheel clean

install: $(STAMP)

$(STAMP): uv.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh .ci/prerequisites
	@echo "installing into .venv (about half a minute on a new machine) …" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --quiet --frozen --group dev --inexact --compile-bytecode
	@touch $(STAMP)

$(FUZZER): $(STAMP)
	@echo "installing the fuzzer (35 MB) …" >&2
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv sync --quiet --frozen --all-groups --inexact --compile-bytecode
	@touch $(FUZZER)

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

# What needs neither a control plane nor other programs of ours, nor long, for while you write. It hardly waits: as many
# sides as cores.
quick: install
	@$(BIN)/pytest --sides 2 -m "not cluster and not programs and not proof and not slow"

# The long proofs, whole.
proof: install $(FUZZER) control-plane
	@$(BIN)/pytest $(SIDE_BY_SIDE) -m proof

# Every target of tests/fuzz for FUZZ_SECONDS each, two at a time; or one TARGET; or one INPUT of it once more.
# With BUG, on the target's variant that has it.
fuzz: $(FUZZER)
	@$(BIN)/python -m tests.fuzz --seconds $(or $(FUZZ_SECONDS),20) --runs $(or $(FUZZ_RUNS),0) --seed $(or $(FUZZ_SEED),0) \
		$(if $(TARGET),--target $(TARGET)) $(if $(BUG),--bug $(BUG)) $(if $(INPUT),--input $(INPUT))

# Break everything for CHAOS_SECONDS (600) while thousands of pushes come in, on CHAOS_STORE (sqlite, or postgres with all
# processes twice): nothing may be lost. CHAOS_SEED replays the pushes and faults of a run, as far as timing allows;
# CHAOS_RATE is pushes a second, and what came of it is written to CHAOS_OUTCOME.
chaos: install control-plane
	@$(BIN)/python -m tests.chaos --seconds $(or $(CHAOS_SECONDS),600) --store $(or $(CHAOS_STORE),sqlite) \
		$(if $(CHAOS_SEED),--seed $(CHAOS_SEED)) $(if $(CHAOS_RATE),--rate $(CHAOS_RATE)) \
		$(if $(CHAOS_OUTCOME),--outcome $(CHAOS_OUTCOME))

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

# The pages of docs/ that come from the program: commands, keys, codes.
docs: install
	@$(BIN)/python -m tests.documents

# What people read on a pull request and on our pages, photographed from a real run; needs a Chromium.
pictures: install control-plane
	@$(BIN)/python -m tests.pictures

# What others install without this tree: dist/pushboat-*.whl, with devcluster's Go files and the examples in it.
wheel: install
	@rm -rf dist build
	@$(BIN)/uv build --quiet --out-dir dist
	@ls dist

clean:
	rm -rf .venv var build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache
