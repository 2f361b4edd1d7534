# The course, in two commands: `make lab` for students, `make test` for everyone who changes it.
# Each target sets up what it needs in .venv, once; works with GNU make 3.81 (macOS) and newer.

VENV := .venv
PY := $(VENV)/bin/python
PORT ?=
BROWSER ?=
OUT ?= build/slides
JOBS ?= auto

LAB_OPTIONS := $(if $(PORT),--port $(PORT)) $(if $(filter none,$(BROWSER)),--no-browser)
NBVAL := --nbval --nbval-current-env --nbval-sanitize-with netlab/course/sanitize.cfg --nbval-cell-timeout 30

# Each process of a test would compile netlab anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help lab test walk slides bench lint refresh clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1  \2/p' $(MAKEFILE_LIST) | \
		while read -r make target words; do printf '  %s %-8s %s\n' "$$make" "$$target" "$$words"; done

lab: $(VENV)/.runtime ## open the course in JupyterLab (PORT=9999 BROWSER=none for a headless machine)
	@$(PY) -m netlab lab $(LAB_OPTIONS)

test: $(VENV)/.dev ## run every test, and every lesson against its stored outputs
	@$(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(NBVAL) -m 'not walk' tests lessons

walk: $(VENV)/.dev ## work through the whole course in JupyterLab, every exercise solved, by a real browser
	@$(PY) -m pytest -v -m walk tests/browser

slides: $(VENV)/.instructor ## write the decks to build/slides (or OUT=folder)
	@$(PY) -m netlab slides --out $(OUT)

bench: $(VENV)/.dev ## measure netlab against its peers
	@$(PY) tests/bench/run.py

lint: $(VENV)/.dev ## check code, types and lessons
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m netlab lint

refresh: $(VENV)/.dev ## execute the lessons and store their outputs
	@$(PY) -m netlab refresh

clean: ## remove what was built; your workspace and .venv stay
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Stamps: made again only when the packages or their versions change.
$(VENV)/.runtime: $(VENV)/.python pyproject.toml constraints.txt
	@sh .ci/install.sh $(PY) .
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml constraints.txt
	@sh .ci/install.sh $(PY) '.[dev]'
	@touch $@ $(VENV)/.runtime

$(VENV)/.instructor: $(VENV)/.python pyproject.toml constraints.txt
	@sh .ci/install.sh $(PY) '.[instructor]'
	@touch $@ $(VENV)/.runtime

$(VENV)/.python:
	@sh .ci/venv.sh $(VENV) $(PYTHON)
	@echo '$(CURDIR)' > $@

# An environment holds absolute paths: after the folder was moved, install again.
ifneq ($(CURDIR),$(shell cat $(VENV)/.python 2>/dev/null))
.PHONY: $(VENV)/.python
endif
