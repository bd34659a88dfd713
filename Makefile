.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2

help:  ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-8s %s\n", $$1, $$2}'

setup: $(STAMP)  ## create .venv with everything pinned in constraints.txt

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

demo: $(STAMP)  ## compare deltas on a built-in task, then move in a subspace they share (minutes)
	$(BIN)/python train.py experiment=demo
	$(BIN)/python train.py experiment=demo_approximate
	$(BIN)/python train.py experiment=demo_optimize

test: $(STAMP)  ## run the test suite
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --capture=no -m "not soak"

check: $(STAMP)  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP)  ## measure the grouped forward against the naive way
	$(BIN)/python -m benchmarks

soak: $(STAMP)  ## kill runs of every stage at random moments and compare with whole ones (long)
	$(BIN)/python -m pytest -m soak
	$(BIN)/python -m tests.run.soak

docs: $(STAMP)  ## build the documentation into build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

clean:  ## remove runs and caches, keep .venv
	rm -rf runs outputs multirun wandb .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

.PHONY: help setup demo test check bench docs soak clean
