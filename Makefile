# Every command a person needs; `make help` lists them. All but `help` bring what they need.
STACK ?= dev
UV_VERSION := 0.13.9
UV := .uv/bin/uv
RUN := $(UV) run --frozen --no-sync
PYTEST := $(RUN) pytest --numprocesses 2 --dist loadfile
READY := .venv/.ready
# Compiled modules are half of a fast preview.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup preview policy test test-all lint format types check docs package bench up clean

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  STACK=dev|staging|prod|enterprise chooses the stack (now: $(STACK))"

$(UV):
	@python3 -m venv .uv || { echo "python3 cannot make a virtual environment: install Python 3.11 or later with venv (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@.uv/bin/pip install --quiet uv==$(UV_VERSION)

$(READY): $(UV) pyproject.toml uv.lock
	@$(UV) sync --frozen --quiet
	@touch $@

setup: $(READY) ## Install uv and the locked environment, both inside this folder

preview: $(READY) ## Show what STACK declares: offline, no account, no Pulumi CLI
	@$(RUN) python -m tools preview $(STACK)

policy: $(READY) ## Judge what STACK declares by the policy pack
	@$(RUN) python -m tools policy $(STACK)

test: $(READY) ## Run the tests, but for those marked slow
	@$(PYTEST) -m "not slow"

test-all: test ## Run every test: those, and then the slow ones
	@$(PYTEST) -m slow

lint: $(READY) ## Check style and formatting
	@$(RUN) ruff check
	@$(RUN) ruff format --check

format: $(READY) ## Mend style and formatting
	@$(RUN) ruff check --fix
	@$(RUN) ruff format

types: $(READY) ## Check types (the first run takes a minute)
	@$(RUN) mypy

check: lint types test-all ## All that CI checks

docs: $(READY) ## Write the generated documents again
	@$(RUN) python -m tools schema
	@$(RUN) python -m tools controls

package: $(READY) ## Build the function archives into build/
	@$(RUN) python -m tools package

bench: $(READY) ## Measure: ratios, not promises
	@$(RUN) python -m benchmarks

up: package ## Deploy STACK with the Pulumi CLI
	PATH="$(CURDIR)/.uv/bin:$$PATH" pulumi up --stack $(STACK)

clean: ## Remove the environment and everything built
	rm -rf .venv .uv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
