# Maieutic. The first two targets do all the set-up on a fresh machine.
VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help up test lint format bench eval fit browser curricula clean
.DEFAULT_GOAL := help

help:  ## Show these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

up: $(STAMP)  ## Install, prepare and run the tutor: pages on port 8601, service on 8600
	@$(VENV)/bin/maieutic up

test: $(DEV_STAMP) browser lint  ## Install what tests need and run them all
	@scripts/install_ocr.sh
	@$(VENV)/bin/maieutic setup
	@$(VENV)/bin/maieutic case check --all
	@$(PYTHON) -m pytest
	@$(VENV)/bin/maieutic eval gate --jobs 2

lint: $(DEV_STAMP)  ## Style, types, architecture, dependencies
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/deptry .

format: $(DEV_STAMP)  ## Mend what can be mended by machine
	@$(VENV)/bin/ruff check --fix . && $(VENV)/bin/ruff format .

bench: $(DEV_STAMP)  ## Start-up time, latency of a turn, memory
	@$(VENV)/bin/maieutic setup
	@$(PYTHON) -m evals.bench

eval: $(STAMP)  ## Run the evaluation suite
	@$(VENV)/bin/maieutic setup
	@$(VENV)/bin/maieutic eval run all

fit: $(DEV_STAMP)  ## Fit the judging heads on the labelled answers again
	@$(PYTHON) -m evals.fit_judge

browser:  ## Debian's Chromium and Chinese fonts, for the end-to-end tests
	@scripts/install_browser.sh

curricula: $(DEV_STAMP)  ## Build the PDF and DOCX curricula from their sources
	@$(PYTHON) scripts/build_curricula.py

clean:  ## Remove the environment, models, index and records (all can be made again but records)
	rm -rf $(VENV) var build *.egg-info

$(STAMP): pyproject.toml constraints.txt scripts/install.sh
	@scripts/install.sh $(VENV) . && touch $@

$(DEV_STAMP): $(STAMP)
	@scripts/install.sh $(VENV) '.[dev]' && touch $@
