# Every task of the project by name. `make` alone lists them.
# Each target installs what it needs into .venv and node_modules first, so a fresh clone needs nothing before it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

# The first Python on the machine that is new enough; say PYTHON=… to choose another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Some images forbid Python to keep what it compiled: every server and command that a test starts would compile us again.
unexport PYTHONDONTWRITEBYTECODE

# Processes that run tests side by side, a file each: one for every core. WORKERS=0 runs them in one, for a debugger.
WORKERS ?= logical

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/installed ## Run the demo district on this machine (PHONE=1: for phones on this network)
	@$(BIN)/fieldsvc demo $(if $(PHONE),--phone) $(if $(PORT),--port $(PORT)) $(if $(ADDRESS),--address $(ADDRESS))

BESIDE := -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: test-sync test-python test-js ## Run every test
test-sync: .venv/test-installed # the pure core, of which every branch must be taken
	$(BIN)/pytest $(BESIDE) --cov=sync --cov-report=term-missing:skip-covered --cov-fail-under=100 tests/sync
test-python: .venv/test-installed
	$(BIN)/pytest $(BESIDE) $(or $(ARGS),--ignore=tests/sync)
test-js: .venv/test-installed
	$(BIN)/python -m tests.support.node --test

# In minutes of one idle core: 240 walks of the district 5, seeded bugs 5, 180,000 expressions and 2,000 forms on both
# engines 4, a visit with six photos on 2G 4 (mostly waiting), fifty kills 2, every named death on PostgreSQL, with an
# object store too, and thirty power cuts 4, the stories on PostgreSQL 3, three bugs the simulator must notice 2, 200
# valleys of it 2, three machines that die 2, ten kills of a browser 1, reloads 1.
#
# One process more than cores: a phone on 2G and a machine that comes back are waited for, and leave theirs idle.
AMONG := $(or $(filter-out logical,$(WORKERS)),$(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1))))
proof: .venv/test-installed ## Run the long proofs: the district on 240 walks, fifty kills, every seeded bug
	$(BIN)/pytest -m proof -n $(AMONG) --maxprocesses 5 --dist worksteal --timeout 3600 $(ARGS)
# WALKS (times four) walks of the district, KILLS of a browser, and at last VALLEYS of the simulator, whose runs are noted
# in RECORD: the table is that of all runs in it, and what it has already is not played again.
soak: SEED := $(or $(SEED),$(shell echo $$RANDOM))
soak: .venv/test-installed ## Try what nobody has tried: WALKS=…, KILLS=…, VALLEYS=… how many, SEED=… again
	@mkdir -p build
	WALKS=$(or $(WALKS),500) KILLS=$(or $(KILLS),200) SEED=$(SEED) \
		$(BIN)/pytest -m 'proof or not proof' --hypothesis-profile=soak --hypothesis-seed=$(SEED) --timeout 0 \
		tests/machine tests/sync tests/simulation tests/faults tests/security/test_hostile_input.py $(ARGS); tests=$$?; \
	$(BIN)/python -m tests.simulation --phones 64 --steps 15 --seed $(SEED) --runs $$((($(or $(VALLEYS),2000) + 15) / 16)) \
		--record $(or $(RECORD),build/soak.jsonl) && exit $$tests
mutants: .venv/test-installed ## Seed bugs that lose work into copies of the tree: the tests must notice each
	$(BIN)/python -m tests.mutants.run

lint: .venv/test-installed ## Check style and types of Python and JavaScript
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m tests.support.node --types

bench: .venv/test-installed ## Measure bytes, intake and photos on this machine (nothing else should run on it)
	$(BIN)/python -m bench.bytes
	$(BIN)/python -m bench.ingest 1
	$(BIN)/python -m bench.ingest 20
	$(BIN)/python -m bench.postgres 20
	$(BIN)/python -m bench.photos
	$(BIN)/python -m bench.whole_visits
	$(BIN)/python -m bench.whole_visits 20
	$(BIN)/python -m bench.uploads
	$(BIN)/python -m bench.workers 20

pictures: .venv/test-installed ## Take the pictures of the documentation anew, from the demo
	$(BIN)/python docs/make_screenshots.py

format: .venv/test-installed ## Bring the Python sources into the one format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Remove what the other tasks installed and made, and keep the data of the demo
	rm -rf .venv node_modules build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; say make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/test-installed: pyproject.toml package.json tests/support/tools.py | .venv/bin/python
	$(BIN)/pip install --quiet --editable '.[test]'
	$(BIN)/python -m tests.support.tools
	@touch $@ .venv/installed

.PHONY: help demo test test-sync test-python test-js proof soak mutants lint bench pictures format clean
