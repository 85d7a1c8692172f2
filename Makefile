# SPDX-License-Identifier: EUPL-1.2
# Sets itself up: every target makes its own .venv from the locked requirements and needs nothing installed by hand.

PORT ?= 8000
ROUNDS ?= 100
CHATS ?=
SEED ?=
FAULT ?=
HOSTS ?=
CLOCK ?=
REDIS ?=
TIMES ?= 50
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell command -v $(name) \
	>/dev/null 2>&1 && $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --root-user-action=ignore
NO_SKIPS := $(or $(NO_SKIPS),$(CI))
QUICK_TESTS := $(wildcard tests/unit tests/service tests/contract tests/web tests/deployment tests/architecture)
# These mostly wait for programs that have died, so two files run side by side; a flood needs the machine for itself.
STRIKING_TESTS := $(wildcard tests/drill tests/hosts)
FLOOD_TESTS := $(wildcard tests/flood)
WORKERS ?= 3
THOROUGH := $(or $(THOROUGH),$(NO_SKIPS))
FEWER := $(if $(THOROUGH),,-m "not thorough")

.PHONY: run test test-all test-quick test-js test-slow check format lock sbom release bench drill hosts deploy flood fuzz clean
.DEFAULT_GOAL := run
MAKEFLAGS += --no-print-directory

run: .venv/run.stamp
	@exec $(BIN)/jourchatt demo --port $(PORT)

# The order: what is quick and most likely to tell something comes first.
test:
	@$(MAKE) test-quick
	@$(MAKE) test-js
	@$(MAKE) test-slow
	@$(if $(THOROUGH),,echo "The longest races and the same screens once more were left out: make test-all")

# Worksteal gives each worker an equal run of tests in their order, so that most files stay whole and their servers
# start once; whoever is done takes half of what another has left, also out of the middle of a file.
# Every worker and every server of a test would else compile all that it imports, each time anew.
test-quick test-slow: export PYTHONDONTWRITEBYTECODE :=

# All that CI runs: also what is marked as thorough.
test-all:
	@$(MAKE) test THOROUGH=1

test-quick: .venv/dev.stamp
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(FEWER) $(QUICK_TESTS)

test-js:
	@if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then \
		$(MAKE) node_modules/.stamp && npm test --silent; \
	elif [ -n "$(NO_SKIPS)" ]; then \
		echo "The JavaScript tests may not be skipped here: sudo apt install nodejs npm" >&2; exit 1; \
	else \
		echo "SKIPPED the JavaScript tests: sudo apt install nodejs npm"; \
	fi

test-slow: .venv/dev.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile $(FEWER) $(STRIKING_TESTS)
	$(BIN)/python -m pytest $(FEWER) $(FLOOD_TESTS)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(FEWER) tests/browser

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.stamp
	$(BIN)/python -m bench

fuzz: .venv/dev.stamp
	FUZZ=$(TIMES) $(BIN)/python -m pytest -m fuzz $(QUICK_TESTS)

drill: .venv/dev.stamp
	$(BIN)/python -m tests.drill.drill --rounds $(ROUNDS) $(if $(CHATS),--chats $(CHATS)) $(if $(SEED),--seed $(SEED)) \
		$(foreach fault,$(FAULT),--fault $(fault))

# As root each host is a network namespace, so that wires can be cut; otherwise a loopback address.
hosts: .venv/dev.stamp
	$(BIN)/python -m tests.hosts.hosts --rounds $(ROUNDS) $(if $(CHATS),--chats $(CHATS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(HOSTS),--hosts $(HOSTS)) $(if $(CLOCK),--clock $(CLOCK)) $(if $(REDIS),--redis $(REDIS)) \
		$(foreach fault,$(FAULT),--fault $(fault))

flood: .venv/dev.stamp
	$(BIN)/python -m tests.flood.flood

# Restarts a server in order during many chats, and prints how long everybody was away.
deploy: .venv/dev.stamp
	$(BIN)/python -m tests.drill.deploy $(if $(CHATS),--chats $(CHATS)) $(if $(SEED),--seed $(SEED))

# Writes the locked requirements anew, for every platform, with hashes and without addresses.
LOCK := $(BIN)/uv pip compile pyproject.toml requirements/build.in --quiet --universal --generate-hashes --no-header \
	--no-annotate --upgrade
lock: .venv/dev.stamp
	$(LOCK) --output-file requirements/run.txt
	$(LOCK) --extra postgres --constraint requirements/run.txt --output-file requirements/postgres.txt
	$(LOCK) --extra postgres --group pyproject.toml:dev --constraint requirements/postgres.txt --output-file requirements/dev.txt

# The list of everything that others have made, for whoever must know what runs.
sbom: .venv/dev.stamp
	$(BIN)/python -m supply.sbom artefacts/sbom.json

# An archive of the last commit, with its digest: the same commit gives the same bytes.
RELEASE ?= artefacts
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
release:
	@mkdir -p $(RELEASE)
	@git archive --format=tar --prefix=jourchatt-$(VERSION)/ HEAD | gzip -9 -n > $(RELEASE)/jourchatt-$(VERSION).tar.gz
	@cd $(RELEASE) && sha256sum jourchatt-$(VERSION).tar.gz > jourchatt-$(VERSION).sha256

clean:
	rm -rf .venv node_modules artefacts .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info build

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or later is needed: sudo apt install python3" >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python cannot make a virtual environment yet: sudo apt install python3-venv" >&2; exit 1; fi
	@echo "Setting up .venv (once; a minute or so)"
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	@$(PIP) --require-hashes --requirement requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

# What a server needs besides when its database is PostgreSQL.
.venv/postgres.stamp: requirements/postgres.txt | .venv/run.stamp
	@$(PIP) --require-hashes --requirement requirements/postgres.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml | .venv/run.stamp
	@$(PIP) --require-hashes --requirement requirements/dev.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json
	@npm ci --no-audit --no-fund --ignore-scripts --silent
	@touch $@
